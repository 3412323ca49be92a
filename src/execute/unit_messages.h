// SPDX-License-Identifier: MIT OR Apache-2.0
// What a compiler says of one unit: shown at once, but for an error that may be no fault of the unit's; never twice
// when it runs again; and kept, to be shown again while the unit is fresh.
#pragma once

#include "execute/observer.h"
#include "freshness/record.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace pcargo::execute {

void say_to(BuildObserver& observer, UnitId unit, freshness::Message::Kind kind, std::string_view text);

class UnitMessages {
 public:
  using Kind = freshness::Message::Kind;

  /// The observer outlives this.
  UnitMessages(BuildObserver& observer, UnitId unit) : observer_(observer), unit_(unit) {}

  /// With `may_be_withdrawn` an error, and what follows it, is held back.
  void say(Kind kind, std::string_view text, bool may_be_withdrawn);
  void say_what_was_held_back();
  void withdraw();
  const std::vector<freshness::Message>& held_back() const { return held_back_; }

  /// What is held back is withdrawn, and what was said counts from now on only as said: the next run may say it again,
  /// and is not heard.
  void begin_again();
  /// Nothing of it counts; the next run says it all once more.
  void forget();

  /// What was said, to be said again; nullopt if that is too much. Ends this.
  std::optional<std::vector<freshness::Message>> take();

 private:
  void keep(Kind kind, std::string_view text);
  bool is_said_already(Kind kind, std::string_view text);

  BuildObserver& observer_;
  UnitId unit_;
  std::vector<freshness::Message> messages_;
  std::size_t bytes_ = 0;  ///< of all that was said, kept or not
  std::vector<freshness::Message> held_back_;
  std::vector<freshness::Message> said_early_;  ///< by a run before this one
};

}  // namespace pcargo::execute
