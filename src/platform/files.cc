// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/files.h"

#include "base/path.h"
#include "platform/descriptor.h"
#include "platform/os_error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <utility>

namespace pcargo::platform {
namespace {

constexpr unsigned kModeBits = 07777;

std::string quoted(const std::string& path) {
  return "`" + path + "`";
}

/// A name beside `path` that nobody else takes.
std::string temporary_beside(const std::string& path) {
  static std::atomic<unsigned> counter = 0;
  const std::string name =
      std::string(kTemporaryPrefix) + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1));
  return path::join(path::parent(path), name);
}

int rename_over(const std::string& from, const std::string& to) {
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

/// The same for a large file in place of another. ext4 begins to write a file out when it is renamed over another
/// (auto_da_alloc), and the build waits for that. It does not when the two change places.
int exchange_with(const std::string& from, const std::string& to) {
  struct stat there {};
  const bool is_file = ::lstat(to.c_str(), &there) == 0 && S_ISREG(there.st_mode);
  if (!is_file || ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) != 0) {
    return rename_over(from, to);
  }
  ::unlink(from.c_str());
  return 0;
}

/// Makes a file under a temporary name; what `make` left under it is gone when it or the renaming fails.
/// `make` and `put`, which gives the file its name, return an errno, or 0.
template <class Make>
int make_by_rename(const std::string& path,
                   Make make,
                   int (*put)(const std::string&, const std::string&) = rename_over) {
  const std::string temporary = temporary_beside(path);
  ::unlink(temporary.c_str());  // of a killed process with our number
  int error = make(temporary);
  if (error == 0) {
    error = put(temporary, path);
  }
  if (error != 0) {
    ::unlink(temporary.c_str());
  }
  return error;
}

/// All that is left of `from`, to where `to` stands. Gives an errno, or 0; counts into `copied`.
int append(int to, int from, std::uint64_t* copied) {
  constexpr std::size_t kMost = std::size_t{1} << 30;
  for (;;) {
    const ssize_t count = ::copy_file_range(from, nullptr, to, nullptr, kMost, 0);
    if (count == 0) {
      break;  // the end, or a file system that has it in a wrong way: reading tells
    }
    if (count > 0) {
      *copied += static_cast<std::uint64_t>(count);
    } else if (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP) {
      break;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  std::string buffer(std::size_t{64} * 1024, '\0');
  for (;;) {
    const ssize_t count = ::read(from, buffer.data(), buffer.size());
    if (count == 0 || (count < 0 && errno != EINTR)) {
      return count == 0 ? 0 : errno;
    }
    const auto bytes = std::string_view(buffer).substr(0, count < 0 ? 0 : static_cast<std::size_t>(count));
    if (const int failed = write_all(to, bytes); failed != 0) {
      return failed;
    }
    *copied += bytes.size();
  }
}

int copy(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::copy_file(from, to, error);
  return error.value();
}

int link_or_copy(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0) {
    return 0;
  }
  if (errno == ENOENT) {
    return errno;
  }
  // Another file system, one without hard links, too many links, or a file that is not ours (protected_hardlinks).
  return copy(from, to);
}

/// `about`: of this file.
Result<std::string> read_all(const Descriptor& file, const struct stat& about, const std::string& path) {
  // The size is a hint: files in /proc say 0, and a file may grow.
  constexpr std::size_t kLeast = 4096;
  std::string contents;
  std::size_t length = 0;
  contents.resize(std::max(kLeast, static_cast<std::size_t>(about.st_size) + 1));
  while (true) {
    if (length == contents.size()) {
      contents.resize(contents.size() * 2);
    }
    const ssize_t count = ::read(file.get(), contents.data() + length, contents.size() - length);
    if (count < 0 && errno != EINTR) {
      return os_error(errno, "failed to read " + quoted(path));
    }
    if (count == 0) {
      break;
    }
    length += count < 0 ? 0 : static_cast<std::size_t>(count);
  }
  contents.resize(length);
  return contents;
}

/// The contents of an opened file, or why it could not be opened.
Result<std::string> read_opened(const Descriptor& file, const std::string& path) {
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0) {
    return os_error(errno, "failed to read " + quoted(path));
  }
  return read_all(file, about, path);
}

}  // namespace

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) {
      return errno;
    }
    bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
  return 0;
}

Result<std::string> read_file(const std::string& path) {
  return read_opened(Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), path);
}

Result<std::optional<std::string>> read_file_if_there(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) {
    return std::optional<std::string>();
  }
  PCARGO_ASSIGN(std::string contents, read_opened(file, path));
  return std::optional(std::move(contents));
}

Result<std::string> read_regular_file(const std::string& path, std::uint64_t most_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC));
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0) {
    return os_error(errno, "failed to read " + quoted(path));
  }
  if (!S_ISREG(about.st_mode) || static_cast<std::uint64_t>(about.st_size) > most_bytes) {
    return os_error(S_ISREG(about.st_mode) ? EFBIG : EINVAL, "failed to read " + quoted(path));
  }
  return read_all(file, about, path);
}

Result<void> write_file_by_rename(const std::string& path, std::string_view contents, unsigned mode) {
  struct stat before {};
  const bool keeps_mode = ::lstat(path.c_str(), &before) == 0 && S_ISREG(before.st_mode);
  const int error = make_by_rename(path, [&](const std::string& temporary) {
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file || (keeps_mode && ::fchmod(file.get(), before.st_mode & kModeBits) != 0)) {
      return errno;
    }
    if (const int failed = write_all(file.get(), contents); failed != 0) {
      return failed;
    }
    // Some file systems tell only now that they are full.
    return ::close(file.release()) == 0 || errno == EINTR ? 0 : errno;
  });
  return error == 0 ? Result<void>() : os_error(error, "failed to write " + quoted(path));
}

Result<void> write_around_by_rename(
    const std::string& to, std::string_view head, const std::string& from, std::uint64_t size, std::string_view tail) {
  const int error = make_by_rename(to, [&](const std::string& temporary) {
    const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    constexpr mode_t kMode = 0666;
    Descriptor file(source ? ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode) : -1);
    if (!file) {
      return errno;
    }
    std::uint64_t copied = 0;
    int failed = write_all(file.get(), head);
    failed = failed != 0 ? failed : append(file.get(), source.get(), &copied);
    failed = failed != 0 ? failed : copied != size ? ESTALE : write_all(file.get(), tail);
    if (failed != 0) {
      return failed;
    }
    return ::close(file.release()) == 0 || errno == EINTR ? 0 : errno;
  });
  return error == 0 ? Result<void>() : os_error(error, "failed to copy " + quoted(from) + " into " + quoted(to));
}

bool is_same_file(const std::string& a, const std::string& b) {
  struct stat about_a {};
  struct stat about_b {};
  // Links are looked at themselves: a link is what would be replaced, not what it leads to.
  return ::lstat(a.c_str(), &about_a) == 0 && ::lstat(b.c_str(), &about_b) == 0 && about_a.st_dev == about_b.st_dev &&
         about_a.st_ino == about_b.st_ino;
}

Result<void> copy_by_rename(const std::string& from, const std::string& to) {
  const int error = make_by_rename(to, [&](const std::string& temporary) { return copy(from, temporary); });
  return error == 0 ? Result<void>() : os_error(error, "failed to copy " + quoted(from) + " to " + quoted(to));
}

Result<void> link_or_copy_by_rename(const std::string& from, const std::string& to) {
  if (is_same_file(from, to)) {
    return {};
  }
  const auto make = [&](const std::string& temporary) { return link_or_copy(from, temporary); };
  const int error = make_by_rename(to, make, exchange_with);
  return error == 0 ? Result<void>() : os_error(error, "failed to link or copy " + quoted(from) + " to " + quoted(to));
}

bool is_abandoned_temporary(std::string_view file_name) {
  if (!file_name.starts_with(kTemporaryPrefix)) {
    return false;
  }
  file_name.remove_prefix(kTemporaryPrefix.size());
  pid_t owner = 0;
  const auto [end, error] = std::from_chars(file_name.data(), file_name.data() + file_name.size(), owner);
  return error != std::errc() || owner <= 0 || (::kill(owner, 0) != 0 && errno == ESRCH);
}

Result<void> make_link(const std::string& target, const std::string& at) {
  if (::symlink(target.c_str(), at.c_str()) != 0) {
    return os_error(errno, "failed to make the link `" + at + "`");
  }
  return {};
}

Result<void> move(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) {
    return {};
  }
  if (errno == EISDIR || errno == ENOTDIR || errno == ENOTEMPTY || errno == EEXIST) {
    PCARGO_TRY(remove_tree(to));
    if (::rename(from.c_str(), to.c_str()) == 0) {
      return {};
    }
  }
  return os_error(errno, "failed to rename " + quoted(from) + " to " + quoted(to));
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    return os_error(errno, "failed to remove file " + quoted(path));
  }
  return {};
}

Result<void> create_directories(const std::string& path) {
  if (path.empty() || ::mkdir(path.c_str(), 0777) == 0) {
    return {};
  }
  int error = errno;
  const std::string above(path::parent(path));
  if (error == ENOENT && above != path) {
    PCARGO_TRY(create_directories(above));
    error = ::mkdir(path.c_str(), 0777) == 0 ? 0 : errno;
  }
  struct stat about {};
  // Somebody else may have been faster; a parent may be read-only although the directory is there.
  if (error == 0 || (::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode))) {
    return {};
  }
  return os_error(error, "failed to create directory " + quoted(path));
}

Result<std::string> make_unique_directory(const std::string& directory) {
  std::string path = path::join(directory, "XXXXXX");
  if (::mkdtemp(path.data()) == nullptr) {
    return os_error(errno, "failed to create a directory in " + quoted(directory));
  }
  return path;
}

void remove_empty_directory(const std::string& path) {
  ::rmdir(path.c_str());
}

FileKind entry_kind(const std::string& path) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) {
    return FileKind::kNone;
  }
  return S_ISREG(about.st_mode) ? FileKind::kFile : S_ISDIR(about.st_mode) ? FileKind::kDirectory : FileKind::kOther;
}

bool is_file(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode);
}

std::optional<Room> room_left(const std::string& path) {
  struct statvfs about {};
  if (::statvfs(path.c_str(), &about) != 0 || about.f_blocks == 0) {
    return std::nullopt;
  }
  // Some file systems (btrfs) count no inodes: then both are 0.
  const std::uint64_t files = about.f_files == 0 ? std::numeric_limits<std::uint64_t>::max() : about.f_favail;
  return Room{std::uint64_t{about.f_bavail} * about.f_frsize, files};
}

std::optional<std::uint64_t> file_size(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(about.st_size);
}

}  // namespace pcargo::platform
