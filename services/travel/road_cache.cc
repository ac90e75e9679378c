#include "road_cache.h"

#include <cmath>
#include <mutex>

namespace firstfix::travel {

Cell cell_of(const Position& at) {
  const auto round = [](double degrees) { return static_cast<std::int32_t>(std::lround(degrees * 1e4)); };
  return {round(at.latitude_deg), round(at.longitude_deg)};
}

std::size_t RoadCache::Hash::operator()(const Key& key) const {
  // FNV-1a over the four numbers.
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  for (const auto part : {key.from.latitude, key.from.longitude, key.to.latitude, key.to.longitude})
    hash = (hash ^ static_cast<std::uint32_t>(part)) * 1'099'511'628'211U;
  return static_cast<std::size_t>(hash ^ (hash >> 32U));
}

std::optional<RoadCache::Known> RoadCache::find(Cell from, Cell to, Instant now) const {
  std::shared_lock lock(mutex_);
  for (const auto* half : {&younger_, &older_})
    if (const auto found = half->find({from, to}); found != half->end()) {
      if (found->second.until <= now) return std::nullopt;
      return Known{found->second.time};
    }
  return std::nullopt;
}

void RoadCache::keep(Cell from, Cell to, std::optional<Duration> time, Instant until) {
  std::unique_lock lock(mutex_);
  if (younger_.size() >= half_) {
    older_ = std::move(younger_);
    younger_.clear();
  }
  younger_.insert_or_assign({from, to}, Entry{time, until});
}

std::size_t RoadCache::size() const {
  std::shared_lock lock(mutex_);
  return younger_.size() + older_.size();
}

}  // namespace firstfix::travel
