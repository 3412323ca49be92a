// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/capabilities.h"

#include "cargo/version.h"

namespace pcargo::cargo {

namespace {

// The range that tests/conformance goes over.
constexpr std::uint64_t kOldestTested = 65;
constexpr std::uint64_t kNewestTested = 97;

std::string note_on(std::string_view cargo_version, const Version& version) {
  const std::string text = "cargo " + std::string(cargo_version);
  if (version.major > 1 || version.minor > kNewestTested) {
    return text + " is newer than any that this pcargo was tested with (1." + std::to_string(kNewestTested) + ")";
  }
  if (version.minor < kOldestTested) {
    return text + " is older than any that this pcargo was tested with (1." + std::to_string(kOldestTested) + ")";
  }
  return {};
}

bool is_before(std::string_view release, std::uint64_t minor) {
  const Version version = parse_version(release);
  return version.major == 1 && version.minor < minor;
}

}  // namespace

Capabilities capabilities_of(std::string_view cargo_version) {
  const Version version = parse_version(cargo_version);
  Capabilities facts;
  if (version.major == 0) {
    return facts;
  }
  const auto since = [&](std::uint64_t minor) { return version.major > 1 || version.minor >= minor; };
  facts.has_check_cfg = since(80);
  facts.says_edition_2015 = since(78);
  facts.has_lints_table = since(74);
  facts.says_terminal_width = since(68);
  facts.profile_flags_come_last = since(71);
  facts.debuginfo_decides_splitting = since(72);
  facts.says_debuginfo_none = !since(71);
  facts.strips_without_debuginfo = since(77);
  facts.extra_arguments_come_last = since(85);
  facts.search_paths_come_first = since(88);
  facts.link_arguments_know_modes = since(87);
  facts.has_debug_packages = since(69);
  facts.has_manifest_path = since(83);
  facts.has_readme = since(70);
  facts.has_feature_cfg = since(85);
  facts.has_debug_assertions_cfg = since(93);
  facts.examples_have_bin_name = since(70);
  facts.sysroot_is_in_rustc_path = !since(78);
  facts.profile_directory_comes_first = since(93);
  facts.keeps_given_library_path = since(83);
  facts.check_places_nothing = since(93);
  facts.has_double_colon = since(77);
  facts.mistakes_begin_small = since(95);
  facts.programs_have_out_dir = since(77);
  facts.flags_change_cfgs = since(66);
  facts.has_script_errors = since(84);
  facts.has_check_cfg_output = !since(74);
  facts.has_script_check_cfg = since(80);
  facts.has_artifact_lock = since(96);
  facts.names_profile_in_quotes = since(78);
  facts.names_library_by_package = !since(79);
  facts.has_unit_graph = since(44);
  facts.names_target_of_failure = since(70);
  facts.counts_single_error = since(76);
  facts.shows_variables_of_scripts = since(75);
  facts.names_package_of_warning = since(75);
  facts.suggests_fixes = since(68);
  facts.heads_warnings_of_failure = !since(84);
  facts.has_backtrace_hint = since(69);
  facts.has_bright_colours = since(91);
  facts.resets_before_colours = !since(74);
  facts.draws_collisions = since(92);
  facts.messages_have_no_summary = since(84);
  facts.message_code_comes_last = since(92);
  facts.joins_lists_inwards = since(74);
  facts.has_keep_going = since(74);
  facts.note = note_on(cargo_version, version);
  return facts;
}

bool prints_split_debuginfo(std::string_view rustc_release) {
  return !is_before(rustc_release, 68);
}

std::vector<std::string> known_split_debuginfo(std::string_view rustc_release) {
  return is_before(rustc_release, 65) ? std::vector<std::string>()
                                      : std::vector<std::string>{"off", "packed", "unpacked"};
}

}  // namespace pcargo::cargo
