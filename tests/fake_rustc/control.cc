// SPDX-License-Identifier: MIT OR Apache-2.0
#include "control.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace pcargo::fake_rustc {
namespace {

// Cuts the first word off `line`.
std::string take_word(std::string* line) {
  std::size_t space = line->find(' ');
  std::string word = line->substr(0, space);
  *line = space == std::string::npos ? "" : line->substr(space + 1);
  return word;
}

// A shell line that prints `text`, whatever is in it.
std::string say_in_shell(const std::string& text) {
  return "printf '%s\\n' " + shell_quoted(text);
}

}  // namespace

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

Control Control::from_environment(const std::string& crate) {
  Control control;
  const char* path = std::getenv("PCARGO_FAKE_RUSTC");
  if (path == nullptr) {
    return control;
  }
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "fake rustc: cannot read the control file %s\n", path);
    std::exit(2);
  }
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') {
      continue;
    }
    std::string first = take_word(&line);
    std::string second = take_word(&line);
    if (first == "script" || first == "shell") {
      control.script_.push_back({second, first == "script" ? say_in_shell(line) : line});
    } else if (first == crate || first == "*") {
      control.orders_.push_back({second, line});
    }
  }
  return control;
}

std::optional<std::string> Control::argument(const std::string& mode) const {
  for (const Order& order : orders_) {
    if (order.mode == mode) {
      return order.argument;
    }
  }
  return std::nullopt;
}

long Control::number(const std::string& mode, long otherwise) const {
  auto text = argument(mode);
  return text && !text->empty() ? std::atol(text->c_str()) : otherwise;
}

std::vector<std::string> Control::script_lines(const std::string& package) const {
  std::vector<std::string> lines;
  for (const Order& order : script_) {
    if (order.mode == package) {
      lines.push_back(order.argument);
    }
  }
  return lines;
}

}  // namespace pcargo::fake_rustc
