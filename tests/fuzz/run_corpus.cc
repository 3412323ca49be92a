// SPDX-License-Identifier: MIT OR Apache-2.0
// In place of libFuzzer: feeds each file, cut off after every byte and with every byte changed once. Needs no Clang.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void feed(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

/// One of them in the place of each byte of a seed, in turn.
constexpr char kBytes[] = {'\0', '"', '9', '{', '\xff'};

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::string seed{std::istreambuf_iterator<char>(file), {}};
    if (!file || seed.empty()) {
      std::fprintf(stderr, "%s: not there, or empty\n", argv[i]);
      return 1;
    }
    feed(seed);
    for (std::size_t length = 0; length < seed.size(); ++length) {
      feed(seed.substr(0, length));
      std::string changed = seed;
      changed[length] = kBytes[length % sizeof kBytes];
      feed(changed);
    }
    std::printf("%s: %zu bytes\n", argv[i], seed.size());
  }
  return argc > 1 ? 0 : 1;
}
