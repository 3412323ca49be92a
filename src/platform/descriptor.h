// SPDX-License-Identifier: MIT OR Apache-2.0
// A file descriptor with an owner. Everything this program opens is close-on-exec; children get what they are given.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace pcargo::platform {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }

  explicit operator bool() const { return number_ >= 0; }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void reset();

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

/// A real pipe (a child may open /dev/stdout on it), both ends blocking and close-on-exec.
Result<Pipe> make_pipe();

/// On the open file description: everybody who shares it sees the change.
Result<void> set_nonblocking(int descriptor);

enum class Access { kRead, kWrite, kBoth };

/// Is this number an open pipe or fifo that may be used so?
bool is_open_pipe(int descriptor, Access access);

/// The same pipe through an open file description of our own, which is nonblocking: the shared one keeps its flags.
Result<Descriptor> reopen_pipe(int descriptor, Access access);

/// A named fifo, nonblocking, for reading and writing: opening it waits for nobody. Anything but a fifo is an error.
Result<Descriptor> open_fifo(const std::string& path);

/// What can be read from or written to a nonblocking descriptor now: how many bytes it was, 0 when nothing goes.
std::size_t read_available(int descriptor, char* buffer, std::size_t size);
std::size_t write_available(int descriptor, std::string_view bytes);

}  // namespace pcargo::platform
