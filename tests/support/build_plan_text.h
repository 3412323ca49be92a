// SPDX-License-Identifier: MIT OR Apache-2.0
// Build plans as text, for tests: an invocation of cargo's with everything in it, to be changed.
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::test {

struct InvocationText {
  std::string name = "my-app";
  std::string version = "0.1.0";
  std::string kind = "lib";
  std::vector<std::string> kinds = {};  ///< in place of `kind`
  std::optional<std::string> platform = {};
  std::string mode = "build";
  std::vector<int> deps = {};
  std::vector<std::string> outputs = {};
  std::vector<std::string> links = {};
  std::string program = "rustc";
  std::vector<std::string> args = {};
  std::map<std::string, std::string> env = {{"CARGO_MANIFEST_DIR", "/w/app"}};
  std::string cwd = "/w";  ///< empty: null
};

inline std::string plan_text(const std::vector<InvocationText>& invocations) {
  auto list = nlohmann::ordered_json::array();
  for (const InvocationText& text : invocations) {
    nlohmann::ordered_json one;
    one["package_name"] = text.name;
    one["package_version"] = text.version;
    one["target_kind"] = text.kinds.empty() ? std::vector<std::string>{text.kind} : text.kinds;
    one["kind"] = nullptr;
    if (text.platform) {
      one["kind"] = *text.platform;
    }
    one["compile_mode"] = text.mode;
    one["deps"] = text.deps;
    one["outputs"] = text.outputs;
    one["links"] = nlohmann::ordered_json::object();
    for (const std::string& link : text.links) {
      one["links"][link] = text.outputs.front();
    }
    one["program"] = text.program;
    one["args"] = text.args;
    one["env"] = text.env;
    one["cwd"] = nullptr;
    if (!text.cwd.empty()) {
      one["cwd"] = text.cwd;
    }
    list.push_back(std::move(one));
  }
  return nlohmann::ordered_json{{"invocations", list}, {"inputs", nlohmann::ordered_json::array()}}.dump();
}

}  // namespace pcargo::test
