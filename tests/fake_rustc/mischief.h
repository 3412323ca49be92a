// SPDX-License-Identifier: MIT OR Apache-2.0
// The ways in which the fake compiler misbehaves besides leaving outputs away (reliability.md 3.3).
#pragma once

#include "control.h"

#include <string>

namespace pcargo::fake_rustc {

/// `announce FIFO`: tells whoever reads the FIFO our process id, then goes on. A test that waits for it needs no sleep.
void announce(const Control& control);

/// Waits until somebody has opened the FIFO for writing and closed it again.
void wait_for_gate(const std::string& fifo);

/// Everything a crate may be told to say or do before it writes its first output. May not return.
void misbehave_at_start(const Control& control);

/// The same after the last output, just before the end. May not return.
void misbehave_at_end(const Control& control);

/// Dies of the signal called "SEGV", "KILL", "BUS", "TERM" or "ABRT".
[[noreturn]] void die_of(const std::string& signal_name);

}  // namespace pcargo::fake_rustc
