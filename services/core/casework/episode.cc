#include "casework/episode.h"

#include <algorithm>
#include <cmath>

#include "casework/convert.h"

namespace firstfix::casework {
namespace {

constexpr std::size_t kMaxCodeBytes = 64, kMaxComponentBytes = 32, kMaxTextBytes = 500;
constexpr int kMaxReadings = 32;

bool canonical(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; });
}

Duration on_delay_of(const v1::FaultCode* code) {
  return code != nullptr && code->has_on_delay() ? to_duration(code->on_delay()) : Duration{0};
}

Duration off_delay_of(const v1::FaultCode* code) {
  return code != nullptr && code->has_off_delay() ? to_duration(code->off_delay()) : kDefaultOffDelay;
}

bool only_recorded(const v1::FaultCode* code) {
  return code != nullptr &&
         (code->alarm_class() == v1::ALARM_CLASS_EVENT || code->alarm_class() == v1::ALARM_CLASS_OPERATOR_ACTION);
}

// Takes over what the report says of a fault that is there. True if anything that people see changed.
bool take_over(v1::FaultEpisode& episode, const v1::FaultChange& change, const Report& report) {
  const auto before_count = episode.occurrence_count();
  const auto before_lamps = episode.lamps().SerializeAsString();
  const auto before_severity = episode.severity();
  if (change.has_occurrence_count()) episode.set_occurrence_count(change.occurrence_count());
  if (change.has_lamps()) *episode.mutable_lamps() = change.lamps();
  if (change.has_j1939()) *episode.mutable_j1939() = change.j1939();
  episode.set_severity(severity_of(report.code, episode.lamps()));
  return episode.occurrence_count() != before_count || episode.lamps().SerializeAsString() != before_lamps ||
         episode.severity() != before_severity;
}

// The numbers of the moment in which it was raised. False if none came.
bool take_readings(v1::FaultEpisode& episode, const v1::FaultChange& change) {
  if (change.readings().empty()) return false;
  *episode.mutable_readings() = change.readings();
  return true;
}

EpisodeDecision begin(const v1::FaultChange& change, const Report& report, Instant now) {
  EpisodeDecision decision;
  auto& episode = decision.episode;
  episode.set_name(report.new_episode);
  episode.set_asset(report.asset);
  episode.set_code(change.code());
  episode.set_component(change.component());
  episode.set_device(report.device);
  episode.set_epoch(report.epoch);
  episode.set_sequence(report.sequence);
  *episode.mutable_raised_at() = to_proto(report.occurred_at);
  *episode.mutable_received_at() = to_proto(report.received_at);
  *episode.mutable_changed_at() = to_proto(report.occurred_at);
  episode.set_raise_count(1);
  take_over(episode, change, report);
  take_readings(episode, change);
  if (only_recorded(report.code)) {
    episode.set_state(v1::EPISODE_STATE_CLEARED);
    *episode.mutable_cleared_at() = to_proto(report.occurred_at);
    episode.set_rule(report.code->alarm_class() == v1::ALARM_CLASS_EVENT ? "catalogue: event"
                                                                         : "catalogue: operator action");
    decision.event = EpisodeEvent::kRecorded;
    return decision;
  }
  episode.set_rule(report.code == nullptr ? "alarm: code not in the catalogue" : "alarm");
  if (const auto delay = on_delay_of(report.code); delay > Duration{0}) {
    episode.set_state(v1::EPISODE_STATE_PENDING);
    decision.event = EpisodeEvent::kPending;
    decision.timers.push_back(
        {internal::v1::TIMER_KIND_EPISODE_ON, episode.name(), std::max(now, report.occurred_at + delay)});
    return decision;
  }
  episode.set_state(v1::EPISODE_STATE_ACTIVE);
  decision.event = EpisodeEvent::kActive;
  return decision;
}

EpisodeDecision again(const v1::FaultEpisode& current, const v1::FaultChange& change, const Report& report) {
  EpisodeDecision decision{EpisodeEvent::kNothing, current, {}};
  auto& episode = decision.episode;
  bool changed = take_over(episode, change, report);
  if (current.state() == v1::EPISODE_STATE_CLEARING) {
    // Came back within the off-delay: chattering, latched in the same episode.
    episode.set_state(v1::EPISODE_STATE_ACTIVE);
    episode.set_raise_count(episode.raise_count() + 1);
    decision.timers.push_back({internal::v1::TIMER_KIND_EPISODE_OFF, episode.name(), kNever});
    take_readings(episode, change);
    changed = true;
  } else if (current.readings().empty() && take_readings(episode, change)) {
    changed = true;  // some devices tell a code at once and its freeze frame after it
  }
  if (!changed) return decision;
  *episode.mutable_changed_at() = to_proto(report.occurred_at);
  decision.event = EpisodeEvent::kChanged;
  return decision;
}

void end(EpisodeDecision& decision, Instant at) {
  decision.episode.set_state(v1::EPISODE_STATE_CLEARED);
  *decision.episode.mutable_cleared_at() = to_proto(at);
  *decision.episode.mutable_changed_at() = to_proto(at);
  decision.event = EpisodeEvent::kCleared;
}

EpisodeDecision cleared(const v1::FaultEpisode& current, const v1::FaultChange& change, const Report& report,
                        Instant now) {
  EpisodeDecision decision{EpisodeEvent::kNothing, current, {}};
  auto& episode = decision.episode;
  episode.set_cleared_by_tool(change.cleared_by_tool());
  if (current.state() == v1::EPISODE_STATE_PENDING) {
    decision.timers.push_back({internal::v1::TIMER_KIND_EPISODE_ON, episode.name(), kNever});
    episode.set_rule("shorter than the code's on-delay: no alarm");
    end(decision, report.occurred_at);
    return decision;
  }
  if (current.state() != v1::EPISODE_STATE_ACTIVE) return decision;
  const auto delay = off_delay_of(report.code);
  *episode.mutable_cleared_at() = to_proto(report.occurred_at);
  if (delay <= Duration{0}) {
    end(decision, report.occurred_at);
    return decision;
  }
  episode.set_state(v1::EPISODE_STATE_CLEARING);
  *episode.mutable_changed_at() = to_proto(report.occurred_at);
  decision.event = EpisodeEvent::kClearing;
  // Counted from now if it comes late: the device may have more to tell of the same moments.
  decision.timers.push_back(
      {internal::v1::TIMER_KIND_EPISODE_OFF, episode.name(), std::max(now, report.occurred_at) + delay});
  return decision;
}

}  // namespace

Status validate(const v1::FaultChange& change) {
  if (change.kind() == v1::FAULT_CHANGE_KIND_UNSPECIFIED || !v1::FaultChangeKind_IsValid(change.kind()))
    return fail(Code::kInvalid, "fault.kind is not stated");
  if (change.code().empty() || change.code().size() > kMaxCodeBytes || !canonical(change.code()))
    return fail(Code::kInvalid, "fault.code must be 1 to 64 characters of [a-z0-9.-]");
  if (change.component().size() > kMaxComponentBytes || !canonical(change.component()))
    return fail(Code::kInvalid, "fault.component must be at most 32 characters of [a-z0-9.-]");
  if (change.text().size() > kMaxTextBytes) return fail(Code::kInvalid, "fault.text is over 500 bytes");
  if (change.readings_size() > kMaxReadings) return fail(Code::kInvalid, "fault.readings has over 32 entries");
  for (const auto& [name, value] : change.readings())
    if (name.size() > kMaxCodeBytes || !std::isfinite(value))
      return fail(Code::kInvalid, "fault.readings has a name over 64 bytes or a value that is not finite");
  if (change.has_j1939() &&
      (change.j1939().spn() > 524287 || change.j1939().fmi() > 31 || change.j1939().source_address() > 253))
    return fail(Code::kInvalid, "fault.j1939 is out of the standard's range");
  return {};
}

Status validate(const v1::OperationReport& report) {
  constexpr double kMost_s = 1e10, kMost_h = 1e7;                                             // some hundred years
  const auto counts = [](double value, double most) { return value >= 0 && value <= most; };  // not a number is neither
  if (!counts(report.operating_s(), kMost_s))
    return fail(Code::kInvalid, "operation.operating_s is not from 0 to 10,000,000,000");
  if (!counts(report.engine_hours(), kMost_h))
    return fail(Code::kInvalid, "operation.engine_hours is not from 0 to 10,000,000");
  return {};
}

EpisodeDecision on_report(const std::optional<v1::FaultEpisode>& current, const v1::FaultChange& change,
                          const Report& report, Instant now) {
  const bool open = current && current->state() != v1::EPISODE_STATE_CLEARED;
  if (change.kind() == v1::FAULT_CHANGE_KIND_CLEARED)
    return open ? cleared(*current, change, report, now) : EpisodeDecision{};
  return open ? again(*current, change, report) : begin(change, report, now);
}

internal::v1::TimerKind overdue(const v1::FaultEpisode& current, const v1::FaultCode* code, Instant occurred_at) {
  if (current.state() == v1::EPISODE_STATE_PENDING &&
      to_instant(current.raised_at()) + on_delay_of(code) <= occurred_at)
    return internal::v1::TIMER_KIND_EPISODE_ON;
  if (current.state() == v1::EPISODE_STATE_CLEARING &&
      to_instant(current.cleared_at()) + off_delay_of(code) <= occurred_at)
    return internal::v1::TIMER_KIND_EPISODE_OFF;
  return internal::v1::TIMER_KIND_UNSPECIFIED;
}

EpisodeDecision on_delay_passed(const v1::FaultEpisode& current, internal::v1::TimerKind timer, Instant now) {
  EpisodeDecision decision{EpisodeEvent::kNothing, current, {}};
  if (timer == internal::v1::TIMER_KIND_EPISODE_ON && current.state() == v1::EPISODE_STATE_PENDING) {
    decision.episode.set_state(v1::EPISODE_STATE_ACTIVE);
    *decision.episode.mutable_changed_at() = to_proto(now);
    decision.event = EpisodeEvent::kActive;
  } else if (timer == internal::v1::TIMER_KIND_EPISODE_OFF && current.state() == v1::EPISODE_STATE_CLEARING) {
    end(decision, to_instant(current.cleared_at()));
  }
  return decision;
}

v1::Severity severity_of(const v1::FaultCode* code, const v1::Lamps& lamps) {
  auto severity = v1::SEVERITY_MINOR;
  if (code != nullptr && code->severity() != v1::SEVERITY_UNSPECIFIED) {
    severity = code->severity();
  } else if (lamps.amber_warning() || lamps.malfunction()) {
    severity = v1::SEVERITY_MAJOR;
  }
  return lamps.red_stop() ? std::max(severity, v1::SEVERITY_CRITICAL) : severity;
}

bool wants_case(const v1::FaultEpisode& episode, const v1::FaultCode* code) {
  return !only_recorded(code) && episode.severity() >= v1::SEVERITY_MINOR;
}

Duration measured_offset(std::optional<Duration> known, Duration shown, Duration since) {
  return known ? std::max(shown, *known - since / 100) : shown;
}

Instant corrected(Instant device_time, Duration clock_offset, Instant received_at, bool* put_right) {
  const Instant ours = device_time - clock_offset;
  *put_right = ours > received_at || ours < received_at - std::chrono::hours{24 * 365};
  return *put_right ? received_at : ours;
}

std::string describe(const v1::FaultEpisode& episode) {
  if (!episode.has_j1939()) {
    return episode.code() + (episode.component().empty() ? "" : " (" + episode.component() + ")");
  }
  const auto& dtc = episode.j1939();
  return "SPN " + std::to_string(dtc.spn()) + " FMI " + std::to_string(dtc.fmi()) + " (source " +
         std::to_string(dtc.source_address()) + ")";
}

}  // namespace firstfix::casework
