// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/unit_graph_reader.h"

#include "cargo/json_reader.h"
#include "cargo/unit_graph_builder.h"
#include "cargo/unit_graph_format.h"
#include "cargo/unit_graph_values.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pcargo::cargo {
namespace {

using namespace unit_graph_format;  // NOLINT: the tables are this file's own vocabulary

constexpr std::uint32_t kNoUnit = std::numeric_limits<std::uint32_t>::max();

class UnitGraphReader : private JsonReader {
 public:
  UnitGraphReader() : JsonReader("unit graph", kPlaces) {}

  Result<UnitGraph> read(std::string_view json) &&;

 private:
  bool value(Where where, Scalar& value) override;
  void enter(Where where, Where from) override;
  bool leave(Where where) override;
  std::optional<std::string>* kept_as_text() override;

  bool store_graph(const Scalar& value);
  bool store_dependency(const Scalar& value);
  void to_unit_id(const Scalar& value, UnitId* id);
  std::vector<std::string>* list_of_strings(Where parent, unsigned number);

  UnitGraphBuilder builder_;
  UnitDraft unit_;
  Dependency dependency_;
  std::vector<std::string>* strings_ = nullptr;                    // the list being read
  std::optional<std::pair<std::string, std::string>> huge_index_;  // place and spelling
  std::uint64_t unit_count_ = 0;
};

void UnitGraphReader::enter(Where where, Where from) {
  if (where == at::kStrings) {
    strings_ = list_of_strings(from, field_number());
  } else if (where == at::kUnit) {
    unit_ = UnitDraft();
  } else if (where == at::kDependency) {
    dependency_ = Dependency();
  }
}

bool UnitGraphReader::leave(Where where) {
  if (where == at::kStrip && !std::has_single_bit(seen())) {
    return fail_of_object(": expected one of deferred and resolved");
  }
  if (where == at::kTarget) {
    infer_kind(&unit_.target);
  } else if (where == at::kDependency) {
    unit_.dependencies.push_back(dependency_);
  } else if (where == at::kUnit) {
    builder_.add_unit(unit_);
    ++unit_count_;
  }
  return true;
}

bool UnitGraphReader::value(Where where, Scalar& value) {
  switch (where) {
    case at::kGraph:
      return store_graph(value);
    case at::kUnit:
      return accept(store_unit(static_cast<UnitField>(field_number()), value, &unit_));
    case at::kTarget:
      return accept(store_target(static_cast<TargetField>(field_number()), value, &unit_.target));
    case at::kProfile:
      return accept(store_profile(static_cast<ProfileField>(field_number()), value, &unit_.profile));
    case at::kStrip:
      unit_.profile.strip = {field_number() == kDeferred, std::move(value.text)};
      return true;
    case at::kStripNamed:
      unit_.profile.strip = {field(1) == &kStripFields[kDeferred], std::move(value.text)};
      return true;
    case at::kDependency:
      return store_dependency(value);
    case at::kStrings:
      strings_->push_back(std::move(value.text));
      return true;
    case at::kRoots: {
      UnitId root;
      to_unit_id(value, &root);
      builder_.add_root(root);
      return true;
    }
    default:
      return true;  // the others take no scalars
  }
}

bool UnitGraphReader::store_graph(const Scalar& value) {
  if (value.number != 1) {
    return fail(value.text + " is not supported; this pcargo reads version 1");
  }
  return true;
}

bool UnitGraphReader::store_dependency(const Scalar& value) {
  switch (field_number()) {
    case kDependencyIndex:
      to_unit_id(value, &dependency_.unit);
      break;
    case kExternCrateName:
      if (value.text.empty()) {
        return fail("empty");
      }
      dependency_.extern_crate_name = builder_.crate_name(value.text);
      break;
    case kPublic:
      if (value.kind == kBoolean) {
        dependency_.is_public = value.boolean;
      }
      break;
    case kNoprelude:
      dependency_.noprelude = value.boolean;
      break;
    case kNounused:
      dependency_.nounused = value.boolean;
      break;
    default:
      break;
  }
  return true;
}

/// How many units there are is known at the end: an index that no table could hold is kept for the message until then.
void UnitGraphReader::to_unit_id(const Scalar& value, UnitId* id) {
  if (value.number < kNoUnit) {
    *id = UnitId{static_cast<std::uint32_t>(value.number)};
  } else if (!huge_index_) {
    huge_index_ = {place(), value.text};
  }
}

std::vector<std::string>* UnitGraphReader::list_of_strings(Where parent, unsigned number) {
  if (parent == at::kUnit) {
    return &unit_.features;
  }
  if (parent == at::kProfile) {
    return &unit_.profile.rustflags;
  }
  if (number == kKind) {
    return &unit_.target.kind_names;
  }
  return number == kCrateTypes ? &unit_.target.crate_types : &unit_.target.required_features.emplace();
}

/// Where the value being read is kept as JSON text; nullptr if it is not.
std::optional<std::string>* UnitGraphReader::kept_as_text() {
  if (field() == &kProfileFields[kTrimPaths]) {
    return &unit_.profile.trim_paths;
  }
  return field() == &kProfileFields[kHintMostlyUnused] ? &unit_.profile.hint_mostly_unused : nullptr;
}

Result<UnitGraph> UnitGraphReader::read(std::string_view json) && {
  PCARGO_TRY(walk(json));
  if (huge_index_) {
    return Error{ErrorKind::kInput,
                 huge_index_->first + ": " + huge_index_->second + " is out of range (" + std::to_string(unit_count_) +
                     " units)"};
  }
  return std::move(builder_).finish();
}

}  // namespace

Result<UnitGraph> read_unit_graph(std::string_view json) {
  return UnitGraphReader().read(json);
}

}  // namespace pcargo::cargo
