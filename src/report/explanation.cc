// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/explanation.h"

#include <fmt/format.h>

#include <set>

namespace pcargo::report {

namespace {

// Names shown between the two ends of a chain.
constexpr std::size_t kMostBetween = 3;

}  // namespace

std::vector<const freshness::Cause*> chain_of(UnitId unit, const CauseOf& cause_of) {
  std::vector<const freshness::Cause*> chain;
  std::set<UnitId> seen;  // what was read from a file may go round
  for (const auto* cause = cause_of(unit); cause != nullptr;) {
    chain.push_back(cause);
    cause = cause->source && seen.insert(*cause->source).second ? cause_of(*cause->source) : nullptr;
  }
  return chain;
}

std::string describe_chain(const std::vector<const freshness::Cause*>& chain, const std::string& workspace_root) {
  if (chain.empty()) {
    return {};
  }
  std::string text = chain.front()->describe(workspace_root);
  const std::size_t between = chain.size() < 2 ? 0 : chain.size() - 2;
  for (std::size_t i = 1; i <= between; ++i) {
    if (between > kMostBetween && i == 2) {
      text += fmt::format(" <- {} more", between - 2);
      i = between;
    }
    text += fmt::format(" <- `{}`", chain[i]->subject);
  }
  if (chain.size() > 1) {
    text += " <- " + chain.back()->describe(workspace_root);
  }
  return text;
}

}  // namespace pcargo::report
