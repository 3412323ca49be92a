// SPDX-License-Identifier: MIT OR Apache-2.0
// Codegen in virtual time, as rustc does it: one thread begins, then codegen units of the same size are worked on by
// its own thread and by one more for each job slot that comes. A slot is kept until no codegen unit is left that nobody
// works on. Knows nothing of the scheduler.
#pragma once

#include "base/ids.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace pcargo::schedule {

class ElasticCodegen {
 public:
  /// `work`: what one thread would take; `serial_share` of it only one can do. `codegen_units`: as many threads at
  /// most.
  void begin(UnitId unit, std::int64_t now, std::int64_t work, double serial_share, unsigned codegen_units);
  /// It is cancelled; its slots are free.
  void remove(UnitId unit);

  /// When the next thread has nothing left to do, or the next first part ends.
  std::optional<std::int64_t> next() const;
  /// What happens until `now`, which is not after next(). Returns the units whose codegen is over.
  std::vector<UnitId> pass_time_until(std::int64_t now);

  /// Of all that wait for one more slot: since when the one does that has waited longest.
  std::optional<std::int64_t> asking_since(std::int64_t now);
  /// A slot for that one.
  void give_slot(std::int64_t now);
  /// Beyond the one that each unit has of its own.
  int slots() const { return slots_; }

 private:
  struct Codegen {
    UnitId unit;
    bool is_serial = true;
    unsigned codegen_units = 1;
    unsigned waiting = 0;  ///< codegen units that nobody works on
    std::int64_t each = 0;
    std::int64_t asking = 0;  ///< since when
    std::int64_t next = 0;
    std::vector<std::int64_t> busy_until;  ///< by thread
  };

  static void work_on(Codegen* codegen, std::int64_t now);
  static void foresee(Codegen* codegen);
  Codegen* longest_asking(std::int64_t now);

  std::vector<Codegen> codegens_;
  int slots_ = 0;
};

}  // namespace pcargo::schedule
