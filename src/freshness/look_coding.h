// SPDX-License-Identifier: MIT OR Apache-2.0
// A look as bytes and back, for all files that hold looks.
#pragma once

#include "base/byte_coding.h"
#include "freshness/inspector.h"

namespace pcargo::freshness {

inline void write_stamp(ByteWriter& out, const platform::FileStamp& stamp) {
  out.number(static_cast<std::uint8_t>(stamp.kind));
  out.number(stamp.mode);
  out.number(stamp.size);
  out.number(stamp.inode);
  out.number(stamp.device);
  out.number(stamp.mtime_ns);
  out.number(stamp.ctime_ns);
}
inline void write_look(ByteWriter& out, const Look& look) {
  write_stamp(out, look.stamp);
  out.digest(look.digest);
  out.number(look.looked_at_ns);
  out.number(static_cast<std::uint8_t>(look.is_placed));
}
inline void read_look(ByteReader& in, Look& look) {
  in.one_of(look.stamp.kind, FileKind::kOther);
  in.number(look.stamp.mode);
  in.number(look.stamp.size);
  in.number(look.stamp.inode);
  in.number(look.stamp.device);
  in.number(look.stamp.mtime_ns);
  in.number(look.stamp.ctime_ns);
  in.digest(look.digest);
  in.number(look.looked_at_ns);
  in.one_of(look.is_placed, true);
}

}  // namespace pcargo::freshness
