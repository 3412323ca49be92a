// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/hand_over.h"

#include "cli/screen.h"
#include "platform/process.h"
#include "platform/real_file_system.h"

#include <algorithm>

namespace pcargo::cli {

namespace {

constexpr int kFailure = 101;

int show(const Error& error) {
  Screen screen({}, Environment());
  screen.shell().display_error(error);
  return kFailure;
}

std::optional<std::string> toolchain_word(const Session& session) {
  const auto& words = session.words;
  const bool has = !words.empty() && words.front().size() > 1 && words.front().front() == '+';
  return has ? std::optional(words.front().substr(1)) : std::nullopt;
}

/// Cargo would refuse them.
void remove_own_flags(std::vector<std::string>* argv) {
  const auto end = std::find(argv->begin(), argv->end(), "--");
  std::vector<std::string> kept;
  for (auto word = argv->begin(); word != end; ++word) {
    if ((*word == "--late-link" || *word == "--memory") && word + 1 != end) {
      ++word;
    } else if (*word != "--no-plan-cache" && !word->starts_with("--late-link=") && !word->starts_with("--memory=")) {
      kept.push_back(*word);
    }
  }
  kept.insert(kept.end(), end, argv->end());
  *argv = std::move(kept);
}

}  // namespace

int hand_over_to_cargo(const Session& session,
                       const std::string& reason,
                       report::Shell* shell,
                       const std::optional<prepare::CargoProgram>& cargo) {
  if (!session.environment.get("PCARGO_NO_HANDOVER").value_or("").empty()) {
    return show(
        {ErrorKind::kUsage, "this command would be handed over to cargo (PCARGO_NO_HANDOVER is set)", {reason}});
  }
  if (shell != nullptr) {
    shell->status("Handing", "over to cargo: " + reason);
  }
  const platform::RealFileSystem files;
  auto program = cargo;
  if (!program) {
    auto search = prepare::find_cargo(
        {files, session.environment, session.current_directory, toolchain_word(session), session.own_executable});
    if (!search) {
      return show(search.error());
    }
    if (!search->cargo) {
      return search->exit_code;
    }
    program = search->cargo;
  }
  std::vector<std::string> argv{program->path};
  const std::size_t skipped = toolchain_word(session) ? 1 : 0;
  argv.insert(argv.end(), session.words.begin() + static_cast<std::ptrdiff_t>(skipped), session.words.end());
  remove_own_flags(&argv);
  return show(platform::replace_process(argv, program->environment));
}

}  // namespace pcargo::cli
