// SPDX-License-Identifier: MIT OR Apache-2.0
// Little endian; texts and lists with their length before them. Each thing is written and read by a pair of functions
// that stand together.
#include "freshness/record.h"

#include "platform/sha256.h"

#include <concepts>
#include <utility>

namespace pcargo::freshness {
namespace {

constexpr std::string_view kMagic = "pcargo\x1aU";
constexpr std::size_t kHeaderSize = kMagic.size() + sizeof(kRecordEpoch) + sizeof(std::uint64_t);
constexpr std::size_t kDigestSize = sizeof(Digest::bytes);

class Writer {
 public:
  template <std::integral T>
  void number(T value) {
    const auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t shift = 0; shift < 8 * sizeof(T); shift += 8) {
      bytes_ += static_cast<char>(static_cast<std::uint64_t>(bits) >> shift & 0xff);
    }
  }
  void text(std::string_view value) {
    number(std::uint64_t{value.size()});
    bytes_ += value;
  }
  void digest(const Digest& value) {
    bytes_.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
  }
  template <class T, class Write>
  void list(const std::vector<T>& values, Write write) {
    number(std::uint64_t{values.size()});
    for (const T& value : values) {
      write(*this, value);
    }
  }
  template <class T, class Write>
  void optional(const std::optional<T>& value, Write write) {
    number(std::uint8_t{value ? std::uint8_t{1} : std::uint8_t{0}});
    if (value) {
      write(*this, *value);
    }
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// After the first thing that cannot be, all others are empty and is_good() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool is_good() const { return good_; }
  bool is_at_end() const { return rest_.empty(); }

  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <std::integral T>
  void number(T& value) {
    std::uint64_t bits = 0;
    std::size_t shift = 0;
    for (const char byte : take(sizeof(T))) {
      bits |= std::uint64_t{static_cast<unsigned char>(byte)} << shift;
      shift += 8;
    }
    value = static_cast<T>(bits);
  }
  void text(std::string& value) {
    std::uint64_t size = 0;
    number(size);
    value = take(size);
  }
  void digest(Digest& value) {
    const std::string_view taken = take(kDigestSize);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      value.bytes[i] = static_cast<std::uint8_t>(taken[i]);
    }
  }
  template <class Enum>
  void one_of(Enum& value, Enum last) {
    std::uint8_t number_of = 0;
    number(number_of);
    if (number_of > static_cast<std::uint8_t>(last)) {
      fail();
      return;
    }
    value = static_cast<Enum>(number_of);
  }
  /// Grows by what is really there: a count promises nothing.
  template <class T, class Read>
  void list(std::vector<T>& values, Read read) {
    std::uint64_t count = 0;
    number(count);
    for (; count > 0 && good_; --count) {
      read(*this, values.emplace_back());
    }
  }
  template <class T, class Read>
  void optional(std::optional<T>& value, Read read) {
    bool is_there = false;
    one_of(is_there, true);
    if (is_there) {
      read(*this, value.emplace());
    }
  }

 private:
  void fail() {
    good_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool good_ = true;
};

void write_text(Writer& out, const std::string& text) {
  out.text(text);
}
void read_text(Reader& in, std::string& text) {
  in.text(text);
}

void write_look(Writer& out, const Look& look) {
  out.number(static_cast<std::uint8_t>(look.stamp.kind));
  out.number(look.stamp.mode);
  out.number(look.stamp.size);
  out.number(look.stamp.inode);
  out.number(look.stamp.device);
  out.number(look.stamp.mtime_ns);
  out.number(look.stamp.ctime_ns);
  out.digest(look.digest);
  out.number(look.looked_at_ns);
}
void read_look(Reader& in, Look& look) {
  in.one_of(look.stamp.kind, FileKind::kOther);
  in.number(look.stamp.mode);
  in.number(look.stamp.size);
  in.number(look.stamp.inode);
  in.number(look.stamp.device);
  in.number(look.stamp.mtime_ns);
  in.number(look.stamp.ctime_ns);
  in.digest(look.digest);
  in.number(look.looked_at_ns);
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
  out.list(record.given, write_given);
  out.list(record.inputs, write_path);
  out.list(record.variables, write_variable);
  out.list(record.outputs, write_path);
  out.list(record.messages, write_message);
  out.text(record.script_stdout);
  out.text(record.script_stderr);
  out.optional(record.out_dir, write_tree);
  out.optional(record.package, write_tree);
}
void read_record(Reader& in, Record& record) {
  in.list(record.given, read_given);
  in.list(record.inputs, read_path);
  in.list(record.variables, read_variable);
  in.list(record.outputs, read_path);
  in.list(record.messages, read_message);
  in.text(record.script_stdout);
  in.text(record.script_stderr);
  in.optional(record.out_dir, read_tree);
  in.optional(record.package, read_tree);
}

}  // namespace

std::string encode_record(const Record& record) {
  Writer payload;
  write_record(payload, record);
  Writer header;
  header.number(kRecordEpoch);
  header.number(std::uint64_t{payload.bytes().size()});
  Writer whole;
  std::string bytes(kMagic);
  bytes += header.bytes();
  bytes += payload.bytes();
  whole.digest(platform::sha256(bytes));
  return bytes + whole.bytes();
}

std::optional<Record> decode_record(std::string_view bytes) {
  if (bytes.size() < kHeaderSize + kDigestSize) {
    return std::nullopt;
  }
  Reader header(bytes);
  std::uint32_t epoch = 0;
  std::uint64_t size = 0;
  const std::string_view magic = header.take(kMagic.size());
  header.number(epoch);
  header.number(size);
  if (magic != kMagic || epoch != kRecordEpoch || size != bytes.size() - kHeaderSize - kDigestSize) {
    return std::nullopt;
  }
  Digest digest;
  Reader(bytes.substr(kHeaderSize + size)).digest(digest);
  if (platform::sha256(bytes.substr(0, kHeaderSize + size)) != digest) {
    return std::nullopt;
  }
  Reader payload(bytes.substr(kHeaderSize, size));
  Record record;
  read_record(payload, record);
  return payload.is_good() && payload.is_at_end() ? std::optional(std::move(record)) : std::nullopt;
}

}  // namespace pcargo::freshness
