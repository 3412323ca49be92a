// SPDX-License-Identifier: MIT OR Apache-2.0
// Each thing is written and read by a pair of functions that stand together.
#include "freshness/record.h"

#include "base/byte_coding.h"
#include "freshness/look_coding.h"
#include "platform/sealed_bytes.h"

#include <utility>

namespace pcargo::freshness {
namespace {

using Writer = ByteWriter;
using Reader = ByteReader;

constexpr std::string_view kMagic = "pcargo\x1aU";

void write_text(Writer& out, const std::string& text) {
  out.text(text);
}
void read_text(Reader& in, std::string& text) {
  in.text(text);
}

void write_path(Writer& out, const PathLook& path) {
  out.text(path.path);
  write_look(out, path.look);
}
void read_path(Reader& in, PathLook& path) {
  in.text(path.path);
  read_look(in, path.look);
}

void write_tree(Writer& out, const TreeLook& tree) {
  out.digest(tree.digest);
  out.number(tree.newest_ctime_ns);
  out.list(tree.entries, [](Writer& to, const std::pair<std::string, Look>& entry) {
    to.text(entry.first);
    write_look(to, entry.second);
  });
}
void read_tree(Reader& in, TreeLook& tree) {
  in.digest(tree.digest);
  in.number(tree.newest_ctime_ns);
  in.list(tree.entries, [](Reader& from, std::pair<std::string, Look>& entry) {
    from.text(entry.first);
    read_look(from, entry.second);
  });
}

void write_given(Writer& out, const GivenField& field) {
  out.number(static_cast<std::uint8_t>(field.kind));
  out.text(field.name);
  out.text(field.value);
}
void read_given(Reader& in, GivenField& field) {
  in.one_of(field.kind, GivenField::Kind::kScript);
  in.text(field.name);
  in.text(field.value);
}

void write_variable(Writer& out, const VariableLook& variable) {
  out.text(variable.name);
  out.optional(variable.value, write_text);
}
void read_variable(Reader& in, VariableLook& variable) {
  in.text(variable.name);
  in.optional(variable.value, read_text);
}

void write_message(Writer& out, const Message& message) {
  out.number(static_cast<std::uint8_t>(message.kind));
  out.text(message.text);
}
void read_message(Reader& in, Message& message) {
  in.one_of(message.kind, Message::Kind::kStdoutLine);
  in.text(message.text);
}

void write_record(Writer& out, const Record& record) {
  out.text(record.boot_id);
  out.list(record.given, write_given);
  out.list(record.inputs, write_path);
  out.list(record.variables, write_variable);
  out.list(record.outputs, write_path);
  out.list(record.messages, write_message);
  out.text(record.script_stdout);
  out.optional(record.out_dir, write_tree);
  out.optional(record.package, write_tree);
}
void read_record(Reader& in, Record& record) {
  in.text(record.boot_id);
  in.list(record.given, read_given);
  in.list(record.inputs, read_path);
  in.list(record.variables, read_variable);
  in.list(record.outputs, read_path);
  in.list(record.messages, read_message);
  in.text(record.script_stdout);
  in.optional(record.out_dir, read_tree);
  in.optional(record.package, read_tree);
}

}  // namespace

std::string encode_record(const Record& record) {
  return platform::seal_value(kMagic, kRecordEpoch, record, write_record);
}

std::optional<Record> decode_record(std::string_view bytes) {
  return platform::unseal_value<Record>(kMagic, kRecordEpoch, bytes, read_record);
}

bool is_of_other_epoch(std::string_view bytes) {
  const auto epoch = platform::sealed_epoch(kMagic, bytes);
  return epoch && *epoch != kRecordEpoch;
}

}  // namespace pcargo::freshness
