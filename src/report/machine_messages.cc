// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/machine_messages.h"

#include "report/text.h"
#include "report/unit_names.h"

#include <algorithm>

namespace pcargo::report {
namespace {

using cargo::CompileMode;
using cargo::TargetKind;

/// Writes one object; members come in the order they are added.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string* json) : json_(json) { *json_ += '{'; }
  ~ObjectWriter() { *json_ += '}'; }
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  /// Writes `"name":` and gives the text to write the value to.
  std::string* key(std::string_view name) {
    if (!first_) {
      *json_ += ',';
    }
    first_ = false;
    append_json_string(json_, name);
    *json_ += ':';
    return json_;
  }
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void boolean(std::string_view name, bool value) { *key(name) += value ? "true" : "false"; }
  void raw(std::string_view name, std::string_view json) { key(name)->append(json); }
  void texts(std::string_view name, const std::vector<std::string>& values) {
    std::string* json = key(name);
    *json += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      *json += i == 0 ? "" : ",";
      append_json_string(json, values[i]);
    }
    *json += ']';
  }

 private:
  std::string* json_;
  bool first_ = true;
};

void write_target(std::string* json, const cargo::Target& target) {
  ObjectWriter object(json);
  object.texts("kind", target.kind_names);
  object.texts("crate_types", target.crate_types);
  object.text("name", target.name);
  if (target.src_path.empty()) {
    object.raw("src_path", "null");
  } else {
    object.text("src_path", target.src_path);
  }
  object.text("edition", target.edition);
  if (target.required_features) {
    object.texts("required-features", *target.required_features);
  }
  object.boolean("doc", target.doc);
  object.boolean("doctest", target.doctest);
  object.boolean("test", target.test);
}

void write_profile(std::string* json, const cargo::Profile& profile, CompileMode mode) {
  ObjectWriter object(json);
  object.text("opt_level", profile.opt_level);
  if (!profile.debuginfo_is_given) {
    object.raw("debuginfo", "null");
  } else if (profile.debuginfo_is_integer) {
    object.raw("debuginfo", profile.debuginfo);
  } else {
    object.text("debuginfo", profile.debuginfo);
  }
  object.boolean("debug_assertions", profile.debug_assertions);
  object.boolean("overflow_checks", profile.overflow_checks);
  object.boolean("test", is_rustc_test(mode) || mode == CompileMode::kDoctest);
}

const std::string& destination(const plan::OutputFile& file) {
  return file.final_path ? *file.final_path : file.path;
}

bool makes_program(const cargo::Target& target, CompileMode mode) {
  if (mode == CompileMode::kTest) {
    return true;
  }
  const bool is_program =
      target.kind == TargetKind::kBin ||
      (target.kind == TargetKind::kExample &&
       std::find(target.crate_types.begin(), target.crate_types.end(), "bin") != target.crate_types.end());
  return mode == CompileMode::kBuild && is_program;
}

/// Every message begins with its reason and its package.
void write_head(ObjectWriter* object, std::string_view reason, const cargo::Package& package) {
  object->text("reason", reason);
  object->text("package_id", package.id);
}

}  // namespace

std::string compiler_message(const cargo::Package& package, const cargo::Target& target, std::string_view message) {
  std::string json;
  {
    ObjectWriter object(&json);
    write_head(&object, "compiler-message", package);
    object.text("manifest_path", package.manifest_path);
    write_target(object.key("target"), target);
    object.raw("message", message);
  }
  return json;
}

std::string compiler_artifact(const cargo::UnitGraph& graph,
                              UnitId unit,
                              const cargo::Package& package,
                              const std::vector<plan::OutputFile>& files,
                              bool fresh) {
  const CompileMode mode = graph.units[unit].mode;
  std::vector<std::string> filenames;
  for (const plan::OutputFile& file : files) {
    filenames.push_back(destination(file));
  }
  auto program = std::find_if(files.begin(), files.end(), [](const plan::OutputFile& file) {
    return file.flavor == plan::OutputFile::Flavor::kNormal;
  });
  std::string json;
  {
    ObjectWriter object(&json);
    write_head(&object, "compiler-artifact", package);
    object.text("manifest_path", package.manifest_path);
    write_target(object.key("target"), graph.target(unit));
    write_profile(object.key("profile"), graph.profile(unit), mode);
    object.texts("features", graph.features(unit));
    object.texts("filenames", filenames);
    if (program != files.end() && makes_program(graph.target(unit), mode)) {
      object.text("executable", destination(*program));
    } else {
      object.raw("executable", "null");
    }
    object.boolean("fresh", fresh);
  }
  return json;
}

std::string build_script_executed(const cargo::Package& package,
                                  const cargo::BuildScriptOutput& output,
                                  std::string_view out_dir) {
  std::string json;
  {
    ObjectWriter object(&json);
    write_head(&object, "build-script-executed", package);
    object.texts("linked_libs", output.library_links);
    object.texts("linked_paths", output.library_paths);
    object.texts("cfgs", output.cfgs);
    std::string* env = object.key("env");
    *env += '[';
    for (std::size_t i = 0; i < output.env.size(); ++i) {
      *env += i == 0 ? "[" : ",[";
      append_json_string(env, output.env[i].first);
      *env += ',';
      append_json_string(env, output.env[i].second);
      *env += ']';
    }
    *env += ']';
    object.text("out_dir", out_dir);
  }
  return json;
}

std::string build_finished(bool success) {
  std::string json;
  {
    ObjectWriter object(&json);
    object.text("reason", "build-finished");
    object.boolean("success", success);
  }
  return json;
}

}  // namespace pcargo::report
