// From DM1 messages, which repeat every second, to the changes that are worth sending. Pure: time is the time of the
// messages.
//
// A code of a source address
//   becomes active  when two DM1 messages of that source within 3 s name it: a message torn from two by a flood or by
//                   two nodes with one address can name a code that never was;
//   is updated      when its occurrence count changes (at most once in 10 s; the last value wins; a count that falls
//                   is a change like another: the unit was exchanged or erased) or the source's lamps do (when two
//                   messages in a row agree on them);
//   is cleared      when the source has kept sending DM1 messages without it for 3 s, three repetitions of the rate
//                   that J1939-73 sets. A source that is silent clears nothing: silence is not health.
// Nothing is said of one code more than once a second. A code that comes back is reported as active again; whether it
// chatters is for the receiver to judge.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "agent/dm1.h"

namespace firstfix::agent {

inline constexpr Duration kConfirmWithin{3'000'000};   // two sightings make a fault
inline constexpr Duration kClearAfter{3'000'000};      // three repetitions without it
inline constexpr Duration kSilentAfter{3'000'000};     // three repetitions missed: nothing is known meanwhile
inline constexpr Duration kBetweenReports{1'000'000};  // of one code
inline constexpr Duration kBetweenCounts{10'000'000};  // of one code's occurrence count
inline constexpr Duration kErasedWithin{30'000'000};   // after a tool asked for it, a clearing is the tool's
inline constexpr std::size_t kMaxTrackedCodes = 2048;  // of all sources; one message carries at most 445

struct FaultKey {
  std::uint8_t source = 0;
  std::uint32_t spn = 0;
  std::uint8_t fmi = 0;
  friend auto operator<=>(const FaultKey&, const FaultKey&) = default;
};

struct FaultReport {
  enum class Kind { kActive, kUpdated, kCleared };
  Kind kind = Kind::kActive;
  FaultKey key;
  std::optional<std::uint8_t> occurrences;  // if the unit counts
  bool old_conversion = false;              // the code may stand in an older layout and mean another SPN
  std::uint8_t lamps_lit = 0;               // as Lamps::lit
  bool cleared_by_tool = false;             // somebody asked the unit to erase its codes shortly before
  Instant at;                               // of the message that settled it, so never before an earlier report

  friend bool operator==(const FaultReport&, const FaultReport&) = default;
};

// Everything that the tracker knows, as plain values: a tracker made from it says exactly what this one would have
// said.
struct TrackerState {
  struct Code {
    FaultKey key;
    bool active = false;                     // otherwise seen once, or cleared a moment ago
    Dtc now;                                 // as last seen; a count that is not available leaves the last one
    Instant seen;                            // when a message last named it
    std::optional<std::uint8_t> told_count;  // as last reported
    std::uint8_t told_lamps = 0;
    std::optional<Instant> told;  // when anything was last reported of it
    Instant told_count_at;
    std::optional<Instant> missing_since;  // the source has kept sending without it since
    std::uint32_t missed = 0;              // in that many messages

    friend bool operator==(const Code&, const Code&) = default;
  };
  struct Source {
    std::uint8_t address = 0;
    Instant heard;                 // its last DM1
    std::uint8_t lamps_heard = 0;  // in that message
    std::uint8_t lamps = 0;        // on which two messages in a row agreed
    std::optional<Instant> erase_asked;

    friend bool operator==(const Source&, const Source&) = default;
  };
  std::vector<Source> sources;
  std::vector<Code> codes;

  friend bool operator==(const TrackerState&, const TrackerState&) = default;
};

class Tracker {
 public:
  Tracker() = default;
  explicit Tracker(const TrackerState& state);

  // What is to be sent because of this message, in the order of the codes. Passed over are SPN 0 and «not available»,
  // which name no parameter, messages from the null address, and new codes beyond kMaxTrackedCodes (see refused()).
  std::vector<FaultReport> on_dm1(const Dm1& dm1);

  // A tool asked `destination` (255 = all) to erase its codes, by a request for DM3 or DM11.
  void on_erase_request(std::uint8_t destination, Instant at);

  // Every active code, as an update at `now`.
  std::vector<FaultReport> active(Instant now) const;

  TrackerState state() const;
  std::uint64_t refused() const { return refused_; }  // sightings passed over because the tracker was full

 private:
  void begin_anew(const TrackerState::Source& source, Instant at, bool stepped_back);

  std::map<std::uint8_t, TrackerState::Source> sources_;
  std::map<FaultKey, TrackerState::Code> codes_;
  std::uint64_t refused_ = 0;
};

}  // namespace firstfix::agent
