// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/collisions.h"

#include <fmt/core.h>

#include <string_view>

namespace pcargo::report {
namespace {

std::string paragraph(const plan::Collision& collision) {
  return fmt::format(
      "output filename collision.\n"
      "The {}.\n"
      "Colliding filename is: {}\n"
      "The {}.\n"
      "Consider changing their names to be unique or compiling them separately.\n"
      "This may become a hard error in the future; see <https://github.com/rust-lang/cargo/issues/6313>.",
      std::string_view(collision.description).substr(std::string_view("the ").size()),
      collision.path,
      collision.same_target_name ? "targets should have unique names" : "output filenames should be unique");
}

}  // namespace

void show_collisions(const std::vector<plan::Collision>& collisions, bool drawn, Shell* shell) {
  for (const plan::Collision& collision : collisions) {
    if (!drawn) {
      shell->warn(paragraph(collision));
      continue;
    }
    shell->warn_with_remarks(
        "output filename collision at " + collision.path,
        {{Shell::Level::kNote, collision.description},
         {Shell::Level::kNote,
          "this may become a hard error in the future; see <https://github.com/rust-lang/cargo/issues/6313>"},
         {Shell::Level::kHelp, "consider changing their names to be unique or compiling them separately"}});
  }
}

}  // namespace pcargo::report
