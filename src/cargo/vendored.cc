// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/vendored.h"

#include "cargo/json_reader.h"

#include <utility>

namespace pcargo::cargo {
namespace {

using namespace json_shape;  // NOLINT: the tables are made of its words

namespace at {
enum : Where { kPackage = kDocument + 1, kFiles };
}  // namespace at

constexpr Field kPackageFields[] = {
    {"files", kObject, true, at::kFiles},
    {"package", kString | kNull, false},
};

constexpr Place kPlaces[] = {
    {},                             // kSkipped
    {{}, kObject, at::kPackage},    // kDocument
    {fields(kPackageFields)},       // kPackage
    {{}, kString, kSkipped, true},  // kFiles
};

class Reader : private JsonReader {
 public:
  Reader() : JsonReader(kVendoredChecksums, kPlaces) {}

  Result<std::map<std::string, std::string>> read(std::string_view json) && {
    PCARGO_TRY(walk(json));
    return std::move(files_);
  }

 private:
  bool value(Where where, Scalar& value) override {
    if (where == at::kFiles) {
      files_[key()] = std::move(value.text);
    }
    return true;
  }

  std::map<std::string, std::string> files_;
};

}  // namespace

Result<std::map<std::string, std::string>> read_vendored_checksums(std::string_view json) {
  return Reader().read(json);
}

}  // namespace pcargo::cargo
