// SAE J1939-21: from frames to messages. Messages of up to 8 bytes are one frame; longer ones, up to 1785 bytes, come
// as a broadcast announce message (BAM) or as a session between two nodes (RTS/CTS), both in parts of 7 bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/frame.h"

namespace firstfix::agent {

enum class Via { kSingle, kBam, kRts };
std::string_view via_name(Via via);  // "single", "bam", "rts"

struct J1939Message {
  Instant at;  // of the frame that completed it
  std::string_view channel;
  std::uint8_t source = 0;
  std::uint32_t pgn = 0;
  Via via = Via::kSingle;
  std::span<const std::uint8_t> payload;
};

// Joins what is announced by TP.CM (PGN 60416) and carried by TP.DT (PGN 60160). It listens and never answers, so it is
// strict instead: a part out of turn, repeated, or more than 0.75 s (J1939-21's T1) after the last discards the
// session. A message half of one sender and half of another (a flood, two nodes with one address) must not come out as
// a fault. Not thread-safe.
class Transport {
 public:
  // The message that `frame` completes, if it does. What the result points to lives until the next call and as long as
  // `frame`. `position` is where the frame stands in its capture (see oldest_open); any rising number will do.
  std::optional<J1939Message> on_frame(const CanFrame& frame, std::uint64_t position = 0);

  // The position of the frame that opened the oldest session still open at `now`. Whoever reads a capture again from
  // there has every session that was open, as it was; so an agent that is killed can resume without saving sessions.
  std::optional<std::uint64_t> oldest_open(Instant now) const;

  std::size_t open_sessions() const { return sessions_.size(); }

 private:
  struct Key {
    std::string channel;
    std::uint8_t source = 0;
    std::uint8_t destination = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Session {
    Via via = Via::kBam;
    std::uint32_t pgn = 0;
    unsigned size = 0;     // bytes announced
    unsigned packets = 0;  // parts announced
    unsigned next = 1;     // the only number that may come
    Instant last;          // time of the session's last frame
    std::uint64_t position = 0;
    std::vector<std::uint8_t> parts;  // grows with what arrives, not with what is announced
  };

  void on_connection(const CanFrame& frame, const J1939Id& id, std::uint64_t position);
  std::optional<J1939Message> on_data(const CanFrame& frame, const J1939Id& id);
  Session* open_session(const Key& key, Instant now);
  void close_rts(const Key& key, std::uint32_t pgn, Instant now);
  void sweep(Instant now);

  std::map<Key, Session> sessions_;
  std::size_t sweep_at_ = 1024;
  std::vector<std::uint8_t> completed_;
};

}  // namespace firstfix::agent
