// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/last_build.h"

#include "base/byte_coding.h"
#include "base/path.h"
#include "platform/files.h"
#include "platform/sealed_bytes.h"

#include <algorithm>
#include <utility>

namespace pcargo::freshness {
namespace {

constexpr std::string_view kMagic = "pcargo\x1aL";
/// Raised whenever what the bytes mean changes; a new kind of cause is reason enough.
constexpr std::uint32_t kEpoch = 1;
constexpr const char* kName = "last-build";
constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;

void write_maybe(ByteWriter& out, const std::optional<std::string>& text) {
  out.optional(text, [](ByteWriter& to, const std::string& value) { to.text(value); });
}
void read_maybe(ByteReader& in, std::optional<std::string>& text) {
  in.optional(text, [](ByteReader& from, std::string& value) { from.text(value); });
}

void write_cause(ByteWriter& out, const Cause& cause) {
  out.number(static_cast<std::uint8_t>(cause.kind));
  out.text(cause.subject);
  write_maybe(out, cause.before);
  write_maybe(out, cause.after);
  out.number(static_cast<std::uint8_t>(cause.asked));
  out.optional(cause.source, [](ByteWriter& to, UnitId unit) { to.number(unit.value); });
}
void read_cause(ByteReader& in, Cause& cause) {
  in.one_of(cause.kind, Cause::Kind::kRecordRefused);
  in.text(cause.subject);
  read_maybe(in, cause.before);
  read_maybe(in, cause.after);
  in.one_of(cause.asked, Cause::Asked::kForWholePackage);
  in.optional(cause.source, [](ByteReader& from, UnitId& unit) { from.number(unit.value); });
}

void write_unit(ByteWriter& out, const LastBuild::Unit& unit) {
  out.text(unit.package);
  out.text(unit.version);
  out.text(unit.target);
  out.text(unit.what);
  out.text(unit.identity);
  out.text(unit.record);
  out.number(static_cast<std::uint8_t>(unit.state));
  out.text(unit.unsettled);
  write_cause(out, unit.cause);
}
void read_unit(ByteReader& in, LastBuild::Unit& unit) {
  in.text(unit.package);
  in.text(unit.version);
  in.text(unit.target);
  in.text(unit.what);
  in.text(unit.identity);
  in.text(unit.record);
  in.one_of(unit.state, LastBuild::State::kStopped);
  in.text(unit.unsettled);
  read_cause(in, unit.cause);
}

void write_build(ByteWriter& out, const LastBuild& build) {
  out.text(build.command);
  out.text(build.workspace_root);
  out.number(build.ended_at);
  out.number(static_cast<std::uint8_t>(build.outcome));
  out.list(build.units, write_unit);
}
void read_build(ByteReader& in, LastBuild& build) {
  in.text(build.command);
  in.text(build.workspace_root);
  in.number(build.ended_at);
  in.one_of(build.outcome, Outcome::kCancelled);
  in.list(build.units, read_unit);
}

}  // namespace

std::string encode_last_build(const LastBuild& build) {
  return platform::seal_value(kMagic, kEpoch, build, write_build);
}

std::optional<LastBuild> decode_last_build(std::string_view bytes) {
  auto build = platform::unseal_value<LastBuild>(kMagic, kEpoch, bytes, read_build);
  const auto is_sound = [&build](const LastBuild::Unit& unit) {
    return !unit.cause.source || unit.cause.source->value < build->units.size();
  };
  return build && std::all_of(build->units.begin(), build->units.end(), is_sound) ? std::move(build) : std::nullopt;
}

std::optional<LastBuild> read_last_build(const std::string& directory) {
  const auto bytes = platform::read_regular_file(path::join(directory, kName), kMostBytes);
  return bytes ? decode_last_build(*bytes) : std::nullopt;
}

Result<void> write_last_build(const std::string& directory, const LastBuild& build) {
  return platform::write_file_by_rename(path::join(directory, kName), encode_last_build(build));
}

}  // namespace pcargo::freshness
