#include "agent/tracker.h"

namespace firstfix::agent {
namespace {

using Kind = FaultReport::Kind;
using Code = TrackerState::Code;
using Source = TrackerState::Source;

constexpr std::uint8_t kNullAddress = 254;
constexpr std::uint32_t kMinMissed = 3;

std::optional<std::uint8_t> count_of(const Dtc& code) {
  if (code.occurrences == kOccurrencesNotAvailable) return std::nullopt;
  return code.occurrences;
}

bool names_a_parameter(const Dtc& code) {
  return code.spn != 0 && code.spn != kSpnNotAvailable;
}

bool may_speak(const Code& code, Instant at) {
  return !code.told || at - *code.told >= kBetweenReports;
}

FaultReport describe(Kind kind, const Code& code, std::uint8_t lamps, Instant at) {
  return {.kind = kind,
          .key = code.key,
          .occurrences = count_of(code.now),
          .old_conversion = code.now.old_conversion,
          .lamps_lit = lamps,
          .at = at};
}

FaultReport tell(Kind kind, Code& code, const Source& source, Instant at) {
  code.told = at;
  code.told_count_at = at;
  code.told_count = count_of(code.now);
  code.told_lamps = source.lamps;
  return describe(kind, code, source.lamps, at);
}

std::optional<FaultReport> on_named(Code& code, const Source& source, const Dtc& dtc, Instant at) {
  const std::uint8_t last_count = code.now.occurrences;
  code.now = dtc;
  if (!count_of(dtc)) code.now.occurrences = last_count;
  const bool confirmed = at - code.seen <= kConfirmWithin;
  code.seen = at;
  code.missing_since.reset();
  code.missed = 0;
  if (!may_speak(code, at)) return std::nullopt;
  if (!code.active) {
    if (!confirmed) return std::nullopt;
    code.active = true;
    return tell(Kind::kActive, code, source, at);
  }
  const bool new_count = count_of(code.now) != code.told_count && at - code.told_count_at >= kBetweenCounts;
  if (!new_count && source.lamps == code.told_lamps) return std::nullopt;
  return tell(Kind::kUpdated, code, source, at);
}

// `before` is when the source was last heard.
std::optional<FaultReport> on_missed(Code& code, const Source& source, Instant before, Instant at) {
  if (!code.active) return std::nullopt;
  if (!code.missing_since) code.missing_since = before;
  ++code.missed;
  if (at - *code.missing_since < kClearAfter || code.missed < kMinMissed || !may_speak(code, at)) return std::nullopt;
  code.active = false;
  FaultReport report = tell(Kind::kCleared, code, source, at);
  report.cleared_by_tool = source.erase_asked && at - *source.erase_asked <= kErasedWithin;
  return report;
}

// Neither active nor of use: seen once too long ago, and nothing said of it that bounds what may be said next.
bool stale(const Code& code, Instant at) {
  return !code.active && at - code.seen > kConfirmWithin && may_speak(code, at);
}

}  // namespace

Tracker::Tracker(const TrackerState& state) {
  for (const Source& source : state.sources) sources_[source.address] = source;
  for (const Code& code : state.codes) codes_[code.key] = code;
}

TrackerState Tracker::state() const {
  TrackerState out;
  for (const auto& [address, source] : sources_) out.sources.push_back(source);
  for (const auto& [key, code] : codes_) out.codes.push_back(code);
  return out;
}

std::vector<FaultReport> Tracker::on_dm1(const Dm1& dm1) {
  if (dm1.source >= kNullAddress) return {};
  const Instant at = dm1.at;
  Source& source =
      sources_.try_emplace(dm1.source, Source{.address = dm1.source, .heard = at, .lamps_heard = dm1.lamps.lit()})
          .first->second;
  const Instant before = source.heard;
  if (at < before || at - before > kSilentAfter) begin_anew(source, at, at < before);
  source.heard = at;
  if (source.lamps_heard == dm1.lamps.lit()) source.lamps = source.lamps_heard;
  source.lamps_heard = dm1.lamps.lit();

  std::map<FaultKey, Dtc> named;  // one real unit names a code 17 times in a message
  for (const Dtc& dtc : dm1.codes)
    if (names_a_parameter(dtc)) named.try_emplace(FaultKey{dm1.source, dtc.spn, dtc.fmi}, dtc);

  std::vector<FaultReport> reports;
  for (auto it = codes_.lower_bound({dm1.source, 0, 0}); it != codes_.end() && it->first.source == dm1.source;) {
    const auto found = named.find(it->first);
    const auto report = found != named.end() ? on_named(it->second, source, found->second, at)
                                             : on_missed(it->second, source, before, at);
    if (report) reports.push_back(*report);
    if (found != named.end()) named.erase(found);
    it = stale(it->second, at) ? codes_.erase(it) : std::next(it);
  }
  // What is left is seen for the first time.
  if (codes_.size() + named.size() > kMaxTrackedCodes)
    std::erase_if(codes_, [&](auto& c) { return stale(c.second, at); });
  for (const auto& [key, dtc] : named) {
    if (codes_.size() >= kMaxTrackedCodes) {
      ++refused_;
      continue;
    }
    codes_[key] = Code{.key = key, .now = dtc, .seen = at};
  }
  return reports;
}

// After a silence, or when time has stepped back, what was missing before proves nothing any more.
void Tracker::begin_anew(const Source& source, Instant at, bool stepped_back) {
  for (auto it = codes_.lower_bound({source.address, 0, 0});
       it != codes_.end() && it->first.source == source.address;) {
    Code& code = it->second;
    if (stepped_back && !code.active) {
      it = codes_.erase(it);
      continue;
    }
    code.missing_since = at;
    code.missed = 0;
    if (stepped_back) {
      code.told.reset();
      code.told_count_at = at;
    }
    ++it;
  }
}

void Tracker::on_erase_request(std::uint8_t destination, Instant at) {
  for (auto& [address, source] : sources_)
    if (destination == kEveryone || destination == address) source.erase_asked = at;
}

std::vector<FaultReport> Tracker::active(Instant now) const {
  std::vector<FaultReport> out;
  for (const auto& [key, code] : codes_)
    if (code.active) out.push_back(describe(Kind::kUpdated, code, code.told_lamps, now));
  return out;
}

}  // namespace firstfix::agent
