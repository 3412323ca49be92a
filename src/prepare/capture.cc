// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/capture.h"

#include <cstdio>
#include <utility>

namespace pcargo::prepare {

Result<std::unique_ptr<Capture>> Capture::start(platform::EventLoop& loop,
                                                const platform::SpawnOptions& options,
                                                Done done,
                                                Stderr standard_error) {
  std::unique_ptr<Capture> capture(new Capture(std::move(done)));
  Capture* self = capture.get();
  platform::ChildProcess::Callbacks callbacks;
  callbacks.on_stdout = [self](std::string_view bytes) { self->completed_.out += bytes; };
  callbacks.on_stderr = [self, standard_error](std::string_view bytes) {
    self->completed_.err += bytes;
    if (standard_error == Stderr::kCollectAndShow) {
      std::fwrite(bytes.data(), 1, bytes.size(), stderr);
      std::fflush(stderr);
    }
  };
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

Result<std::unique_ptr<Capture>> Capture::ask(platform::EventLoop& loop,
                                              const platform::SpawnOptions& options,
                                              Answers* answers,
                                              Done done) {
  const Question question = question_of(options);
  if (auto known = answers->find(question)) {
    done(*std::move(known));
    return std::unique_ptr<Capture>(new Capture({}));
  }
  return start(loop, options, [answers, question, done = std::move(done)](platform::Completed completed) {
    if (completed.status.success()) {
      answers->add(question, {completed.out, completed.err});
    }
    done(std::move(completed));
  });
}

}  // namespace pcargo::prepare
