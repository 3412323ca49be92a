// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/sha256.h"

#include "base/check.h"
#include "platform/os_error.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace pcargo::platform {
namespace {

/// Found once. Without OpenSSL's configuration file: it takes half a millisecond to read, and a broken one would break
/// us too. Without its clean-up at exit: there is nothing in it that outlives a process.
const EVP_MD* algorithm() {
  static const EVP_MD* const kSha256 = [] {
    PCARGO_CHECK(::OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr) == 1);
    return ::EVP_MD_fetch(nullptr, "SHA256", nullptr);
  }();
  PCARGO_CHECK(kSha256 != nullptr);
  return kSha256;
}

}  // namespace

struct Sha256::Context {
  EVP_MD_CTX* openssl = ::EVP_MD_CTX_new();

  Context() { PCARGO_CHECK(openssl != nullptr && ::EVP_DigestInit_ex2(openssl, algorithm(), nullptr) == 1); }
  ~Context() { ::EVP_MD_CTX_free(openssl); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  PCARGO_CHECK(::EVP_DigestUpdate(context_->openssl, bytes.data(), bytes.size()) == 1);
}

void Sha256::update_field(std::string_view field) {
  std::uint64_t size = field.size();
  char length[8];
  for (char& byte : length) {
    byte = static_cast<char>(size & 0xff);
    size >>= 8;
  }
  update(std::string_view(length, sizeof length));
  update(field);
}

Digest Sha256::finish() {
  PCARGO_CHECK(context_ != nullptr);
  Digest digest;
  unsigned length = 0;
  PCARGO_CHECK(::EVP_DigestFinal_ex(context_->openssl, digest.bytes.data(), &length) == 1);
  PCARGO_CHECK(length == digest.bytes.size());
  context_.reset();
  return digest;
}

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

int sha256_of_file(const Descriptor& file, Digest& digest) {
  return sha256_of_range(file, 0, std::numeric_limits<std::uint64_t>::max(), digest);
}

int sha256_of_range(const Descriptor& file, std::uint64_t begin, std::uint64_t size, Digest& digest) {
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0) {
    return errno;
  }
  if (!S_ISREG(about.st_mode)) {
    return S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
  }
  constexpr std::uint64_t kAtOnce = std::uint64_t{64} * 1024;
  char buffer[kAtOnce];
  Sha256 hash;
  for (std::uint64_t done = 0; done < size;) {
    const auto wanted = static_cast<std::size_t>(std::min(kAtOnce, size - done));
    const ssize_t count = ::pread(file.get(), buffer, wanted, static_cast<off_t>(begin + done));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return errno;
    }
    if (count == 0) {
      break;
    }
    hash.update({buffer, static_cast<std::size_t>(count)});
    done += static_cast<std::uint64_t>(count);
  }
  digest = hash.finish();
  return 0;
}

Descriptor open_to_hash(const std::string& path, Links links) {
  const int follow = links == Links::kFollow ? 0 : O_NOFOLLOW;
  return Descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | follow));
}

Result<Digest> sha256_of_file(const std::string& path) {
  Digest digest;
  if (const int error = sha256_of_file(open_to_hash(path, Links::kFollow), digest); error != 0) {
    return os_error(error, "failed to read `" + path + "`");
  }
  return digest;
}

}  // namespace pcargo::platform
