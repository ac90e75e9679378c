#include "agent/transport.h"

#include <algorithm>

namespace firstfix::agent {
namespace {

constexpr std::uint8_t kConnectionFormat = 0xEC;  // TP.CM, PGN 60416
constexpr std::uint8_t kDataFormat = 0xEB;        // TP.DT, PGN 60160
constexpr unsigned kPartBytes = 7;
constexpr unsigned kMinBytes = 9, kMaxBytes = 1785;
constexpr Duration kMaxGap{750'000};

enum Control : std::uint8_t { kRts = 0x10, kCts = 0x11, kBam = 0x20, kAbort = 0xFF };

}  // namespace

std::string_view via_name(Via via) {
  switch (via) {
    case Via::kSingle:
      return "single";
    case Via::kBam:
      return "bam";
    case Via::kRts:
      return "rts";
  }
  return "single";
}

std::optional<J1939Message> Transport::on_frame(const CanFrame& frame, std::uint64_t position) {
  const auto id = j1939_id(frame);
  if (!id) return std::nullopt;
  if (id->format == kDataFormat) return on_data(frame, *id);
  if (id->format == kConnectionFormat) {
    if (frame.size == kFrameBytes) on_connection(frame, *id, position);
    return std::nullopt;
  }
  return J1939Message{frame.at, frame.channel, id->source, id->pgn(), Via::kSingle, frame.bytes()};
}

void Transport::on_connection(const CanFrame& frame, const J1939Id& id, std::uint64_t position) {
  const auto& d = frame.data;
  const std::uint32_t pgn = d[5] | d[6] << 8 | d[7] << 16;
  const Key sent{frame.channel, id.source, id.specific};
  const Key answered{frame.channel, id.specific, id.source};
  switch (d[0]) {
    case kBam:
    case kRts: {
      const bool bam = d[0] == kBam;
      const unsigned size = d[1] | d[2] << 8, packets = d[3];
      if (bam && id.specific != kEveryone) return;
      if (size < kMinBytes || size > kMaxBytes || packets != (size + kPartBytes - 1) / kPartBytes) return;
      if (const Session* open = open_session(sent, frame.at); !bam && open != nullptr && open->via == Via::kBam) return;
      sweep(frame.at);
      sessions_[sent] = Session{bam ? Via::kBam : Via::kRts, pgn, size, packets, 1, frame.at, position, {}};
      return;
    }
    case kCts: {
      Session* session = open_session(answered, frame.at);
      if (session == nullptr || session->via != Via::kRts || session->pgn != pgn) return;
      session->last = frame.at;
      const bool hold = d[1] == 0;  // «wait»: names no packet
      if (!hold) session->next = d[2];
      return;
    }
    case kAbort:
      close_rts(sent, pgn, frame.at);
      close_rts(answered, pgn, frame.at);
      return;
    default:
      return;
  }
}

std::optional<J1939Message> Transport::on_data(const CanFrame& frame, const J1939Id& id) {
  const Key key{frame.channel, id.source, id.specific};
  Session* session = open_session(key, frame.at);
  if (session == nullptr) return std::nullopt;
  const std::size_t offset = (session->next - 1) * std::size_t{kPartBytes};
  // The last test is for a CTS that skipped packets: what lies between was never heard.
  if (frame.size != kFrameBytes || frame.data[0] == 0 || frame.data[0] != session->next ||
      session->next > session->packets || offset > session->parts.size()) {
    sessions_.erase(key);
    return std::nullopt;
  }
  session->parts.resize(std::max(session->parts.size(), offset + kPartBytes));
  std::copy_n(frame.data.begin() + 1, kPartBytes, session->parts.begin() + static_cast<std::ptrdiff_t>(offset));
  session->last = frame.at;
  if (session->next++ < session->packets) return std::nullopt;

  session->parts.resize(session->size);
  completed_ = std::move(session->parts);
  const J1939Message message{frame.at, frame.channel, id.source, session->pgn, session->via, completed_};
  sessions_.erase(key);
  return message;
}

Transport::Session* Transport::open_session(const Key& key, Instant now) {
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) return nullptr;
  if (now - found->second.last > kMaxGap) {
    sessions_.erase(found);
    return nullptr;
  }
  return &found->second;
}

void Transport::close_rts(const Key& key, std::uint32_t pgn, Instant now) {
  if (const Session* open = open_session(key, now); open != nullptr && open->via == Via::kRts && open->pgn == pgn)
    sessions_.erase(key);
}

// A flood may announce from every address to every other and never send a part.
void Transport::sweep(Instant now) {
  if (sessions_.size() < sweep_at_) return;
  std::erase_if(sessions_, [&](const auto& entry) { return now - entry.second.last > kMaxGap; });
  sweep_at_ = std::max<std::size_t>(1024, sessions_.size() * 2);
}

std::optional<std::uint64_t> Transport::oldest_open(Instant now) const {
  std::optional<std::uint64_t> oldest;
  for (const auto& [key, session] : sessions_)
    if (now - session.last <= kMaxGap) oldest = std::min(oldest.value_or(session.position), session.position);
  return oldest;
}

}  // namespace firstfix::agent
