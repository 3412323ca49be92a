// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/unit_graph_reader.h"

#include "cargo/unit_graph_builder.h"
#include "cargo/unit_graph_format.h"
#include "cargo/unit_graph_values.h"

#include <nlohmann/json.hpp>

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
constexpr std::size_t kDeepest = 64;

class Handler {
 public:
  // The interface that nlohmann::json::sax_parse calls.
  bool null() { return scalar({kNull}); }
  bool boolean(bool value) { return scalar({kBoolean, value}); }
  bool number_integer(std::int64_t value) { return scalar({kNegative, false, 0, std::to_string(value)}); }
  bool number_unsigned(std::uint64_t value) { return scalar({kIndex, false, value, std::to_string(value)}); }
  bool number_float(double, const std::string& text) {
    const bool is_huge = text.find_first_not_of("0123456789") == std::string::npos;
    return scalar({is_huge ? kIndex : kFraction, false, std::numeric_limits<std::uint64_t>::max(), text});
  }
  bool string(std::string& value) { return scalar({kString, false, 0, std::move(value)}); }
  bool binary(nlohmann::json::binary_t&) { return fail("binary data"); }
  bool start_object(std::size_t) { return enter(kObject); }
  bool start_array(std::size_t) { return enter(kArray); }
  bool key(std::string& name);
  bool end_object() { return check_required() && leave('}'); }
  bool end_array() { return leave(']'); }
  bool parse_error(std::size_t position, const std::string& last_token, const nlohmann::detail::exception& exception);

  Result<UnitGraph> finish() &&;

 private:
  struct Frame {
    Where where = Where::kDocument;
    const Field* field = &kUnknownField;  // of the value being read, in an object
    std::string unknown;                  // its name, if the format does not have it
    std::uint64_t index = 0;              // of the value being read, in an array
    std::uint32_t seen = 0;               // which fields were there
    bool is_array = false;
    std::vector<std::string>* strings = nullptr;  // where a list of strings goes
  };

  Frame& top() { return frames_[depth_]; }
  unsigned field_number() {
    return static_cast<unsigned>(top().field - kPlaces[static_cast<int>(top().where)].fields.data);
  }
  std::string place() const;
  bool fail(const std::string& what);
  bool accept(const std::string& mistake) { return mistake.empty() || fail(mistake); }
  bool check_kind(unsigned kind, const std::string& text);
  bool check_required();
  bool enter(Kind kind);
  bool leave(char bracket);
  void after_leaving(Where where);
  bool scalar(Scalar value);
  bool store(Scalar& value);
  bool store_graph(const Scalar& value);
  bool store_dependency(const Scalar& value);
  bool to_unit_id(const Scalar& value, UnitId* id);
  std::vector<std::string>* list_of_strings(Where parent, unsigned number);
  std::optional<std::string>* kept_as_text();
  void capture(std::string_view text, bool closes = false);

  std::vector<Frame> frames_ = std::vector<Frame>(kDeepest + 1);
  std::size_t depth_ = 0;
  std::optional<Error> error_;
  UnitGraphBuilder builder_;
  UnitDraft unit_;
  Dependency dependency_;
  std::optional<std::pair<std::string, std::string>> huge_index_;  // place and spelling
  std::uint64_t unit_count_ = 0;
  std::string* capture_ = nullptr;  // JSON text of a value that is kept as it is
};

std::string Handler::place() const {
  std::string text;
  for (std::size_t i = 1; i <= depth_; ++i) {
    const Frame& frame = frames_[i];
    if (frame.is_array) {
      text += "[" + std::to_string(frame.index) + "]";
    } else if (frame.field != &kUnknownField || !frame.unknown.empty()) {
      text +=
          (text.empty() ? "" : ".") + (frame.field == &kUnknownField ? frame.unknown : std::string(frame.field->name));
    }
  }
  return text.empty() ? "unit graph" : text;
}

bool Handler::fail(const std::string& what) {
  if (!error_) {
    error_ = Error{ErrorKind::kInput, place() + ": " + what};
  }
  return false;
}

bool Handler::check_kind(unsigned kind, const std::string& text) {
  const Frame& frame = top();
  const bool in_list = frame.is_array || frame.where == Where::kDocument;
  const unsigned takes = in_list ? kPlaces[static_cast<int>(frame.where)].elements : frame.field->takes;
  if ((takes & kind) != 0) {
    return true;
  }
  if ((takes & kIndex) != 0 && kind == kNegative) {
    return fail(text + " is negative");
  }
  if ((takes & kIndex) != 0 && kind == kFraction) {
    return fail(text + " is not a whole number");
  }
  return fail("expected " + describe(takes) + ", found " + describe(kind));
}

bool Handler::key(std::string& name) {
  Frame& frame = top();
  frame.field = &kUnknownField;
  frame.unknown.clear();
  if (frame.where == Where::kSkipped) {
    if (capture_ != nullptr) {
      capture(nlohmann::json(name).dump());
      capture_->push_back(':');
    }
    return true;
  }
  const Fields known = kPlaces[static_cast<int>(frame.where)].fields;
  for (unsigned i = 0; i < known.count; ++i) {
    if (known.data[i].name == name) {
      frame.field = &known.data[i];
      if ((frame.seen & (1U << i)) != 0) {
        return fail("given twice");
      }
      frame.seen |= 1U << i;
      return true;
    }
  }
  frame.unknown = std::move(name);
  return true;
}

bool Handler::check_required() {
  Frame& frame = top();
  const Fields known = kPlaces[static_cast<int>(frame.where)].fields;
  for (unsigned i = 0; i < known.count; ++i) {
    if (known.data[i].required && (frame.seen & (1U << i)) == 0) {
      frame.field = &known.data[i];
      return fail("missing");
    }
  }
  return true;
}

bool Handler::enter(Kind kind) {
  if (!check_kind(kind, {})) {
    return false;
  }
  if (depth_ == kDeepest) {
    return fail("nested too deeply");
  }
  Frame& parent = top();
  const Place& from = kPlaces[static_cast<int>(parent.where)];
  Frame next;
  next.is_array = kind == kArray;
  next.where = from.fields.data != nullptr ? parent.field->inside : from.inside;
  if (next.where == Where::kSkipped) {
    if (auto* text = kept_as_text()) {
      capture_ = &text->emplace();
    }
    capture(kind == kArray ? "[" : "{");
  } else if (next.where == Where::kStrings) {
    next.strings = list_of_strings(parent.where, field_number());
  } else if (next.where == Where::kUnit) {
    unit_ = UnitDraft();
  } else if (next.where == Where::kDependency) {
    dependency_ = Dependency();
  }
  frames_[++depth_] = std::move(next);
  return true;
}

bool Handler::leave(char bracket) {
  const Where where = top().where;
  if (where == Where::kSkipped) {
    capture(std::string_view(&bracket, 1), true);
  }
  if (where == Where::kStrip && (top().seen == 0 || top().seen == 3)) {
    top().field = &kUnknownField;
    top().unknown.clear();
    return fail("expected one of deferred and resolved");
  }
  --depth_;
  if (where == Where::kSkipped && top().where != Where::kSkipped) {
    capture_ = nullptr;
  }
  after_leaving(where);
  ++top().index;
  return true;
}

void Handler::after_leaving(Where where) {
  if (where == Where::kTarget) {
    infer_kind(&unit_.target);
  }
  if (where == Where::kDependency) {
    unit_.dependencies.push_back(dependency_);
  }
  if (where == Where::kUnit) {
    builder_.add_unit(unit_);
    ++unit_count_;
  }
}

bool Handler::scalar(Scalar value) {
  Frame& frame = top();
  if (!check_kind(value.kind, value.text)) {
    return false;
  }
  if (frame.where == Where::kSkipped || (!frame.is_array && frame.field == &kUnknownField)) {
    if (capture_ != nullptr) {
      capture(json_text(value));
    }
    return true;
  }
  if (value.kind == kString && value.text.find('\0') != std::string::npos) {
    return fail("contains a NUL character");
  }
  if (!store(value)) {
    return false;
  }
  ++frame.index;
  return true;
}

bool Handler::store(Scalar& value) {
  Frame& frame = top();
  switch (frame.where) {
    case Where::kGraph:
      return store_graph(value);
    case Where::kUnit:
      return accept(store_unit(static_cast<UnitField>(field_number()), value, &unit_));
    case Where::kTarget:
      return accept(store_target(static_cast<TargetField>(field_number()), value, &unit_.target));
    case Where::kProfile:
      return accept(store_profile(static_cast<ProfileField>(field_number()), value, &unit_.profile));
    case Where::kStrip:
      unit_.profile.strip = {field_number() == kDeferred, std::move(value.text)};
      return true;
    case Where::kStripNamed:
      unit_.profile.strip = {frames_[depth_ - 1].field == &kStripFields[kDeferred], std::move(value.text)};
      return true;
    case Where::kDependency:
      return store_dependency(value);
    case Where::kStrings:
      frame.strings->push_back(std::move(value.text));
      return true;
    case Where::kRoots: {
      UnitId root;
      if (to_unit_id(value, &root)) {
        builder_.add_root(root);
      }
      return true;
    }
    case Where::kDocument:
    case Where::kUnits:
    case Where::kDependencies:
    case Where::kSkipped:
      break;  // take no scalars: check_kind
  }
  return true;
}

bool Handler::store_graph(const Scalar& value) {
  if (value.number != 1) {
    return fail(value.text + " is not supported; this pcargo reads version 1");
  }
  return true;
}

bool Handler::store_dependency(const Scalar& value) {
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
bool Handler::to_unit_id(const Scalar& value, UnitId* id) {
  if (value.number >= kNoUnit) {
    if (!huge_index_) {
      huge_index_ = {place(), value.text};
    }
    return false;
  }
  *id = UnitId{static_cast<std::uint32_t>(value.number)};
  return true;
}

std::vector<std::string>* Handler::list_of_strings(Where parent, unsigned number) {
  if (parent == Where::kUnit) {
    return &unit_.features;
  }
  if (parent == Where::kProfile) {
    return &unit_.profile.rustflags;
  }
  if (number == kKind) {
    return &unit_.target.kind_names;
  }
  return number == kCrateTypes ? &unit_.target.crate_types : &unit_.target.required_features.emplace();
}

/// Where the value being read is kept as JSON text; nullptr if it is not.
std::optional<std::string>* Handler::kept_as_text() {
  if (top().field == &kProfileFields[kTrimPaths]) {
    return &unit_.profile.trim_paths;
  }
  return top().field == &kProfileFields[kHintMostlyUnused] ? &unit_.profile.hint_mostly_unused : nullptr;
}

void Handler::capture(std::string_view text, bool closes) {
  if (capture_ == nullptr) {
    return;
  }
  const char last = capture_->empty() ? '[' : capture_->back();
  if (!closes && last != '[' && last != '{' && last != ':') {
    capture_->push_back(',');
  }
  capture_->append(text);
}

bool Handler::parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& exception) {
  // "[json.exception...] parse error at line 1, column 7: syntax error while ..."
  constexpr std::size_t kLongest = 200;
  std::string_view what = exception.what();
  if (auto column = what.find("column "); column != std::string_view::npos) {
    if (auto colon = what.find(": ", column); colon != std::string_view::npos) {
      what.remove_prefix(colon + 2);
    }
  }
  std::string text(what.substr(0, kLongest));
  while (what.size() > kLongest && !text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) {
    text.pop_back();
  }
  return fail("not JSON at byte " + std::to_string(position) + ": " + text + (what.size() > kLongest ? "..." : ""));
}

Result<UnitGraph> Handler::finish() && {
  if (error_) {
    return *std::move(error_);
  }
  if (huge_index_) {
    return Error{ErrorKind::kInput,
                 huge_index_->first + ": " + huge_index_->second + " is out of range (" + std::to_string(unit_count_) +
                     " units)"};
  }
  return std::move(builder_).finish();
}

}  // namespace

Result<UnitGraph> read_unit_graph(std::string_view json) {
  if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return Error{ErrorKind::kInput, "unit graph: empty"};
  }
  if (json.substr(0, 3) == "\xef\xbb\xbf") {
    return Error{ErrorKind::kInput, "unit graph: begins with a byte order mark"};
  }
  // The parser would take it for the end of the text.
  if (const std::size_t nul = json.find('\0'); nul != std::string_view::npos) {
    return Error{ErrorKind::kInput, "unit graph: a NUL at byte " + std::to_string(nul)};
  }
  Handler handler;
  nlohmann::json::sax_parse(json.begin(), json.end(), &handler);
  return std::move(handler).finish();
}

}  // namespace pcargo::cargo
