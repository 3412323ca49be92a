// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/future_incompat.h"

#include "base/path.h"
#include "cargo/version.h"
#include "report/text.h"
#include "report/unit_names.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace pcargo::report {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFileName = ".future-incompat-report.json";
constexpr std::size_t kMostReports = 5;

using Packages = std::vector<const cargo::Package*>;

std::string short_spec(const cargo::Package& package) {
  return package.name + "@" + package.version;
}

/// Each package once, in cargo's order of package ids.
Packages sorted_packages(const std::vector<FutureIncompatEntry>& entries) {
  Packages packages;
  for (const FutureIncompatEntry& entry : entries) {
    packages.push_back(entry.package);
  }
  std::sort(packages.begin(), packages.end(), [](const cargo::Package* left, const cargo::Package* right) {
    if (left->name != right->name) {
      return left->name < right->name;
    }
    const auto order =
        cargo::compare_versions(cargo::parse_version(left->version), cargo::parse_version(right->version));
    return order != 0 ? order < 0 : left->id < right->id;
  });
  packages.erase(std::unique(packages.begin(), packages.end()), packages.end());
  return packages;
}

std::string quoted_lines(std::string_view text) {
  std::string quoted;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    quoted.append("> ").append(text.substr(0, end)).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return quoted;
}

std::map<std::string, std::string> rendered_by_package(const std::vector<FutureIncompatEntry>& entries) {
  std::map<std::string, std::string> rendered;
  for (const FutureIncompatEntry& entry : entries) {
    std::string& text = rendered[short_spec(*entry.package)];
    text += fmt::format("The package `{}` currently triggers the following future incompatibility lints:\n",
                        entry.package->display());
    for (const FutureIncompatItem& item : entry.items) {
      text += quoted_lines(item.rendered);
    }
  }
  return rendered;
}

std::string update_suggestion(const Packages& packages, const FutureIncompatOptions& options) {
  std::string updates;
  for (const cargo::Package* package : packages) {
    if (package->source != cargo::SourceKind::kRegistry || !options.newer_versions) {
      continue;
    }
    if (const auto versions = options.newer_versions(*package); !versions.empty()) {
      updates += fmt::format(
          "\n  - {} has the following newer versions available: {}", package->display(), fmt::join(versions, ", "));
    }
  }
  return updates.empty() ? "" : "update to a newer version to see if the issue has been fixed" + updates;
}

std::string maintainer_suggestion(const Packages& packages, std::uint32_t id) {
  std::vector<std::string> upstream;
  for (const cargo::Package* package : packages) {
    upstream.push_back(
        fmt::format("  - {0}\n  - repository: {1}\n"
                    "  - detailed warning command: `cargo report future-incompatibilities --id {2} --package {0}`",
                    short_spec(*package),
                    package->repository.empty() ? "<not found>" : package->repository,
                    id));
  }
  return fmt::format(
      "ensure the maintainers know of this problem (e.g. creating a bug report if needed)\n"
      "or even helping with a fix (e.g. by creating a pull request)\n{}",
      fmt::join(upstream, "\n\n"));
}

/// What to do about packages that are not the user's own; nothing if all are.
std::vector<std::string> suggestions_for(const Packages& packages,
                                         const FutureIncompatOptions& options,
                                         std::uint32_t id) {
  if (std::all_of(packages.begin(), packages.end(), [](const cargo::Package* p) { return p->is_local(); })) {
    return {};
  }
  std::vector<std::string> suggestions;
  if (std::string update = update_suggestion(packages, options); !update.empty()) {
    suggestions.push_back(std::move(update));
  }
  suggestions.push_back(maintainer_suggestion(packages, id));
  suggestions.push_back(
      "use your own version of the dependency with the `[patch]` section in `Cargo.toml`\n"
      "For more information, see:\n"
      "https://doc.rust-lang.org/cargo/reference/overriding-dependencies.html#the-patch-section");
  return suggestions;
}

std::string suggestion_message(const std::vector<std::string>& suggestions) {
  if (suggestions.empty()) {
    return {};
  }
  std::string message = "to solve this problem, you can try the following approaches:\n";
  for (const std::string& suggestion : suggestions) {
    message += "\n- " + suggestion + "\n";
  }
  return message;
}

FutureIncompatReports load(const FutureIncompatOptions& options, const std::string& path) {
  if (options.files == nullptr) {
    return {};
  }
  const auto contents = options.files->read(path);
  return contents && *contents ? parse_future_incompat_reports(**contents) : FutureIncompatReports();
}

void display(
    const Packages& packages, const std::vector<std::string>& suggestions, bool whole, std::uint32_t id, Shell* shell) {
  if (shell->verbosity() == Verbosity::kQuiet) {
    return;
  }
  std::vector<std::string> titles;
  for (const cargo::Package* package : packages) {
    titles.push_back(package->display());
  }
  std::string text = Shell::titled(
      Shell::Level::kWarning,
      fmt::format("the following packages contain code that will be rejected by a future version of Rust: {}",
                  fmt::join(titles, ", ")));
  std::string note;
  if (whole) {
    for (const std::string& suggestion : suggestions) {
      text += "\n" + Shell::titled(Shell::Level::kHelp, suggestion);
    }
    note = fmt::format("this report can be shown with `cargo report future-incompatibilities --id {}`", id);
  } else {
    note = fmt::format(
        "to see what the problems were, use the option `--future-incompat-report`, or run `cargo report "
        "future-incompatibilities --id {}`",
        id);
  }
  shell->err_line(text + "\n" + Shell::titled(Shell::Level::kNote, note));
}

}  // namespace

std::optional<std::vector<FutureIncompatItem>> read_future_incompat(std::string_view json) {
  const Json message = Json::parse(json, nullptr, false);
  if (!message.is_object() || !message.contains("future_incompat_report") ||
      !message["future_incompat_report"].is_array()) {
    return std::nullopt;
  }
  std::vector<FutureIncompatItem> items;
  for (const Json& item : message["future_incompat_report"]) {
    if (!item.is_object() || !item.contains("diagnostic") || !item["diagnostic"].is_object()) {
      return std::nullopt;
    }
    const Json& diagnostic = item["diagnostic"];
    auto rendered = diagnostic.find("rendered");
    auto level = diagnostic.find("level");
    if (rendered == diagnostic.end() || !rendered->is_string() || level == diagnostic.end() || !level->is_string()) {
      return std::nullopt;
    }
    items.push_back({rendered->get<std::string>(), level->get<std::string>()});
  }
  return items;
}

std::uint32_t FutureIncompatReports::add(std::map<std::string, std::string> per_package) {
  for (const FutureIncompatReport& report : reports) {
    if (report.per_package == per_package) {
      return report.id;
    }
  }
  reports.push_back({next_id, {}, std::move(per_package)});
  if (reports.size() > kMostReports) {
    reports.erase(reports.begin());
  }
  return next_id++;
}

FutureIncompatReports parse_future_incompat_reports(std::string_view text) {
  auto is_number = [](const Json& object, const char* key) {
    return object.contains(key) && object[key].is_number_unsigned() && object[key].get<std::uint64_t>() < UINT32_MAX;
  };
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !is_number(json, "version") || json["version"] != 0 || !is_number(json, "next_id") ||
      !json.contains("reports") || !json["reports"].is_array()) {
    return {};
  }
  FutureIncompatReports reports;
  reports.next_id = json["next_id"].get<std::uint32_t>();
  for (const Json& entry : json["reports"]) {
    if (!entry.is_object() || !is_number(entry, "id") || !entry.contains("suggestion_message") ||
        !entry["suggestion_message"].is_string() || !entry.contains("per_package") ||
        !entry["per_package"].is_object()) {
      return {};
    }
    FutureIncompatReport report{entry["id"].get<std::uint32_t>(), entry["suggestion_message"].get<std::string>(), {}};
    for (const auto& [package, rendered] : entry["per_package"].items()) {
      if (!rendered.is_string()) {
        return {};
      }
      report.per_package[package] = rendered.get<std::string>();
    }
    reports.reports.push_back(std::move(report));
  }
  return reports;
}

std::string write_future_incompat_reports(const FutureIncompatReports& reports) {
  std::string json = fmt::format("{{\"version\":0,\"next_id\":{},\"reports\":[", reports.next_id);
  for (std::size_t i = 0; i < reports.reports.size(); ++i) {
    const FutureIncompatReport& report = reports.reports[i];
    json += fmt::format("{}{{\"id\":{},\"suggestion_message\":", i == 0 ? "" : ",", report.id);
    append_json_string(&json, report.suggestion_message);
    json += ",\"per_package\":{";
    std::string_view separator;
    for (const auto& [package, rendered] : report.per_package) {
      json += separator;
      append_json_string(&json, package);
      json += ':';
      append_json_string(&json, rendered);
      separator = ",";
    }
    json += "}}";
  }
  return json + "]}";
}

void save_and_display_report(const std::vector<FutureIncompatEntry>& entries,
                             const FutureIncompatOptions& options,
                             Shell* shell) {
  if (entries.empty()) {
    if (options.show_report) {
      shell->note("0 dependencies had future-incompatible warnings");
    }
    return;
  }
  const std::string path = path::join(options.build_directory, kFileName);
  const Packages packages = sorted_packages(entries);
  FutureIncompatReports reports = load(options, path);
  const std::uint32_t next_id = reports.next_id;
  const std::uint32_t id = reports.add(rendered_by_package(entries));
  const auto suggestions = suggestions_for(packages, options, id);
  if (id == next_id && options.write_file) {
    reports.reports.back().suggestion_message = suggestion_message(suggestions);
    if (auto written = options.write_file(path, write_future_incompat_reports(reports)); !written) {
      shell->warn_with_error("failed to write on-disk future incompatible report", written.error());
    }
  }
  if (options.show_message || options.show_report) {
    display(packages, suggestions, options.show_report, id, shell);
  }
}

}  // namespace pcargo::report
