// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/elastic_codegen.h"

#include "base/check.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace pcargo::schedule {

void ElasticCodegen::begin(
    UnitId unit, std::int64_t now, std::int64_t work, double serial_share, unsigned codegen_units) {
  const auto serial = std::llround(serial_share * static_cast<double>(work));
  Codegen codegen;
  codegen.unit = unit;
  codegen.codegen_units = codegen_units;
  codegen.each = (work - serial + codegen_units - 1) / codegen_units;
  codegen.next = now + serial;
  codegen.busy_until = {codegen.next};
  codegens_.push_back(std::move(codegen));
}

void ElasticCodegen::remove(UnitId unit) {
  const auto found =
      std::find_if(codegens_.begin(), codegens_.end(), [unit](const Codegen& one) { return one.unit == unit; });
  if (found != codegens_.end()) {
    slots_ -= static_cast<int>(found->busy_until.size()) - 1;
    codegens_.erase(found);
  }
}

std::optional<std::int64_t> ElasticCodegen::next() const {
  std::optional<std::int64_t> first;
  for (const Codegen& codegen : codegens_) {
    first = first ? std::min(*first, codegen.next) : codegen.next;
  }
  return first;
}

std::vector<UnitId> ElasticCodegen::pass_time_until(std::int64_t now) {
  std::vector<UnitId> over;
  for (Codegen& codegen : codegens_) {
    if (codegen.next > now) {
      continue;
    }
    if (codegen.is_serial) {
      codegen.is_serial = false;
      codegen.waiting = codegen.codegen_units;
      codegen.asking = now;
    }
    work_on(&codegen, now);
    if (codegen.waiting == 0) {
      // Whichever thread it was: what is left needs one slot less, and the last one is the unit's own.
      const auto held = static_cast<int>(codegen.busy_until.size());
      std::erase_if(codegen.busy_until, [now](std::int64_t end) { return end <= now; });
      const auto left = static_cast<int>(codegen.busy_until.size());
      slots_ -= std::max(held - 1, 0) - std::max(left - 1, 0);
      if (left == 0) {
        over.push_back(codegen.unit);
        continue;
      }
    }
    foresee(&codegen);
  }
  std::erase_if(codegens_, [](const Codegen& one) { return one.busy_until.empty(); });
  return over;
}

std::optional<std::int64_t> ElasticCodegen::asking_since(std::int64_t now) {
  const Codegen* codegen = longest_asking(now);
  return codegen == nullptr ? std::nullopt : std::optional(codegen->asking);
}

void ElasticCodegen::give_slot(std::int64_t now) {
  Codegen* codegen = longest_asking(now);
  PCARGO_CHECK(codegen != nullptr);
  codegen->busy_until.push_back(now);
  codegen->asking = now;
  ++slots_;
  work_on(codegen, now);
  foresee(codegen);
}

/// Threads that are through with one codegen unit take the next.
void ElasticCodegen::work_on(Codegen* codegen, std::int64_t now) {
  while (codegen->waiting > 0) {
    const auto first = std::min_element(codegen->busy_until.begin(), codegen->busy_until.end());
    if (*first > now) {
      return;
    }
    *first += codegen->each;
    --codegen->waiting;
  }
}

/// When a thread will find nothing to take, if no more slots come.
void ElasticCodegen::foresee(Codegen* codegen) {
  auto busy_until = codegen->busy_until;
  for (unsigned waiting = codegen->waiting; waiting > 0; --waiting) {
    *std::min_element(busy_until.begin(), busy_until.end()) += codegen->each;
  }
  codegen->next = *std::min_element(busy_until.begin(), busy_until.end());
}

ElasticCodegen::Codegen* ElasticCodegen::longest_asking(std::int64_t now) {
  Codegen* longest = nullptr;
  for (Codegen& codegen : codegens_) {
    if (!codegen.is_serial) {
      work_on(&codegen, now);
      if (codegen.waiting > 0 && (longest == nullptr || codegen.asking < longest->asking)) {
        longest = &codegen;
      }
    }
  }
  return longest;
}

}  // namespace pcargo::schedule
