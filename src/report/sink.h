// SPDX-License-Identifier: MIT OR Apache-2.0
// Where finished bytes go: a descriptor, or a string in a test. Knows nothing of colour or lines.
#pragma once

#include <string_view>

namespace pcargo::report {

class Sink {
 public:
  virtual ~Sink() = default;

  /// Takes all of `bytes` or gives up for good; never fails loudly.
  virtual void write(std::string_view bytes) = 0;

  /// Nobody reads any more, or the device is full: everything written from now on is dropped.
  virtual bool is_broken() const { return false; }
};

/// Writes to a descriptor it does not own, one write(2) for each call where the system takes it whole. Waits where a
/// non-blocking descriptor is full. The process must ignore SIGPIPE.
class DescriptorSink final : public Sink {
 public:
  explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}

  void write(std::string_view bytes) override;
  bool is_broken() const override { return broken_; }

 private:
  int descriptor_;
  bool broken_ = false;
};

}  // namespace pcargo::report
