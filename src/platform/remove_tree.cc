// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/path.h"
#include "platform/files.h"
#include "platform/os_error.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

namespace pcargo::platform {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

/// Goes down by descriptors and never by a path: a directory that becomes a link meanwhile leads nowhere.
class Remover {
 public:
  Remover(Removal removal, const std::function<void(const std::string&)>& on_entry)
      : removal_(removal), on_entry_(on_entry) {}

  Result<void> remove(int above, const std::string& name, const std::string& path);
  const TreeSize& size() const { return size_; }

 private:
  Result<void> remove_contents(int above, const std::string& name, const std::string& path);
  Result<void> unlink(int above, const std::string& name, const std::string& path, int flags);

  Removal removal_;
  const std::function<void(const std::string&)>& on_entry_;
  TreeSize size_;
};

Result<void> Remover::remove(int above, const std::string& name, const std::string& path) {
  struct stat about {};
  if (::fstatat(above, name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? Result<void>() : os_error(errno, "cannot access " + path);
  }
  if (S_ISDIR(about.st_mode)) {
    PCARGO_TRY(remove_contents(above, name, path));
    ++size_.directories;
    return unlink(above, name, path, AT_REMOVEDIR);
  }
  ++size_.files;
  size_.bytes += static_cast<std::uint64_t>(about.st_size);
  return unlink(above, name, path, 0);
}

Result<void> Remover::remove_contents(int above, const std::string& name, const std::string& path) {
  const int descriptor = ::openat(above, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  const Directory directory(descriptor < 0 ? nullptr : ::fdopendir(descriptor));
  if (!directory) {
    return os_error(errno, "failed to read directory `" + path + "`");
  }
  // Names first: what readdir gives while entries vanish is anybody's guess.
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string entry_name = entry->d_name;
    if (entry_name != "." && entry_name != "..") {
      names.push_back(entry_name);
    }
  }
  for (const std::string& entry_name : names) {
    PCARGO_TRY(remove(::dirfd(directory.get()), entry_name, path::join(path, entry_name)));
  }
  return {};
}

Result<void> Remover::unlink(int above, const std::string& name, const std::string& path, int flags) {
  if (on_entry_) {
    on_entry_(path);
  }
  if (removal_ == Removal::kRemove && ::unlinkat(above, name.c_str(), flags) != 0 && errno != ENOENT) {
    return os_error(errno, std::string("failed to remove ") + (flags == 0 ? "file" : "directory") + " `" + path + "`");
  }
  return {};
}

}  // namespace

Result<TreeSize> remove_tree(const std::string& path,
                             Removal removal,
                             const std::function<void(const std::string& path)>& on_entry) {
  Remover remover(removal, on_entry);
  PCARGO_TRY(remover.remove(AT_FDCWD, path, path));
  return remover.size();
}

}  // namespace pcargo::platform
