// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/git_ignore.h"

#include "base/path.h"
#include "platform/files.h"
#include "platform/real_path.h"

#include <dlfcn.h>
#ifdef PCARGO_LIBGIT2
#include <git2.h>
#endif

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::platform {

#ifdef PCARGO_LIBGIT2

namespace {

/// The functions we use, of the library that the header belongs to.
class Library {
 public:
  /// Null: there is none on this machine.
  static const Library* get() {
    static const Library library;
    return library.is_whole_ ? &library : nullptr;
  }

  decltype(&git_libgit2_init) init = nullptr;
  decltype(&git_repository_open_ext) repository_open = nullptr;
  decltype(&git_repository_workdir) repository_workdir = nullptr;
  decltype(&git_repository_index) repository_index = nullptr;
  decltype(&git_repository_free) repository_free = nullptr;
  decltype(&git_index_find) index_find = nullptr;
  decltype(&git_index_find_prefix) index_find_prefix = nullptr;
  decltype(&git_index_free) index_free = nullptr;
  decltype(&git_ignore_path_is_ignored) is_ignored = nullptr;

 private:
  // Never unloaded.
  Library() : handle_(::dlopen(PCARGO_LIBGIT2, RTLD_LAZY | RTLD_LOCAL)) {
    is_whole_ = handle_ != nullptr && find("git_libgit2_init", &init) &&
                find("git_repository_open_ext", &repository_open) &&
                find("git_repository_workdir", &repository_workdir) &&
                find("git_repository_index", &repository_index) && find("git_repository_free", &repository_free) &&
                find("git_index_find", &index_find) && find("git_index_find_prefix", &index_find_prefix) &&
                find("git_index_free", &index_free) && find("git_ignore_path_is_ignored", &is_ignored) && init() >= 0;
  }

  template <class Function>
  bool find(const char* name, Function* function) {
    *function = reinterpret_cast<Function>(::dlsym(handle_, name));
    return *function != nullptr;
  }

  void* handle_;
  bool is_whole_ = false;
};

/// One repository, its work tree and its index.
class Repository {
 public:
  /// `error`: libgit2's, when there is none to use.
  static std::optional<Repository> open(const Library& git, const std::string& directory, unsigned flags, int* error) {
    Repository opened(git);
    *error = git.repository_open(&opened.repository_, directory.c_str(), flags, nullptr);
    if (*error != 0) {
      return std::nullopt;
    }
    const char* work_tree = git.repository_workdir(opened.repository_);
    *error = work_tree == nullptr ? GIT_EBAREREPO : git.repository_index(&opened.index_, opened.repository_);
    if (*error != 0) {
      return std::nullopt;
    }
    opened.root_ = path::normalize(real_path(work_tree));
    return opened;
  }

  Repository(Repository&& other) noexcept
      : git_(other.git_),
        repository_(std::exchange(other.repository_, nullptr)),
        index_(std::exchange(other.index_, nullptr)),
        root_(std::move(other.root_)) {}
  Repository& operator=(Repository&&) = delete;
  ~Repository() {
    git_.index_free(index_);
    git_.repository_free(repository_);
  }

  /// Paths are real ones, below root().
  bool tracks(const std::string& path, bool is_directory) const {
    const std::string name = relative(path);
    return is_directory ? git_.index_find_prefix(nullptr, index_, (name + "/").c_str()) == 0
                        : git_.index_find(nullptr, index_, name.c_str()) == 0;
  }
  bool ignores(const std::string& path, bool is_directory) const {
    int ignored = 0;
    const std::string name = relative(path) + (is_directory ? "/" : "");
    return git_.is_ignored(&ignored, repository_, name.c_str()) == 0 && ignored != 0;
  }
  const std::string& root() const { return root_; }

 private:
  explicit Repository(const Library& git) : git_(git) {}
  std::string relative(const std::string& path) const {
    return std::string(path::strip_prefix(path, root_).value_or(path));
  }

  const Library& git_;
  git_repository* repository_ = nullptr;
  git_index* index_ = nullptr;
  std::string root_;
};

}  // namespace

class GitIgnore::Impl {
 public:
  Impl(const std::string& directory, const std::string& name) : directory_(directory), real_(real_path(directory)) {
    git_ = Library::get();
    if (git_ == nullptr) {
      return;
    }
    int error = 0;
    auto repository = Repository::open(*git_, real_, 0, &error);
    if (!repository) {
      answer_ = error == GIT_ENOTFOUND ? Answer::kNoRepository : Answer::kUnknown;
    } else if (!path::is_within(real_, repository->root()) || !repository->tracks(path::join(real_, name), false)) {
      answer_ = Answer::kNoRepository;
    } else {
      answer_ = Answer::kRules;
      const std::string root = repository->root();
      rules_.push_back({root, std::move(repository)});
    }
  }

  Answer answer() const { return answer_; }

  bool leaves_out(const std::string& path, bool is_directory) {
    const auto below = path::strip_prefix(path, directory_);
    if (answer_ != Answer::kRules || !below) {
      return false;
    }
    if (path::file_name(path) == ".git") {
      return true;
    }
    const std::string real = path::join(real_, *below);
    const auto& repository = rules_for(real);
    if (repository && repository->ignores(real, is_directory) && !repository->tracks(real, is_directory)) {
      return true;
    }
    if (is_directory && entry_kind(path::join(real, ".git")) != FileKind::kNone) {
      int error = 0;
      rules_.push_back({real, Repository::open(*git_, real, GIT_REPOSITORY_OPEN_NO_SEARCH, &error)});
    }
    return false;
  }

 private:
  struct Rules {
    std::string root;
    std::optional<Repository> repository;  ///< nullopt: one that cannot be read; nothing in it is left out
  };

  const std::optional<Repository>& rules_for(const std::string& real) const {
    const Rules* deepest = &rules_.front();
    for (const auto& rules : rules_) {
      if (path::is_within(real, rules.root) && real != rules.root && rules.root.size() > deepest->root.size()) {
        deepest = &rules;
      }
    }
    return deepest->repository;
  }

  std::string directory_;
  std::string real_;
  const Library* git_ = nullptr;
  Answer answer_ = Answer::kUnknown;
  std::vector<Rules> rules_;
};

#else

class GitIgnore::Impl {
 public:
  Impl(const std::string& /*directory*/, const std::string& /*name*/) {}
  Answer answer() const { return Answer::kUnknown; }
  bool leaves_out(const std::string& /*path*/, bool /*is_directory*/) { return false; }
};

#endif

GitIgnore::GitIgnore(const std::string& directory, const std::string& name)
    : impl_(std::make_unique<Impl>(directory, name)) {}
GitIgnore::~GitIgnore() = default;

GitIgnore::Answer GitIgnore::answer() const {
  return impl_->answer();
}

bool GitIgnore::leaves_out(const std::string& path, bool is_directory) {
  return impl_->leaves_out(path, is_directory);
}

}  // namespace pcargo::platform
