// Lines of recorded CAN traffic: candump's two forms and PCAN traces of version 2.0.
#pragma once

#include <optional>
#include <string_view>

#include "agent/frame.h"
#include "base/result.h"

namespace firstfix::agent {

// No line that a capture tool writes is longer; what is longer is not a capture.
inline constexpr std::size_t kMaxCaptureLine = 4096;

// Reads one line (without its end; a carriage return before it is ignored):
//   (1543532003.571000) can1 18F00131#FFFFFF3F00FFFFFF          can-utils, log form
//    (000.000276)  can0  18FEE000   [8]  0F 00 00 00 24 96 35 00  can-utils, readable form
//        1      1059.900 DT     18FECA00 Rx 8 00 FF 00 00 00 00 FF FF   PCAN .trc 2.0, milliseconds
// Nothing: an empty line, a comment or header (';'), a remote request, CAN FD, and the lines of a trace that are not
// data (ER, EC, ST, RR…). An error (kInvalid) says what is wrong with the line; the reader goes on with the next.
// A trace whose header names another version is kState: its columns mean something else, so the file is to be refused.
Result<std::optional<CanFrame>> parse_capture_line(std::string_view line);

}  // namespace firstfix::agent
