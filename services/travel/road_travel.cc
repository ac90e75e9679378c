#include "travel/road_travel.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "road_cache.h"
#include "travel/http.h"
#include "travel/osrm.h"

namespace firstfix::travel {
namespace {

using Places = std::map<Cell, Position>;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostBytesAWay = 64, kMostBytesBesides = 1 << 20;
constexpr Duration kDoubtFor = std::chrono::minutes{10};

// The valid places, those of a cell once.
Places distinct(const std::vector<Position>& places) {
  Places out;
  for (const auto& place : places)
    if (valid(place)) out.emplace(cell_of(place), place);
  return out;
}

std::vector<Position> positions(const Places& places) {
  std::vector<Position> out;
  out.reserve(places.size());
  for (const auto& [cell, place] : places) out.push_back(place);
  return out;
}

std::vector<std::vector<Position>> chunks(const std::vector<Position>& all, std::size_t most) {
  std::vector<std::vector<Position>> out;
  for (std::size_t from = 0; from < all.size(); from += most) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    out.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(std::min(most, all.size() - from)));
  }
  return out;
}

// Cut so that no piece has more than so many coordinates.
std::vector<planning::Ways> pieces(const planning::Ways& ways, std::size_t most_coordinates) {
  const auto half = most_coordinates / 2;
  const auto most_to = ways.from.size() < half ? most_coordinates - ways.from.size() : half;
  const auto to = chunks(ways.to, most_to);
  if (to.empty()) return {};
  const auto from = chunks(ways.from, most_coordinates - to.front().size());
  std::vector<planning::Ways> out;
  for (const auto& some_from : from)
    for (const auto& some_to : to) out.push_back({some_from, some_to});
  return out;
}

// When the service may be asked, and what becomes of that.
class Patience {
 public:
  Patience(Duration first, Duration longest) : first_(first), longest_(longest) {}

  // After a failure one caller at a time may try, the others leave it alone.
  bool may_ask(Instant now) {
    std::lock_guard lock(mutex_);
    if (failures_ == 0) return true;
    if (now < asks_again_) return false;
    asks_again_ = now + pause();
    return true;
  }
  void failed(Instant now, const std::string& url, const std::string& why) {
    std::lock_guard lock(mutex_);
    if (failures_++ == 0) spdlog::warn("travel times of {}: {}; estimated until it is back", url, why);
    asks_again_ = now + pause();
  }
  void answered(const std::string& url) {
    std::lock_guard lock(mutex_);
    if (failures_ > 0) spdlog::info("travel times of {} are back after {} failures", url, failures_);
    failures_ = 0;
  }

 private:
  Duration pause() const {
    auto out = first_;
    for (int i = 1; i < failures_ && out < longest_; ++i) out *= 2;
    return std::min(out, longest_);
  }

  const Duration first_, longest_;
  std::mutex mutex_;
  int failures_ = 0;
  Instant asks_again_;
};

}  // namespace

struct RoadTravel::Parts {
  Parts(Osrm o, const planning::GreatCircleTravel& g, const Clock& c)
      : options(std::move(o)),
        otherwise(g),
        clock(c),
        cache(options.most_kept),
        patience(options.first_pause, options.longest_pause) {}

  planning::Ways not_known(const planning::Ways& ways, Instant now) const;
  Status ask(const planning::Ways& piece, Duration timeout);
  Result<Durations> answer(const planning::Ways& piece, Duration timeout);
  void keep(const planning::Ways& piece, const Durations& durations, Instant until);

  const Osrm options;
  const planning::GreatCircleTravel otherwise;
  const Clock& clock;
  RoadCache cache;
  Patience patience;
  Http http;
  std::atomic<std::uint64_t> requests{0}, failures{0}, by_road{0}, estimated{0}, no_way{0};
};

// The smallest rows and columns that hold every way of which nothing is kept.
planning::Ways RoadTravel::Parts::not_known(const planning::Ways& ways, Instant now) const {
  const auto from = distinct(ways.from), to = distinct(ways.to);
  Places rows, columns;
  for (const auto& source : from)
    for (const auto& target : to) {
      if (source.first == target.first || cache.find(source.first, target.first, now)) continue;
      rows.insert(source);
      columns.insert(target);
    }
  return {positions(rows), positions(columns)};
}

Result<Durations> RoadTravel::Parts::answer(const planning::Ways& piece, Duration timeout) {
  ++requests;
  const auto most_bytes = kMostBytesBesides + kMostBytesAWay * piece.from.size() * piece.to.size();
  const auto path = osrm_table_path(options.profile, piece.from, piece.to);
  FIRSTFIX_TRY(response, http.get(options.url + path, timeout, most_bytes));
  // A refusal comes as 400 with its reason as JSON.
  if (response.status != 200 && response.status != 400)
    return fail(Code::kUnavailable, "it answers with HTTP status " + std::to_string(response.status));
  return read_osrm_table(response.body, piece.from.size(), piece.to.size());
}

void RoadTravel::Parts::keep(const planning::Ways& piece, const Durations& durations, Instant until) {
  auto duration = durations.begin();
  for (const auto& from : piece.from)
    for (const auto& to : piece.to) cache.keep(cell_of(from), cell_of(to), *duration++, until);
}

Status RoadTravel::Parts::ask(const planning::Ways& piece, Duration timeout) {
  const auto durations = answer(piece, timeout);
  const auto now = clock.now();
  if (durations) {
    patience.answered(options.url);
    keep(piece, *durations, now + options.keep_for);
    return {};
  }
  if (durations.error().code == Code::kNotFound) {
    // It does not say which place has no road, so that innocent ones are in the piece: they are asked for again soon.
    patience.answered(options.url);
    keep(piece, Durations(piece.from.size() * piece.to.size()), now + std::min(kDoubtFor, options.keep_for));
    return {};
  }
  ++failures;
  patience.failed(now, options.url, durations.error().message);
  return fail(durations.error());
}

RoadTravel::RoadTravel(Osrm options, const planning::GreatCircleTravel& otherwise, const Clock& clock)
    : parts_(std::make_unique<Parts>(std::move(options), otherwise, clock)) {}
RoadTravel::~RoadTravel() = default;

Duration RoadTravel::time(const Position& from, const Position& to, Instant depart) const {
  auto& parts = *parts_;
  const auto known = valid(from) && valid(to) ? parts.cache.find(cell_of(from), cell_of(to), parts.clock.now())
                                              : std::optional<RoadCache::Known>{};
  if (known && known->time) {
    ++parts.by_road;
    return *known->time;
  }
  ++parts.estimated;
  if (known) ++parts.no_way;
  return parts.otherwise.time(from, to, depart);
}

void RoadTravel::prefetch(const std::vector<planning::Ways>& ways) const {
  auto& parts = *parts_;
  // The time-out is one for real, whatever clock planning goes by.
  const auto deadline = Steady::now() + parts.options.timeout;
  for (const auto& wanted : ways)
    for (const auto& piece : pieces(parts.not_known(wanted, parts.clock.now()), parts.options.most_coordinates)) {
      const auto left = std::chrono::duration_cast<Duration>(deadline - Steady::now());
      // Nobody is called away because too little of our own time was left for an answer.
      if (left < parts.options.timeout / 4 || !parts.patience.may_ask(parts.clock.now())) return;
      if (!parts.ask(piece, left)) return;
    }
}

Counters RoadTravel::counters() const {
  const auto& parts = *parts_;
  return {parts.requests, parts.failures, parts.by_road, parts.estimated, parts.no_way};
}

}  // namespace firstfix::travel
