// SPDX-License-Identifier: MIT OR Apache-2.0
// Changing files. Under its final name a file is never half there: it is made beside under a temporary name and
// renamed. Errors name the path in cargo's words, with the system's text as their cause. Everything opened is
// close-on-exec.
#pragma once

#include "base/file_system.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pcargo::platform {

/// Temporary names begin so, in the directory of the final one: what a killed pcargo left can be known by it.
inline constexpr std::string_view kTemporaryPrefix = ".pcargo-tmp-";

/// All of it, however often that takes. An errno, or 0.
int write_all(int descriptor, std::string_view bytes);

Result<std::string> read_file(const std::string& path);
/// nullopt if there is no such file.
Result<std::optional<std::string>> read_file_if_there(const std::string& path);

/// Of a regular file itself, at most `most_bytes` of it: a link, a FIFO, a directory or a larger file is an error and
/// not a hang.
Result<std::string> read_regular_file(const std::string& path, std::uint64_t most_bytes);

/// Replaces what was there, also a symbolic link. `mode` is what a new file gets, less the umask; one that is there
/// keeps its own.
Result<void> write_file_by_rename(const std::string& path, std::string_view contents, unsigned mode = 0666);

/// Are both one file, under two names? Symbolic links are not followed.
bool is_same_file(const std::string& a, const std::string& b);

/// Replaces what was at `to` by `head`, the whole of `from` and `tail`; the middle is copied in the kernel where it
/// can. An error when `from` has not `size` bytes.
Result<void> write_around_by_rename(
    const std::string& to, std::string_view head, const std::string& from, std::uint64_t size, std::string_view tail);

/// A file of its own at `to`, with the contents and mode of `from`.
Result<void> copy_by_rename(const std::string& from, const std::string& to);

/// Puts the file `from` at `to` as well: a hard link, or a copy with the same mode where linking does not work. Nothing
/// is done if they are one file already. What was at `to` is replaced, and whoever has it open keeps the old one.
Result<void> link_or_copy_by_rename(const std::string& from, const std::string& to);

/// Is this the name of a temporary file whose process is gone? If its number belongs to another process by now, no.
bool is_abandoned_temporary(std::string_view file_name);

/// A symbolic link at `at`, which must not be there yet.
Result<void> make_link(const std::string& target, const std::string& at);

/// Renames, to the same file system; what was at `to`, be it a directory, is replaced.
Result<void> move(const std::string& from, const std::string& to);

/// It is no error if there is none.
Result<void> remove_file(const std::string& path);

/// With all directories above it. It is no error if it is there.
Result<void> create_directories(const std::string& path);

/// A new directory in `directory`, with a name that nobody had.
Result<std::string> make_unique_directory(const std::string& directory);

/// Nothing happens if there is none, or if it is not empty.
void remove_empty_directory(const std::string& path);

/// Of the entry itself: a symbolic link is kOther, wherever it leads.
FileKind entry_kind(const std::string& path);

/// Is it a regular file, behind symbolic links if need be?
bool is_file(const std::string& path);

/// In bytes; nothing if there is no such file.
std::optional<std::uint64_t> file_size(const std::string& path);

/// What still fits into the file system at `path`, for who is not root.
struct Room {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
};
/// nullopt: it does not say.
std::optional<Room> room_left(const std::string& path);

/// What `clean` counts: directories, everything else, and the bytes of everything else.
struct TreeSize {
  std::uint64_t files = 0;
  std::uint64_t directories = 0;
  std::uint64_t bytes = 0;
};

enum class Removal { kRemove, kCountOnly };

/// Removes `path` with all below it, contents first, and follows no symbolic link. It is no error if there is none.
/// `on_entry` hears of each path before it goes.
Result<TreeSize> remove_tree(const std::string& path,
                             Removal removal = Removal::kRemove,
                             const std::function<void(const std::string& path)>& on_entry = {});

}  // namespace pcargo::platform
