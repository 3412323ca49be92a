// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/plan_coding.h"

#include "cargo/package_spec.h"
#include "plan/environment.h"
#include "plan/plan_fields.h"

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace pcargo::plan {

namespace {

using Json = nlohmann::ordered_json;

class FieldWriter {
 public:
  template <class T>
  void operator()(const char* name, const T& value) {
    object_[name] = encode(value);
  }

  static Json encode(const std::string& value) { return value; }
  template <class T>
  requires std::integral<T>
  static Json encode(T value) { return value; }
  template <class T>
  requires std::is_enum_v<T>
  static Json encode(T value) { return words_of(value)[static_cast<std::size_t>(value)]; }
  template <class T>
  static Json encode(const std::optional<T>& value) {
    return value ? encode(*value) : Json();
  }
  template <class T>
  static Json encode(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) {
      list.push_back(encode(value));
    }
    return list;
  }
  template <class A, class B>
  static Json encode(const std::pair<A, B>& value) {
    return Json::array({encode(value.first), encode(value.second)});
  }
  template <class T>
  static Json encode(const std::map<std::string, T>& values) {
    Json object = Json::object();
    for (const auto& [name, value] : values) {
      object[name] = encode(value);
    }
    return object;
  }
  template <class T>
  requires std::is_class_v<T>
  static Json encode(const T& value) {
    FieldWriter writer;
    describe(writer, const_cast<T&>(value));  // NOLINT: one description serves both ways, this one only reads
    return std::move(writer.object_);
  }

 private:
  Json object_ = Json::object();
};

/// The first mistake is kept; what comes after it is left as it is.
class FieldReader {
 public:
  FieldReader(const Json& object, std::string place, std::optional<Error>* error)
      : object_(object), place_(std::move(place)), error_(*error) {}

  template <class T>
  void operator()(const char* name, T& value) {
    const auto found = object_.find(name);
    if (found == object_.end()) {
      fail(place_ + "." + name, "missing");
    } else {
      decode(*found, place_ + "." + name, value);
    }
  }

  void decode(const Json& json, const std::string& place, std::string& value) {
    if (expect(json.is_string(), place, "a string")) {
      value = json.get_ref<const std::string&>();
    }
  }
  void decode(const Json& json, const std::string& place, bool& value) {
    if (expect(json.is_boolean(), place, "true or false")) {
      value = json.get<bool>();
    }
  }
  void decode(const Json& json, const std::string& place, int& value) {
    constexpr int kMost = 1'000'000;
    const bool is_small = json.is_number_unsigned() && json.get<std::uint64_t>() <= kMost;
    if (expect(is_small, place, "a whole number up to a million")) {
      value = json.get<int>();
    }
  }
  template <class T>
  requires std::is_enum_v<T>
  void decode(const Json& json, const std::string& place, T& value) {
    const auto& words = words_of(value);
    for (std::size_t i = 0; i < std::size(words); ++i) {
      if (json == words[i]) {
        value = static_cast<T>(i);
        return;
      }
    }
    fail(place, "unknown word");
  }
  template <class T>
  void decode(const Json& json, const std::string& place, std::optional<T>& value) {
    if (!json.is_null()) {
      decode(json, place, value.emplace());
    }
  }
  template <class T>
  void decode(const Json& json, const std::string& place, std::vector<T>& values) {
    if (!expect(json.is_array(), place, "a list")) {
      return;
    }
    for (std::size_t i = 0; i < json.size() && !error_; ++i) {
      decode(json[i], place + "[" + std::to_string(i) + "]", values.emplace_back());
    }
  }
  template <class A, class B>
  void decode(const Json& json, const std::string& place, std::pair<A, B>& value) {
    if (expect(json.is_array() && json.size() == 2, place, "a list of two")) {
      decode(json[0], place + "[0]", value.first);
      decode(json[1], place + "[1]", value.second);
    }
  }
  template <class T>
  void decode(const Json& json, const std::string& place, std::map<std::string, T>& values) {
    if (!expect(json.is_object(), place, "an object")) {
      return;
    }
    for (const auto& [name, item] : json.items()) {
      decode(item, place + "." + name, values[name]);
    }
  }
  template <class T>
  requires std::is_class_v<T>
  void decode(const Json& json, const std::string& place, T& value) {
    if (expect(json.is_object(), place, "an object")) {
      FieldReader inside(json, place, &error_);
      describe(inside, value);
    }
  }

 private:
  bool expect(bool is_so, const std::string& place, const char* what) {
    return is_so ? !error_ : fail(place, std::string("expected ") + what);
  }
  bool fail(const std::string& place, const std::string& what) {
    if (!error_) {
      error_ = Error{ErrorKind::kInput, place + ": " + what};
    }
    return false;
  }

  const Json& object_;
  std::string place_;
  std::optional<Error>& error_;
};

template <class T>
Result<T> decode_fields(const Json& json, const std::string& place) {
  std::optional<Error> error;
  T value;
  FieldReader(json, place, &error).decode(json, place, value);
  if (error) {
    return *std::move(error);
  }
  return value;
}

/// Inherited variables that invocations are made with, whoever set them.
std::vector<std::string> variables_of_plans(const Settings& settings) {
  std::vector<std::string> names = {library_path_variable(), "RUSTC_BOOTSTRAP", "__CARGO_DEFAULT_LIB_METADATA"};
  for (const auto& [name, entry] : settings.config_env) {
    names.push_back(name);
  }
  return names;
}

}  // namespace

Json packages_to_json(const IdMap<cargo::PackageId, cargo::Package>& packages) {
  return FieldWriter::encode(std::vector<cargo::Package>(packages.begin(), packages.end()));
}

Result<IdMap<cargo::PackageId, cargo::Package>> packages_from_json(const Json& json,
                                                                   const std::string& place,
                                                                   const cargo::UnitGraph& graph) {
  PCARGO_ASSIGN(auto list, decode_fields<std::vector<cargo::Package>>(json, place));
  IdMap<cargo::PackageId, cargo::Package> packages;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const cargo::PackageId id{static_cast<std::uint32_t>(i)};
    if (!graph.package_ids.contains(id) || graph.package_ids[id] != cargo::to_url_form(list[i].id)) {
      return Error{ErrorKind::kInput,
                   place + "[" + std::to_string(i) + "].id: is not the graph's package of this number"};
    }
    packages.push_back(std::move(list[i]));
  }
  if (packages.size() != graph.package_ids.size()) {
    return Error{ErrorKind::kInput, place + ": the graph has more packages"};
  }
  return packages;
}

EnvironmentChanges environment_changes(const Settings& settings, const Environment& inherited) {
  EnvironmentChanges changes;
  for (const auto& [name, value] : settings.environment) {
    if (inherited.get(name) != value) {
      changes[name] = value;
    }
  }
  for (const auto& [name, value] : inherited) {
    if (!settings.environment.contains(name)) {
      changes[name] = std::nullopt;
    }
  }
  for (const auto& name : variables_of_plans(settings)) {
    changes[name] = settings.environment.get(name);
  }
  return changes;
}

Environment changed(Environment environment, const EnvironmentChanges& changes) {
  for (const auto& [name, value] : changes) {
    if (value) {
      environment.set(name, *value);
    } else {
      environment.remove(name);
    }
  }
  return environment;
}

Json settings_to_json(const Settings& settings, const EnvironmentChanges& changes) {
  return FieldWriter::encode(StoredSettings{settings, {settings.targets.begin(), settings.targets.end()}, changes});
}

Result<std::pair<Settings, EnvironmentChanges>> settings_from_json(const Json& json, const std::string& place) {
  PCARGO_ASSIGN(auto stored, decode_fields<StoredSettings>(json, place));
  auto& toolchain = stored.settings.toolchain;
  toolchain.capabilities = cargo::capabilities_of(toolchain.cargo_version);
  for (auto& target : stored.targets) {
    stored.settings.targets.push_back(std::move(target));
  }
  return std::pair(std::move(stored.settings), std::move(stored.environment));
}

}  // namespace pcargo::plan
