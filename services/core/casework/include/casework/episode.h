// Fault episodes: one (asset, code, component) from active to cleared, after ISA-18.2.
//
// All functions are pure. A missing «cleared» means still active; a chattering code is latched in one episode; the
// same report twice changes nothing but the time of the last change.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "casework/effects.h"
#include "firstfix/v1/device.pb.h"
#include "firstfix/v1/knowledge.pb.h"

namespace firstfix::casework {

// Where a report comes from and what the catalogue says of its code.
struct Report {
  std::string asset;
  std::string device;
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  Instant occurred_at;                  // already put right by the device's measured clock offset
  Instant received_at;                  // when we heard of it
  const v1::FaultCode* code = nullptr;  // null if the catalogue does not know the code
  std::string new_episode;              // the name to use if an episode begins
};

// What a report or a timer did to an episode.
enum class EpisodeEvent {
  kNothing,   // no open episode and nothing to open
  kRecorded,  // an event or an operator action: kept, no case
  kPending,   // waits for the code's on-delay
  kActive,    // is there now; a case is wanted
  kChanged,   // still there; count, lamps or severity changed
  kClearing,  // waits for the code's off-delay
  kCleared,   // is over now
};

struct EpisodeDecision {
  EpisodeEvent event = EpisodeEvent::kNothing;
  v1::FaultEpisode episode;  // as it shall be; meaningless for kNothing
  std::vector<TimerChange> timers;
};

// The codes' default off-delay: shorter gaps are chattering of one episode.
inline constexpr Duration kDefaultOffDelay = std::chrono::seconds{10};

// Is the change well formed? Its limits are stated in device.proto.
Status validate(const v1::FaultChange& change);
// Is the report well formed: are its counts such as a machine can have?
Status validate(const v1::OperationReport& report);

// A report on a code whose open episode is `current` (none if there is none).
EpisodeDecision on_report(const std::optional<v1::FaultEpisode>& current, const v1::FaultChange& change,
                          const Report& report, Instant now);

// The delay that has passed by the time at which the device says something more, though its timer has not fired here:
// what was told late is judged by when it happened. To be settled by on_delay_passed before the report.
// TIMER_KIND_UNSPECIFIED if there is none.
internal::v1::TimerKind overdue(const v1::FaultEpisode& current, const v1::FaultCode* code, Instant occurred_at);

// The on-delay or off-delay has passed. A timer that no longer fits the state does nothing.
EpisodeDecision on_delay_passed(const v1::FaultEpisode& current, internal::v1::TimerKind timer, Instant now);

// How grave: what the catalogue says, else what the lamps say; a red lamp is always at least critical.
v1::Severity severity_of(const v1::FaultCode* code, const v1::Lamps& lamps);

// Does an active episode of this severity and class open a case?
bool wants_case(const v1::FaultEpisode& episode, const v1::FaultCode* code);

// The device's clock minus ours, from what was known and what a batch shows now, `since` after the one before. A batch
// that waited on the way, at the broker while we were away, looks like a clock that is behind; a clock that is ahead
// cannot come about like that. So the offset rises at once and falls by 1 % of the time.
Duration measured_offset(std::optional<Duration> known, Duration shown, Duration since);

// When something happened by our clock, from the device's time and its measured offset. A result in the future, or
// more than a year ago, cannot be: then it is when we heard of it, and *put_right is set.
Instant corrected(Instant device_time, Duration clock_offset, Instant received_at, bool* put_right);

// "SPN 100 FMI 1 (source 0)" for a J1939 code, else the code itself.
std::string describe(const v1::FaultEpisode& episode);

}  // namespace firstfix::casework
