// SPDX-License-Identifier: MIT OR Apache-2.0
// Package id specs in URL form, as unit graph and metadata write them (cargo 1.95: package_id_spec.rs). No disk here.
#pragma once

#include "base/result.h"
#include "cargo/package.h"

#include <string>
#include <string_view>

namespace pcargo::cargo {

/// An error names the id. Every part of the id is there in what cargo writes, so a missing part is an error too.
Result<PackageSpec> parse_package_spec(std::string_view id);

/// The unit graph of older cargos (1.85) has "name 1.0.0 (path+file:///dir)": the same in URL form. Others as they are.
std::string to_url_form(std::string id);

/// The other way, for the messages of a cargo before 1.77. `commit`: of a git source, whole.
std::string to_older_form(const PackageSpec& spec, const std::string& commit);

/// `url#1.0.0`, or `url#name@1.0.0` where the last part of the URL is not the name.
std::string package_id(std::string_view url, std::string_view name, std::string_view version);

/// As cargo writes a directory into a package id: `file://` and the path with percent escapes.
std::string file_url(std::string_view path);

/// The path of a `file://` URL, percent escapes undone; empty if it is no such URL.
std::string path_of_file_url(std::string_view url);

}  // namespace pcargo::cargo
