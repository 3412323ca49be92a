// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/titles.h"

#include <algorithm>

namespace pcargo::report {

std::string with_bold_titles(std::string_view text) {
  std::string out;
  bool is_title = true;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    out += is_title && !line.empty() ? "\033[1m" + std::string(line) + "\033[0m" : std::string(line);
    is_title = line.empty();
    out += end < text.size() ? "\n" : "";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace pcargo::report
