// How long ways took when they were last asked for; bounded in number and age. Private to travel.
#pragma once

#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <unordered_map>

#include "base/geo.h"
#include "base/time.h"

namespace firstfix::travel {

// A place to 0.0001°, at most 11 m: neighbours share what is known.
struct Cell {
  std::int32_t latitude = 0, longitude = 0;
  auto operator<=>(const Cell&) const = default;
};
Cell cell_of(const Position& at);

// Thread-safe. Two halves: when the younger is full the older is forgotten, so an entry is kept for at least half the
// capacity's worth of newer ones.
class RoadCache {
 public:
  struct Known {
    std::optional<Duration> time;  // none: there is no way by road
  };

  explicit RoadCache(std::size_t most) : half_(most / 2 + 1) {}
  std::optional<Known> find(Cell from, Cell to, Instant now) const;
  void keep(Cell from, Cell to, std::optional<Duration> time, Instant until);
  std::size_t size() const;

 private:
  struct Key {
    Cell from, to;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  struct Entry {
    std::optional<Duration> time;
    Instant until;
  };
  using Half = std::unordered_map<Key, Entry, Hash>;

  const std::size_t half_;
  mutable std::shared_mutex mutex_;
  Half younger_, older_;
};

}  // namespace firstfix::travel
