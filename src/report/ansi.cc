// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/text.h"

#include <cstdint>

// The state machine of DEC terminals (vt100.net/emu/dec_ansi_parser), as the anstyle-parse crate has it; reduced to the
// one question whether a byte would be shown.
namespace pcargo::report {
namespace {

enum class State : std::uint8_t {
  kGround,
  kEscape,
  kEscapeIntermediate,
  kCsi,  // all of entry, parameters, intermediate, ignore: they end alike
  kDcsEntry,
  kDcsParameters,
  kDcsIntermediate,
  kOscString,
  kStringToTerminator,  // dcs passthrough and ignore, sos, pm, apc
};

bool is_white_space(unsigned char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\f' || byte == '\r';
}

bool is_shown_on_ground(unsigned char byte) {
  return (byte >= 0x20 && byte < 0x7f) || is_white_space(byte) || (byte >= 0xc2 && byte <= 0xf4);
}

State after_escape(unsigned char byte) {
  switch (byte) {
    case '[':
      return State::kCsi;
    case ']':
      return State::kOscString;
    case 'P':
      return State::kDcsEntry;
    case 'X':
    case '^':
    case '_':
      return State::kStringToTerminator;
    default:
      break;
  }
  if (byte >= 0x20 && byte <= 0x2f) {
    return State::kEscapeIntermediate;
  }
  return byte >= 0x30 && byte <= 0x7e ? State::kGround : State::kEscape;
}

State after_dcs_byte(State state, unsigned char byte) {
  if (byte >= 0x40 && byte <= 0x7e) {
    return State::kStringToTerminator;
  }
  if (byte >= 0x20 && byte <= 0x2f) {
    return State::kDcsIntermediate;
  }
  if (byte < 0x30 || byte > 0x3f) {
    return state;
  }
  if (state == State::kDcsEntry || (state == State::kDcsParameters && byte <= 0x3b)) {
    return State::kDcsParameters;
  }
  return State::kStringToTerminator;  // malformed: ignored up to its end
}

/// Takes one byte; true if it is shown although we are not on the ground or because we are.
bool advance(State* state, unsigned char byte) {
  if (byte == 0x1b) {
    *state = State::kEscape;
    return false;
  }
  if (byte == 0x18 || byte == 0x1a) {
    *state = State::kGround;
    return false;
  }
  const bool is_final = byte >= 0x40 && byte <= 0x7e;
  switch (*state) {
    case State::kGround:
      return is_shown_on_ground(byte);
    case State::kEscape:
      *state = after_escape(byte);
      return *state == State::kEscape && is_white_space(byte);
    case State::kEscapeIntermediate:
      if (byte >= 0x30 && byte <= 0x7e) {
        *state = State::kGround;
      }
      return byte < 0x20 && is_white_space(byte);
    case State::kCsi:
      if (is_final) {
        *state = State::kGround;
      }
      return byte < 0x20 && is_white_space(byte);
    case State::kDcsEntry:
    case State::kDcsParameters:
    case State::kDcsIntermediate:
      *state = after_dcs_byte(*state, byte);
      return false;
    case State::kOscString:
      if (byte == 0x07) {
        *state = State::kGround;
      }
      return false;
    case State::kStringToTerminator:
      if (byte == 0x9c) {
        *state = State::kGround;
      }
      return false;
  }
  return false;
}

std::size_t sequence_length(unsigned char lead) {
  if (lead >= 0xf0) {
    return 4;
  }
  if (lead >= 0xe0) {
    return 3;
  }
  return lead >= 0xc2 ? 2 : 1;
}

bool needs_no_stripping(std::string_view text) {
  for (unsigned char byte : text) {
    if ((byte < 0x20 && !is_white_space(byte)) || byte == 0x7f) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string strip_ansi(std::string_view text) {
  if (needs_no_stripping(text)) {
    return std::string(text);
  }
  std::string kept;
  kept.reserve(text.size());
  State state = State::kGround;
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && !advance(&state, static_cast<unsigned char>(text[at]))) {
      ++at;
    }
    // What follows a shown byte is judged as on the ground, even inside a sequence broken by a line break. A character
    // of several bytes ends that sequence; ASCII does not.
    while (at < text.size() && is_shown_on_ground(static_cast<unsigned char>(text[at]))) {
      std::size_t length = sequence_length(static_cast<unsigned char>(text[at]));
      kept.append(text.substr(at, length));
      at += length;
      state = length > 1 ? State::kGround : state;
    }
  }
  return kept;
}

}  // namespace pcargo::report
