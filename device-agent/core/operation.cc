#include "agent/operation.h"

#include <algorithm>
#include <utility>

#include "agent/dm1.h"

namespace firstfix::agent {
namespace {

constexpr Duration kMaxEngineGap{2'000'000};
constexpr Duration kMaxKeyGap{3'000'000};
constexpr Duration kWaitForEngine{10'000'000};

std::optional<double> speed_rpm(std::span<const std::uint8_t> payload) {
  constexpr unsigned kNotAvailable = 0xFB00;
  if (payload.size() < 5) return std::nullopt;
  const unsigned raw = payload[3] | payload[4] << 8;
  if (raw >= kNotAvailable) return std::nullopt;
  return raw * 0.125;
}

std::optional<double> hours(std::span<const std::uint8_t> payload) {
  constexpr std::uint32_t kNotAvailable = 0xFB00'0000;
  if (payload.size() < 4) return std::nullopt;
  const std::uint32_t raw =
      payload[0] | payload[1] << 8 | payload[2] << 16 | static_cast<std::uint32_t>(payload[3]) << 24;
  if (raw >= kNotAvailable) return std::nullopt;
  return raw * 0.05;
}

}  // namespace

std::optional<Operation> OperationDetector::on_message(const J1939Message& message) {
  const Instant at = message.at;
  if (!state_.began) state_.began = at;
  auto due = on_time(at);  // what ended before this message, ended
  if (message.pgn == kEngineSpeedPgn) {
    if (const auto rpm = speed_rpm(message.payload)) {
      // Key-on without an engine's word may have been taken for work; the engine knows better.
      if (!std::exchange(state_.engine_heard, true)) state_.working = false;
      auto& engines = state_.engines;
      const auto known = std::find(engines.begin(), engines.end(), message.source);
      if (*rpm > kWorkingAbove_rpm) {
        if (known == engines.end()) engines.push_back(message.source);
        prove(at, kMaxEngineGap);
      } else if (known != engines.end()) {
        engines.erase(known);
      }
      state_.working = !engines.empty();
    }
  } else if (message.pgn == kEngineHoursPgn) {
    if (const auto value = hours(message.payload)) state_.engine_hours = value;
  } else if (message.pgn == kDm1Pgn && !state_.engine_heard && at - *state_.began >= kWaitForEngine) {
    prove(at, kMaxKeyGap);
    state_.working = true;
  }
  return due ? due : on_time(at);
}

void OperationDetector::prove(Instant at, Duration max_gap) {
  if (state_.working && state_.proven && at > *state_.proven && at - *state_.proven <= max_gap)
    state_.operating += at - *state_.proven;
  state_.proven = at;
}

std::optional<Operation> OperationDetector::on_time(Instant now) {
  if (state_.told && now < *state_.told) state_.told = now;  // time has stepped back
  const Duration max_gap = state_.engine_heard ? kMaxEngineGap : kMaxKeyGap;
  if (state_.working && state_.proven && now - *state_.proven > max_gap) {
    state_.working = false;
    state_.engines.clear();
  }
  const bool changed = state_.working != state_.told_working;
  const Duration since = state_.told ? now - *state_.told : kOperationEvery;
  if (!(changed && since >= kBetweenOperations) && !(state_.working && since >= kOperationEvery)) return std::nullopt;
  return report(now);
}

Operation OperationDetector::report(Instant at) {
  state_.told = at;
  state_.told_working = state_.working;
  return Operation{state_.working, state_.operating, state_.engine_hours, at};
}

}  // namespace firstfix::agent
