// SPDX-License-Identifier: MIT OR Apache-2.0
// The shape of a JSON text as tables: which objects have which fields, and what each takes. A format numbers its places
// (objects and arrays) itself; two numbers are the same in all. Private to the readers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pcargo::cargo::json_shape {

// What kinds of JSON values a place takes; also the kind of one value.
enum Kind : unsigned {
  kNull = 1,
  kBoolean = 2,
  kIndex = 4,  // a whole number, not negative
  kString = 8,
  kArray = 16,
  kObject = 32,
  kNegative = 64,
  kFraction = 128,
  kAny = 255,
};

using Where = std::uint8_t;
inline constexpr Where kSkipped = 0;   // whatever the format does not have
inline constexpr Where kDocument = 1;  // the text as a whole

struct Field {
  std::string_view name;
  unsigned takes = kAny;
  bool required = false;
  Where inside = kSkipped;  // where an array or object in this field leads
};

struct Fields {
  const Field* data = nullptr;
  unsigned count = 0;
};

template <unsigned count>
constexpr Fields fields(const Field (&list)[count]) {
  return {list, count};
}

struct Place {
  Fields fields = {};        // of an object
  unsigned elements = kAny;  // what an array takes, or an object whose keys are values themselves
  Where inside = kSkipped;   // where an element leads
  bool is_map = false;       // such an object
};

/// One JSON scalar; `text` is its spelling if it is a number or a string.
struct Scalar {
  Kind kind;
  bool boolean = false;
  std::uint64_t number = 0;
  std::string text = {};
};

/// "a string or null", ...
std::string describe(unsigned kinds);

/// The value as JSON text.
std::string json_text(const Scalar& value);

}  // namespace pcargo::cargo::json_shape
