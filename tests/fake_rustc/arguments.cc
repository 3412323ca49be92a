// SPDX-License-Identifier: MIT OR Apache-2.0
#include "arguments.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <string_view>

namespace pcargo::fake_rustc {
namespace {

// Flags whose value is the next argument, unless it follows a "=".
const std::set<std::string_view>& valued_flags() {
  static const std::set<std::string_view> kFlags = {"--crate-name",
                                                    "--crate-type",
                                                    "--edition",
                                                    "--emit",
                                                    "--extern",
                                                    "--out-dir",
                                                    "--target",
                                                    "--cfg",
                                                    "--check-cfg",
                                                    "--json",
                                                    "--error-format",
                                                    "--print",
                                                    "--cap-lints",
                                                    "--codegen",
                                                    "--color",
                                                    "--sysroot",
                                                    "-C",
                                                    "-L",
                                                    "-l",
                                                    "-Z",
                                                    "-A",
                                                    "-W",
                                                    "-D",
                                                    "-F",
                                                    "-o",
                                                    "--warn",
                                                    "--allow",
                                                    "--deny",
                                                    "--forbid",
                                                    "--force-warn",
                                                    "--cfg",
                                                    "--remap-path-prefix"};
  return kFlags;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string::npos) {
      return parts;
    }
    begin = end + 1;
  }
}

std::vector<std::string> expand_response_files(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (word.empty() || word[0] != '@') {
      words.push_back(std::move(word));
      continue;
    }
    std::ifstream file(word.substr(1));
    for (std::string line; std::getline(file, line);) {
      words.push_back(line);
    }
  }
  return words;
}

void take_extern(Arguments* arguments, const std::string& value) {
  std::size_t equals = value.find('=');
  if (equals == std::string::npos) {
    return;  // a bare name, as `proc_macro`
  }
  std::size_t options = value.find(':');
  std::size_t begin = options < equals ? options + 1 : 0;
  arguments->externs.emplace_back(value.substr(begin, equals - begin), value.substr(equals + 1));
}

void take_flag(Arguments* arguments, const std::string& flag, const std::string& value) {
  if (flag == "--crate-name") {
    arguments->crate_name = value;
  } else if (flag == "--crate-type") {
    arguments->crate_types.push_back(value);
  } else if (flag == "--emit") {
    arguments->emits = split(value, ',');
  } else if (flag == "--out-dir") {
    arguments->out_dir = value;
    return;
  } else if (flag == "--target") {
    arguments->target = value;
  } else if (flag == "--print") {
    arguments->prints.push_back(value);
  } else if (flag == "--extern") {
    take_extern(arguments, value);
    return;
  } else if (flag == "--json") {
    auto kinds = split(value, ',');
    arguments->json_artifacts = std::find(kinds.begin(), kinds.end(), "artifacts") != kinds.end();
  } else if (flag == "-C" && value.rfind("extra-filename=", 0) == 0) {
    arguments->extra_filename = value.substr(std::string_view("extra-filename=").size());
  } else if (flag == "-L" || (flag == "-C" && value.rfind("incremental=", 0) == 0)) {
    return;
  }
  arguments->meaning.push_back(flag + " " + value);
}

}  // namespace

bool Arguments::emits_kind(const std::string& kind) const {
  return std::find(emits.begin(), emits.end(), kind) != emits.end();
}

Arguments parse_arguments(int argc, char** argv) {
  Arguments arguments;
  const std::vector<std::string> words = expand_response_files(argc, argv);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "-vV" || word == "-V" || word == "--version") {
      arguments.version = true;
    } else if (word == "--test") {
      arguments.test = true;
      arguments.meaning.push_back(word);
    } else if (word.empty() || word[0] != '-' || word == "-") {
      arguments.source = word;
    } else if (valued_flags().count(word) != 0 && i + 1 < words.size()) {
      take_flag(&arguments, word, words[++i]);
    } else if (std::size_t equals = word.find('='); equals != std::string::npos && word.rfind("--", 0) == 0) {
      take_flag(&arguments, word.substr(0, equals), word.substr(equals + 1));
    } else {
      arguments.meaning.push_back(word);
    }
  }
  return arguments;
}

}  // namespace pcargo::fake_rustc
