// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/collisions.h"

namespace pcargo::report {

void show_collisions(const std::vector<plan::Collision>& collisions, Shell* shell) {
  for (const plan::Collision& collision : collisions) {
    shell->warn_with_remarks(
        "output filename collision at " + collision.path,
        {{Shell::Level::kNote, collision.description},
         {Shell::Level::kNote,
          "this may become a hard error in the future; see <https://github.com/rust-lang/cargo/issues/6313>"},
         {Shell::Level::kHelp, "consider changing their names to be unique or compiling them separately"}});
  }
}

}  // namespace pcargo::report
