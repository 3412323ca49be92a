// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/message_format.h"

#include <catch2/catch.hpp>

using namespace pcargo::report;

TEST_CASE("kinds and traits of --message-format") {
  CHECK(*parse_message_format({}) == MessageFormat{});
  CHECK(*parse_message_format({"HUMAN"}) == MessageFormat{});
  CHECK(*parse_message_format({"short"}) == MessageFormat{.short_diagnostics = true});
  CHECK(*parse_message_format({"Json"}) == MessageFormat{.json = true});
  CHECK(*parse_message_format({"json-diagnostic-short", "json-diagnostic-rendered-ansi"}) ==
        MessageFormat{.json = true, .short_diagnostics = true, .ansi = true});
  CHECK(*parse_message_format({"json,json-render-diagnostics"}) ==
        MessageFormat{.json = true, .render_diagnostics = true});
  CHECK(parse_message_format({"json"})->diagnostics_as_text() == false);
  CHECK(parse_message_format({"json-render-diagnostics"})->diagnostics_as_text());
}

TEST_CASE("mixtures and unknown words are refused in cargo's words") {
  for (const std::vector<std::string>& mixed : {std::vector<std::string>{"human", "json"},
                                                {"json,json"},
                                                {"json-diagnostic-short,json"},
                                                {"short,json-diagnostic-rendered-ansi"}}) {
    CHECK(parse_message_format(mixed).error().message == "cannot specify two kinds of `message-format` arguments");
  }
  CHECK(parse_message_format({"XML"}).error().message == "invalid message format specifier: `xml`");
  CHECK(parse_message_format({""}).error().message == "invalid message format specifier: ``");
}
