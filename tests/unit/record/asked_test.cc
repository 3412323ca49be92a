// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/asked.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <string>

namespace pcargo::record {
namespace {

AskedAnswer answer(int number) {
  return {number, "cores=" + std::to_string(number), number, number * 1000, 0.05};
}

TEST_CASE("answers are kept, and the last ones stay") {
  const support::TemporaryDirectory directory;
  CHECK(kept_answers(directory.path()).empty());
  keep_answers(directory.path(), {answer(1), answer(2)});
  keep_answers(directory.path(), {answer(3)});
  CHECK(kept_answers(directory.path()) == std::vector{answer(1), answer(2), answer(3)});
  keep_answers(directory.path(), std::vector(kAnswersKept - 1, answer(4)));
  const auto kept = kept_answers(directory.path());
  CHECK(kept.size() == kAnswersKept);
  CHECK(kept.front() == answer(3));
}

TEST_CASE("names of any bytes are kept in some way, and lines that make no sense are left out") {
  const support::TemporaryDirectory directory;
  AskedAnswer strange = answer(1);
  strange.change = "split \xff\n\" 2";
  keep_answers(directory.path(), {strange, answer(2)});
  CHECK(kept_answers(directory.path()).size() == 2);
  const std::string whole = R"({"asked_at_ms":1,"change":"x","cores":1,"wall_us":5,"error_ppm":10})";
  directory.write("what-ifs.jsonl",
                  "\n{}\n[]\nnothing\n" + whole + "\n" +
                      R"({"asked_at_ms":-1,"change":"x","cores":1,"wall_us":5,"error_ppm":10})" + "\n" +
                      R"({"asked_at_ms":1,"change":7,"cores":1,"wall_us":5,"error_ppm":10})" + "\n" +
                      whole.substr(0, whole.size() - 1));
  CHECK(kept_answers(directory.path()).size() == 1);
}

TEST_CASE("where nothing can be written nothing is kept") {
  keep_answers("/nowhere/at/all", {answer(1)});
  CHECK(kept_answers("/nowhere/at/all").empty());
}

}  // namespace
}  // namespace pcargo::record
