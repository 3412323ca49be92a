// SPDX-License-Identifier: MIT OR Apache-2.0
// Config for tests: files, variables and --config written down in a line each. We are in /work/app; home is
// /home/me/.cargo.
#pragma once

#include "base/environment.h"
#include "cargo/config.h"
#include "support/memory_file_system.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace pcargo::test {

class ConfigStory {
 public:
  /// Contents of /work/app/.cargo/config.toml.
  ConfigStory& config(const std::string& toml) { return file("/work/app/.cargo/config.toml", toml); }
  ConfigStory& home(const std::string& toml) { return file("/home/me/.cargo/config.toml", toml); }
  ConfigStory& file(const std::string& path, const std::string& text) {
    files_.files[path] = text;
    return *this;
  }
  ConfigStory& variable(const std::string& name, const std::string& value) {
    environment_.set(name, value);
    return *this;
  }
  ConfigStory& argument(const std::string& text) {
    arguments_.push_back(text);
    return *this;
  }

  cargo::Config load() const {
    auto config = try_load();
    INFO(text_of(config));
    REQUIRE(config);
    return *std::move(config);
  }

  /// The error of loading, as `text_of` writes it.
  std::string refusal() const { return text_of(try_load()); }

  /// Message and causes, a line each; empty if there is no error.
  template <class T>
  static std::string text_of(const Result<T>& result) {
    if (result) {
      return {};
    }
    std::string text = result.error().message;
    for (const std::string& cause : result.error().causes) {
      text += "\n<- " + cause;
    }
    return text;
  }

 private:
  Result<cargo::Config> try_load() const {
    return cargo::Config::load(files_, environment_, {"/work/app", "/home/me/.cargo", arguments_});
  }

  MemoryFileSystem files_;
  Environment environment_;
  std::vector<std::string> arguments_;
};

}  // namespace pcargo::test
