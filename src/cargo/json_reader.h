// SPDX-License-Identifier: MIT OR Apache-2.0
// Walks a JSON text in one pass along the tables of its format, without a document tree. The text is input from
// outside: kinds of values, required fields and depth are checked here, and an error names the place, as in
// `units[12].mode: missing`. What the values mean is the derived class's. Private to the readers.
#pragma once

#include "base/result.h"
#include "cargo/json_shape.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::cargo {

class JsonReader {
 public:
  virtual ~JsonReader() = default;

 protected:
  using Where = json_shape::Where;

  /// `name` is what the text as a whole is called; `places` has an entry for each place of the format.
  JsonReader(std::string_view name, const json_shape::Place* places) : name_(name), places_(places) {}

  /// Refuses missing, mistyped and repeated fields, deeper nesting than cargo writes, trailing text. Skips what the
  /// format does not have.
  Result<void> walk(std::string_view json);

  // Each gives whether to go on: true, or what fail() gave.

  /// A value of the right kind, in the object or array `where`.
  virtual bool value(Where where, json_shape::Scalar& value) = 0;
  /// An object or array begins; `from` is where it stands.
  virtual void enter(Where /*where*/, Where /*from*/) {}
  /// It ends, with all that is required.
  virtual bool leave(Where /*where*/) { return true; }
  /// Where the value of the current field is kept as JSON text; nullptr if it is not.
  virtual std::optional<std::string>* kept_as_text() { return nullptr; }

  /// The field whose value is read, in an object: of this one, and of the one `levels` around it.
  const json_shape::Field* field(std::size_t levels = 0) const { return frames_[depth_ - levels].field; }
  /// Its number among the fields of its object.
  unsigned field_number() const { return static_cast<unsigned>(field() - places_[frames_[depth_].where].fields.data); }
  /// Which fields the current object had, a bit each.
  std::uint32_t seen() const { return frames_[depth_].seen; }
  /// The key whose value is read, in a map.
  const std::string& key() const { return frames_[depth_].unknown; }
  /// `units[12].mode`.
  std::string place() const;
  bool fail(const std::string& what);
  /// Of the current object, not of one of its fields. `what` begins with ": ", or with a place in it: ".args[7]: ".
  bool fail_of_object(const std::string& what);
  bool accept(const std::string& mistake) { return mistake.empty() || fail(mistake); }

 private:
  struct Sax;
  struct Frame {
    Where where = json_shape::kDocument;
    const json_shape::Field* field = nullptr;  // of the value being read, in an object
    std::string unknown;                       // its name, if the format does not have it
    std::uint64_t index = 0;                   // of the value being read, in an array
    std::uint32_t seen = 0;                    // which fields were there
    bool is_array = false;
  };

  Frame& top() { return frames_[depth_]; }
  bool check_kind(unsigned kind, const std::string& text);
  bool check_required();
  bool begin_field(std::string& name);
  bool begin(json_shape::Kind kind);
  bool end(char bracket);
  bool scalar(json_shape::Scalar value);
  bool parse_error(std::size_t position, std::string_view what);
  void capture(std::string_view text, bool closes = false);

  std::string_view name_;
  const json_shape::Place* places_;
  std::vector<Frame> frames_;
  std::size_t depth_ = 0;
  std::optional<Error> error_;
  std::string* capture_ = nullptr;  // JSON text of a value that is kept as it is
};

}  // namespace pcargo::cargo
