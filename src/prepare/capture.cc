// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/capture.h"

#include <utility>

namespace pcargo::prepare {

Result<std::unique_ptr<Capture>> Capture::start(platform::EventLoop& loop,
                                                const platform::SpawnOptions& options,
                                                Done done) {
  std::unique_ptr<Capture> capture(new Capture(std::move(done)));
  Capture* self = capture.get();
  platform::ChildProcess::Callbacks callbacks;
  callbacks.on_stdout = [self](std::string_view bytes) { self->completed_.out += bytes; };
  callbacks.on_stderr = [self](std::string_view bytes) { self->completed_.err += bytes; };
  callbacks.on_over = [self](const platform::ExitStatus& status, bool) {
    self->completed_.status = status;
    Done done = std::move(self->done_);  // it may destroy us
    done(std::move(self->completed_));
  };
  auto child = platform::ChildProcess::spawn(loop, options, std::move(callbacks));
  if (!child) {
    return std::move(child).error();
  }
  capture->child_ = *std::move(child);
  return capture;
}

}  // namespace pcargo::prepare
