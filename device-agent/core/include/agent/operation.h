// Whether the machine demonstrably works, from what is on its bus. Pure: time is the time of the frames.
//
// An engine above 400 rpm works: PGN 61444 (EEC1), SPN 190, bytes 4 and 5, 0.125 rpm a bit, from 0xFB00 on not
// available (SAE J1939-71). Of several engines one is enough. Working time is the sum of the gaps between frames of a
// running engine, leaving out gaps of more than 2 s. On a bus where no EEC1 is heard for 10 s, DM1 messages, which
// only a unit with the key on sends, take its place (gaps of more than 3 s left out).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/transport.h"

namespace firstfix::agent {

inline constexpr std::uint32_t kEngineSpeedPgn = 61'444;  // EEC1
inline constexpr std::uint32_t kEngineHoursPgn = 65'253;  // HOURS: SPN 247, bytes 1 to 4, 0.05 h a bit
inline constexpr double kWorkingAbove_rpm = 400;
inline constexpr Duration kOperationEvery{30'000'000};    // a report at least so often while the machine works
inline constexpr Duration kBetweenOperations{1'000'000};  // and never more often than this

struct Operation {
  bool working = false;
  Duration operating{};  // since counting began
  std::optional<double> engine_hours;
  Instant at;

  friend bool operator==(const Operation&, const Operation&) = default;
};

struct OperationState {
  bool working = false;       // as the frames say
  bool told_working = false;  // as last reported
  Duration operating{};
  std::optional<double> engine_hours;
  std::optional<Instant> began;       // the first frame
  std::optional<Instant> proven;      // the last proof of working
  std::optional<Instant> told;        // the last report
  std::vector<std::uint8_t> engines;  // addresses that run
  bool engine_heard = false;          // EEC1 was ever heard: DM1 proves nothing any more

  friend bool operator==(const OperationState&, const OperationState&) = default;
};

class OperationDetector {
 public:
  OperationDetector() = default;
  explicit OperationDetector(OperationState state) : state_(std::move(state)) {}

  // A report if one is due; at most one a message.
  std::optional<Operation> on_message(const J1939Message& message);
  // Time has come to `now`, whatever was or was not heard.
  std::optional<Operation> on_time(Instant now);

  const OperationState& state() const { return state_; }

 private:
  void prove(Instant at, Duration max_gap);
  Operation report(Instant at);

  OperationState state_;
};

}  // namespace firstfix::agent
