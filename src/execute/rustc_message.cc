// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/rustc_message.h"

#include <nlohmann/json.hpp>

namespace pcargo::execute {

namespace {

using Json = nlohmann::json;
using Kind = RustcMessage::Kind;

/// Looks at the keys of the outermost object only; deeper values are parsed but not kept.
class TopLevel : public nlohmann::json_sax<Json> {
 public:
  bool has_artifact = false;
  bool has_report = false;
  std::string artifact;

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool string(string_t& value) override {
    if (depth_ == 1 && key_ == "artifact") {
      has_artifact = true;
      artifact = value;
    }
    return true;
  }
  bool start_object(std::size_t /*size*/) override { return ++depth_ > 0; }
  bool end_object() override { return depth_-- > 0; }
  bool start_array(std::size_t /*size*/) override {
    has_report |= depth_ == 1 && key_ == "future_incompat_report";
    return ++depth_ > 0;
  }
  bool end_array() override { return depth_-- > 0; }
  bool key(string_t& value) override {
    if (depth_ == 1) {
      key_ = value;
    }
    return true;
  }
  bool parse_error(std::size_t /*at*/,
                   const std::string& /*token*/,
                   const nlohmann::detail::exception& /*e*/) override {
    return false;
  }

 private:
  int depth_ = 0;
  std::string key_;
};

}  // namespace

RustcMessage classify_rustc_line(std::string_view line) {
  if (line.empty() || line.front() != '{') {
    return {};
  }
  TopLevel top;
  if (!Json::sax_parse(line.begin(), line.end(), &top)) {
    return {};
  }
  if (top.has_report) {
    return {Kind::kFutureIncompat};
  }
  if (top.has_artifact) {
    return {Kind::kArtifact, top.artifact};
  }
  return {Kind::kDiagnostic};
}

}  // namespace pcargo::execute
