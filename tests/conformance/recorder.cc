// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The recorder: preloaded into every process of a build, it writes down what the process was given, before `main` runs.
// One file a process image in $PCARGO_RECORD_DIR, written under a temporary name and renamed, so that a reader never
// sees half a record. It does not know which processes matter; harness/record.py does.
//
// Format: sections `NAME LENGTH\n` + LENGTH bytes + `\n`. `argv` and `env` hold the kernel's own NUL-separated bytes,
// `fds` an entry `NUMBER ACCESS TARGET` for each open descriptor, `status` the kernel's status text (signal masks,
// umask), `argfile` (0 or more) the path and content of an `@file` argument, NUL between them.

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

namespace {

struct Bytes {
  char* data = nullptr;
  size_t size = 0;
};

Bytes slurp(const char* path) {
  Bytes bytes;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return bytes;
  }
  size_t capacity = 0;
  for (;;) {
    if (bytes.size + 1 >= capacity) {
      capacity = capacity == 0 ? 16384 : capacity * 2;
      char* grown = static_cast<char*>(realloc(bytes.data, capacity));
      if (grown == nullptr) {
        break;
      }
      bytes.data = grown;
    }
    const ssize_t got = read(fd, bytes.data + bytes.size, capacity - bytes.size - 1);
    if (got <= 0) {
      break;
    }
    bytes.size += static_cast<size_t>(got);
  }
  close(fd);
  if (bytes.data != nullptr) {
    bytes.data[bytes.size] = '\0';
  }
  return bytes;
}

bool write_all(int fd, const char* data, size_t size) {
  while (size > 0) {
    const ssize_t put = write(fd, data, size);
    if (put <= 0) {
      return false;
    }
    data += put;
    size -= static_cast<size_t>(put);
  }
  return true;
}

bool write_section(int fd, const char* name, const char* data, size_t size) {
  char head[64];
  const int length = snprintf(head, sizeof head, "%s %zu\n", name, size);
  return length > 0 && write_all(fd, head, static_cast<size_t>(length)) && write_all(fd, data, size) &&
         write_all(fd, "\n", 1);
}

// Every open descriptor but the one that lists them.
bool write_descriptors(int record) {
  DIR* listing = opendir("/proc/self/fd");
  if (listing == nullptr) {
    return false;
  }
  char text[65536];
  size_t size = 0;
  while (const struct dirent* entry = readdir(listing)) {
    const int fd = atoi(entry->d_name);
    if (entry->d_name[0] == '.' || fd == dirfd(listing) || fd == record) {
      continue;
    }
    char target[PATH_MAX];
    const ssize_t length = readlinkat(dirfd(listing), entry->d_name, target, sizeof target);
    const int flags = fcntl(fd, F_GETFL);
    if (length < 0 || flags < 0 || size + PATH_MAX + 32 > sizeof text) {
      continue;
    }
    const int access = flags & O_ACCMODE;
    const char* mode = access == O_RDONLY ? "r" : access == O_WRONLY ? "w" : "rw";
    const char* waits = (flags & O_NONBLOCK) != 0 ? "n" : "";
    size += static_cast<size_t>(
        snprintf(text + size, sizeof text - size, "%d %s%s %.*s", fd, mode, waits, static_cast<int>(length), target));
    text[size++] = '\0';
  }
  closedir(listing);
  return write_section(record, "fds", text, size);
}

bool write_argument_files(int fd, const Bytes& argv) {
  for (size_t at = 0; at < argv.size; at += strlen(argv.data + at) + 1) {
    const char* argument = argv.data + at;
    if (argument[0] != '@') {
      continue;
    }
    const Bytes content = slurp(argument + 1);
    if (content.data == nullptr) {
      continue;
    }
    const size_t name_size = strlen(argument) + 1;
    char* joined = static_cast<char*>(malloc(name_size + content.size));
    if (joined == nullptr) {
      return false;
    }
    memcpy(joined, argument, name_size);
    memcpy(joined + name_size, content.data, content.size);
    const bool good = write_section(fd, "argfile", joined, name_size + content.size);
    free(joined);
    free(content.data);
    if (!good) {
      return false;
    }
  }
  return true;
}

// A record that cannot be written must not go unseen: the harness would compare less than it says.
[[noreturn]] void give_up(const char* what) {
  fprintf(stderr, "pcargo recorder: cannot record this process: %s\n", what);
  abort();
}

__attribute__((constructor)) void record_this_process() {
  const char* directory = getenv("PCARGO_RECORD_DIR");
  if (directory == nullptr || directory[0] == '\0') {
    return;
  }
  struct timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  char temporary[PATH_MAX];
  char final_name[PATH_MAX];
  const long pid = static_cast<long>(getpid());
  const long long stamp = static_cast<long long>(now.tv_sec) * 1000000000LL + now.tv_nsec;
  snprintf(temporary, sizeof temporary, "%s/.%ld.%lld", directory, pid, stamp);
  snprintf(final_name, sizeof final_name, "%s/%lld.%ld", directory, stamp, pid);

  const int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) {
    give_up(temporary);
  }
  char exe[PATH_MAX];
  char cwd[PATH_MAX];
  char ids[64];
  const ssize_t exe_size = readlink("/proc/self/exe", exe, sizeof exe);
  if (exe_size < 0 || getcwd(cwd, sizeof cwd) == nullptr) {
    give_up("exe or cwd");
  }
  const int ids_size = snprintf(ids, sizeof ids, "%ld %ld", pid, static_cast<long>(getppid()));
  const Bytes argv = slurp("/proc/self/cmdline");
  const Bytes env = slurp("/proc/self/environ");
  const Bytes status = slurp("/proc/self/status");
  if (argv.data == nullptr || env.data == nullptr || status.data == nullptr || ids_size <= 0) {
    give_up("argv or environment");
  }
  const bool written = write_section(fd, "ids", ids, static_cast<size_t>(ids_size)) &&
                       write_section(fd, "exe", exe, static_cast<size_t>(exe_size)) &&
                       write_section(fd, "cwd", cwd, strlen(cwd)) && write_section(fd, "argv", argv.data, argv.size) &&
                       write_section(fd, "env", env.data, env.size) &&
                       write_section(fd, "status", status.data, status.size) && write_descriptors(fd) &&
                       write_argument_files(fd, argv) && write_all(fd, "end 0\n\n", 7);
  close(fd);
  free(argv.data);
  free(env.data);
  free(status.data);
  if (!written || rename(temporary, final_name) != 0) {
    give_up(final_name);
  }
}

}  // namespace
