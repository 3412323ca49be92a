// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/where.h"

#include "base/path.h"
#include "platform/child_process.h"
#include "platform/real_file_system.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace pcargo::cli {

std::optional<cargo::WorkspaceMetadata> ask_where(const Session& session,
                                                  const prepare::CargoProgram& cargo,
                                                  const std::vector<std::string>& words,
                                                  std::string* complaint) {
  platform::SpawnOptions spawn;
  spawn.argv = {cargo.path, "metadata", "--no-deps", "--format-version", "1"};
  spawn.argv.insert(spawn.argv.end(), words.begin(), words.end());
  spawn.environment = cargo.environment.to_block();
  spawn.search_path = session.environment.get("PATH").value_or("");
  const auto answer = platform::run_to_end(spawn);
  if (!answer || !answer->status.success()) {
    if (answer && complaint != nullptr) {
      *complaint = answer->err;
    }
    return std::nullopt;
  }
  auto metadata = cargo::read_metadata(answer->out);
  return metadata ? std::optional(*std::move(metadata)) : std::nullopt;
}

std::string private_root(const cargo::WorkspaceMetadata& metadata) {
  return path::join(metadata.build_directory.value_or(metadata.target_directory), "pcargo");
}

CLI::Option* add_value(CLI::App& app, const char* name) {
  return app.add_option(name)->type_size(1)->expected(1)->allow_extra_args(false)->take_all();
}

CLI::Option* add_optional_value(CLI::App& app, const char* name) {
  return app.add_option(name)->type_size(1)->expected(0, 1)->take_last();
}

Result<void> parse_words(CLI::App& app, std::vector<std::string> arguments) {
  app.allow_extras();
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
  } catch (const CLI::Error& error) {
    return Error{ErrorKind::kUsage, error.what()};
  }
  return {};
}

WhereOptions::WhereOptions(CLI::App& app)
    : manifest_(add_value(app, "--manifest-path")),
      target_(add_value(app, "--target-dir")),
      config_(add_value(app, "--config")) {}

std::vector<std::string> WhereOptions::words() const {
  std::vector<std::string> words;
  for (const auto* option : {manifest_, config_}) {
    for (const auto& text : option->results()) {
      words.insert(words.end(), {option->get_name(), text});
    }
  }
  for (const auto& text : target_->results()) {
    words.insert(words.end(), {"--config", "build.target-dir=\"" + text + "\""});
  }
  return words;
}

Result<cargo::WorkspaceMetadata> WhereOptions::find(const Session& session,
                                                    const std::optional<std::string>& toolchain) const {
  const platform::RealFileSystem files;
  PCARGO_ASSIGN(
      const auto search,
      prepare::find_cargo({files, session.environment, session.current_directory, toolchain, session.own_executable}));
  if (!search.cargo) {
    return Error{ErrorKind::kInput, "there is no cargo that could say where the build directory is"};
  }
  std::string complaint;
  auto metadata = ask_where(session, *search.cargo, words(), &complaint);
  if (!metadata) {
    return Error{ErrorKind::kInput, "cargo cannot say where the build directory is", {complaint}};
  }
  return *std::move(metadata);
}

}  // namespace pcargo::cli
