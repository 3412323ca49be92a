// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/layout.h"

#include "base/path.h"

namespace pcargo::plan {

namespace {

std::string package_directory(const std::string& name, std::uint64_t hash) {
  return name + "-" + UnitHash::to_hex(hash);
}

}  // namespace

std::string platform_short_name(const std::string& platform) {
  constexpr std::string_view kSpecification = ".json";
  if (platform.size() > kSpecification.size() &&
      platform.compare(platform.size() - kSpecification.size(), kSpecification.size(), kSpecification) == 0) {
    return std::string(path::file_stem(platform));
  }
  return platform;
}

std::string Layout::profile_below(const std::string& root, cargo::PlatformId platform) const {
  const std::string base =
      platform == cargo::kHostPlatform ? root : path::join(root, platform_short_name(graph_.platforms[platform]));
  return path::join(base, settings_.profile_directory);
}

std::string Layout::private_root() const {
  return path::join(settings_.build_directory, "pcargo");
}

std::string Layout::deps(cargo::PlatformId platform) const {
  return profile_below(private_root(), platform) + "/deps";
}

std::string Layout::examples(cargo::PlatformId platform) const {
  return profile_below(private_root(), platform) + "/examples";
}

std::string Layout::incremental(cargo::PlatformId platform,
                                const std::string& package_name,
                                std::uint64_t unit_id) const {
  return profile_below(private_root(), platform) + "/incremental/" + package_directory(package_name, unit_id);
}

std::string Layout::script_executable(const std::string& package_name, std::uint64_t compile_unit_id) const {
  return profile_below(private_root(), cargo::kHostPlatform) + "/build/" +
         package_directory(package_name, compile_unit_id);
}

std::string Layout::script_record(cargo::PlatformId platform,
                                  const std::string& package_name,
                                  std::uint64_t run_unit_id) const {
  return profile_below(private_root(), platform) + "/build/" + package_directory(package_name, run_unit_id);
}

std::string Layout::out_dir(cargo::PlatformId platform,
                            const std::string& package_name,
                            std::uint64_t run_unit_id) const {
  return profile_below(settings_.build_directory, platform) + "/build/" + package_directory(package_name, run_unit_id) +
         "/out";
}

std::string Layout::record(cargo::PlatformId platform, const std::string& package_name, std::uint64_t unit_id) const {
  return profile_below(private_root(), platform) + "/records/" + package_directory(package_name, unit_id);
}

std::string Layout::unit_lock(cargo::PlatformId platform,
                              const std::string& package_name,
                              std::uint64_t unit_id) const {
  return profile_below(private_root(), platform) + "/locks/" + package_directory(package_name, unit_id);
}

std::string Layout::tmp(cargo::PlatformId platform) const {
  const std::string& root = settings_.build_directory;
  return platform == cargo::kHostPlatform ? root + "/tmp"
                                          : path::join(root, platform_short_name(graph_.platforms[platform])) + "/tmp";
}

std::optional<std::string> Layout::artifacts(cargo::PlatformId platform) const {
  if (settings_.check_only && settings_.toolchain.capabilities.check_places_nothing) {
    return std::nullopt;
  }
  return profile_below(settings_.target_directory, platform);
}

}  // namespace pcargo::plan
