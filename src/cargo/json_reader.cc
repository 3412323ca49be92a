// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/json_reader.h"

#include <nlohmann/json.hpp>

#include <limits>
#include <utility>

namespace pcargo::cargo {

using namespace json_shape;  // NOLINT: the words of every line here

namespace {

// A `[package.metadata]` table is in the metadata as deep as its manifest has it: cargo's TOML parser goes to 80.
constexpr std::size_t kDeepest = 128;

constexpr Field kUnknownField = {""};

}  // namespace

/// The interface that nlohmann::json::sax_parse calls.
struct JsonReader::Sax {
  JsonReader& reader;

  bool null() { return reader.scalar({kNull}); }
  bool boolean(bool value) { return reader.scalar({kBoolean, value}); }
  bool number_integer(std::int64_t value) { return reader.scalar({kNegative, false, 0, std::to_string(value)}); }
  bool number_unsigned(std::uint64_t value) { return reader.scalar({kIndex, false, value, std::to_string(value)}); }
  bool number_float(double, const std::string& text) {
    const bool is_huge = text.find_first_not_of("0123456789") == std::string::npos;
    return reader.scalar({is_huge ? kIndex : kFraction, false, std::numeric_limits<std::uint64_t>::max(), text});
  }
  bool string(std::string& value) { return reader.scalar({kString, false, 0, std::move(value)}); }
  bool binary(nlohmann::json::binary_t&) { return reader.fail("binary data"); }
  bool start_object(std::size_t) { return reader.begin(kObject); }
  bool start_array(std::size_t) { return reader.begin(kArray); }
  bool key(std::string& name) { return reader.begin_field(name); }
  bool end_object() { return reader.check_required() && reader.end('}'); }
  bool end_array() { return reader.end(']'); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& exception) {
    return reader.parse_error(position, exception.what());
  }
};

Result<void> JsonReader::walk(std::string_view json) {
  const std::string name(name_);
  if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return Error{ErrorKind::kInput, name + ": empty"};
  }
  if (json.substr(0, 3) == "\xef\xbb\xbf") {
    return Error{ErrorKind::kInput, name + ": begins with a byte order mark"};
  }
  // The parser would take it for the end of the text.
  if (const std::size_t nul = json.find('\0'); nul != std::string_view::npos) {
    return Error{ErrorKind::kInput, name + ": a NUL at byte " + std::to_string(nul)};
  }
  frames_.assign(kDeepest + 1, Frame());
  frames_[0].field = &kUnknownField;
  Sax sax{*this};
  nlohmann::json::sax_parse(json.begin(), json.end(), &sax);
  if (error_) {
    return *std::move(error_);
  }
  return {};
}

std::string JsonReader::place() const {
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
  return text.empty() ? std::string(name_) : text;
}

bool JsonReader::fail(const std::string& what) {
  if (!error_) {
    error_ = Error{ErrorKind::kInput, place() + ": " + what};
  }
  return false;
}

bool JsonReader::fail_of_object(const std::string& what) {
  top().field = &kUnknownField;
  top().unknown.clear();
  if (!error_) {
    error_ = Error{ErrorKind::kInput, place() + what};
  }
  return false;
}

bool JsonReader::check_kind(unsigned kind, const std::string& text) {
  const Frame& frame = top();
  const bool in_list = frame.is_array || frame.where == kDocument || places_[frame.where].is_map;
  const unsigned takes = in_list ? places_[frame.where].elements : frame.field->takes;
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

bool JsonReader::begin_field(std::string& name) {
  Frame& frame = top();
  frame.field = &kUnknownField;
  frame.unknown.clear();
  if (frame.where == kSkipped) {
    if (capture_ != nullptr) {
      capture(nlohmann::json(name).dump());
      capture_->push_back(':');
    }
    return true;
  }
  const Fields known = places_[frame.where].fields;
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

bool JsonReader::check_required() {
  Frame& frame = top();
  const Fields known = places_[frame.where].fields;
  for (unsigned i = 0; i < known.count; ++i) {
    if (known.data[i].required && (frame.seen & (1U << i)) == 0) {
      frame.field = &known.data[i];
      return fail("missing");
    }
  }
  return true;
}

bool JsonReader::begin(Kind kind) {
  if (!check_kind(kind, {})) {
    return false;
  }
  if (depth_ == kDeepest) {
    return fail("nested too deeply");
  }
  const Frame& parent = top();
  const Place& from = places_[parent.where];
  const Where where = from.fields.data != nullptr ? parent.field->inside : from.inside;
  if (where == kSkipped) {
    if (auto* text = kept_as_text()) {
      capture_ = &text->emplace();
    }
    capture(kind == kArray ? "[" : "{");
  } else {
    enter(where, parent.where);
  }
  Frame& next = frames_[++depth_];
  next.where = where;
  next.field = &kUnknownField;
  next.unknown.clear();
  next.index = 0;
  next.seen = 0;
  next.is_array = kind == kArray;
  return true;
}

bool JsonReader::end(char bracket) {
  const Where where = top().where;
  if (where == kSkipped) {
    capture(std::string_view(&bracket, 1), true);
  } else if (!leave(where)) {
    return false;
  }
  --depth_;
  if (where == kSkipped && top().where != kSkipped) {
    capture_ = nullptr;
  }
  ++top().index;
  return true;
}

bool JsonReader::scalar(Scalar value) {
  Frame& frame = top();
  if (!check_kind(value.kind, value.text)) {
    return false;
  }
  const bool is_kept = frame.is_array || frame.field != &kUnknownField || places_[frame.where].is_map;
  if (frame.where == kSkipped || !is_kept) {
    if (capture_ != nullptr) {
      capture(json_text(value));
    }
    return true;
  }
  if (value.kind == kString && value.text.find('\0') != std::string::npos) {
    return fail("contains a NUL character");
  }
  if (!this->value(frame.where, value)) {
    return false;
  }
  ++frame.index;
  return true;
}

void JsonReader::capture(std::string_view text, bool closes) {
  if (capture_ == nullptr) {
    return;
  }
  const char last = capture_->empty() ? '[' : capture_->back();
  if (!closes && last != '[' && last != '{' && last != ':') {
    capture_->push_back(',');
  }
  capture_->append(text);
}

bool JsonReader::parse_error(std::size_t position, std::string_view what) {
  // "[json.exception...] parse error at line 1, column 7: syntax error while ..."
  constexpr std::size_t kLongest = 200;
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

}  // namespace pcargo::cargo
