// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/package_spec.h"

#include <optional>
#include <utility>

namespace pcargo::cargo {
namespace {

std::optional<int> hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  if (digit >= 'a' && digit <= 'f') {
    return digit - 'a' + 10;
  }
  if (digit >= 'A' && digit <= 'F') {
    return digit - 'A' + 10;
  }
  return std::nullopt;
}

std::string undo_percent_escapes(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        plain.push_back(static_cast<char>(*high * 16 + *low));
        i += 2;
        continue;
      }
    }
    plain.push_back(text[i]);
  }
  return plain;
}

std::string_view last_component(std::string_view url) {
  url = url.substr(0, url.find('?'));
  return url.substr(url.rfind('/') + 1);
}

bool starts_with_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

}  // namespace

Result<PackageSpec> parse_package_spec(std::string_view id) {
  const Error malformed{ErrorKind::kInput,
                        "package id `" + std::string(id) + "` is not a URL with a name and a version"};
  static constexpr std::pair<std::string_view, SourceKind> kSources[] = {{"path+", SourceKind::kPath},
                                                                         {"registry+", SourceKind::kRegistry},
                                                                         {"sparse+", SourceKind::kRegistry},
                                                                         {"git+", SourceKind::kGit}};
  PackageSpec spec;
  std::string_view rest;
  for (const auto& [prefix, source] : kSources) {
    if (id.substr(0, prefix.size()) == prefix) {
      spec.source = source;
      // Cargo keeps "sparse+" as part of such a registry's URL.
      rest = prefix == "sparse+" ? id : id.substr(prefix.size());
    }
  }
  const std::size_t hash = rest.rfind('#');
  if (hash == std::string_view::npos || rest.find("://") == std::string_view::npos) {
    return malformed;
  }
  spec.url = rest.substr(0, hash);
  const std::string_view fragment = rest.substr(hash + 1);
  const std::size_t at = fragment.rfind('@');
  if (at != std::string_view::npos) {
    spec.name = fragment.substr(0, at);
    spec.version = fragment.substr(at + 1);
  } else {
    spec.name = last_component(spec.url);
    spec.version = fragment;
  }
  if (spec.name.empty() || !starts_with_digit(spec.version)) {
    return malformed;
  }
  return spec;
}

std::string to_url_form(std::string id) {
  const std::string_view old = id;
  const std::size_t bracket = old.find(" (");
  const std::size_t space = old.find(' ');
  if (bracket == std::string_view::npos || space == bracket || !old.ends_with(')')) {
    return id;
  }
  const std::string_view name = old.substr(0, space);
  const std::string_view version = old.substr(space + 1, bracket - space - 1);
  std::string_view source = old.substr(bracket + 2, old.size() - bracket - 3);
  source = source.substr(0, source.find('#'));  // a git source's commit
  return package_id(source, name, version);
}

std::string package_id(std::string_view url, std::string_view name, std::string_view version) {
  return std::string(url) + "#" + (last_component(url) == name ? "" : std::string(name) + "@") + std::string(version);
}

std::string to_older_form(const PackageSpec& spec, const std::string& commit) {
  const bool is_prefixed = spec.url.starts_with("sparse+");
  const char* prefix = is_prefixed                            ? ""
                       : spec.source == SourceKind::kPath     ? "path+"
                       : spec.source == SourceKind::kRegistry ? "registry+"
                                                              : "git+";
  return spec.name + " " + spec.version + " (" + prefix + spec.url + (commit.empty() ? "" : "#" + commit) + ")";
}

std::string file_url(std::string_view path) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string url = "file://";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || std::string_view("\"#<>?`{}%\\").find(c) != std::string_view::npos) {
      url += {'%', kHex[byte >> 4U], kHex[byte & 0xfU]};
    } else {
      url += c;
    }
  }
  return url;
}

std::string path_of_file_url(std::string_view url) {
  constexpr std::string_view kScheme = "file://";
  if (url.substr(0, kScheme.size()) != kScheme) {
    return {};
  }
  return undo_percent_escapes(url.substr(kScheme.size()));
}

}  // namespace pcargo::cargo
