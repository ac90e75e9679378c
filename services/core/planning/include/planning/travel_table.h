// Times of travel between known places, from a table.
//
// The format, JSON:
//   {"places": [{"name": "Depot North", "lat": 52.52, "lon": 13.40}, …],
//    "seconds": [[0, 840, …], …]}
// `seconds[i][j]` is the drive from place i to place j, rounded to whole seconds; null where it is not known. The name
// is for people and may be left out. Unknown members are refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "planning/travel.h"

namespace firstfix::planning {

inline constexpr std::size_t kMaxTablePlaces = 2'000;
inline constexpr std::size_t kMaxTableBytes = 64 << 20;
inline constexpr std::int32_t kMaxTableSeconds = 7 * 24 * 3600;
inline constexpr std::int32_t kNotKnown = -1;
inline constexpr double kSamePlace_m = 100;

struct TravelTable {
  std::vector<Position> places;
  std::vector<std::int32_t> seconds;  // from × to, in rows of the size of `places`; kNotKnown where there is none
};

// Errors name the field: "seconds[2][0]: must be from 0 to 604800".
Result<TravelTable> read_travel_table(std::string_view text);

// A place within 100 m of a known one counts as that, the nearest if there are several. For all others, and where the
// table says null, the great circle is asked. Thread-safe.
class TableTravel final : public Travel {
 public:
  explicit TableTravel(TravelTable table, const GreatCircleTravel& otherwise = GreatCircleTravel{});
  Duration time(const Position& from, const Position& to, Instant depart) const override;

 private:
  static constexpr std::size_t kNone = SIZE_MAX;
  std::size_t known(const Position& at) const;

  TravelTable table_;
  GreatCircleTravel otherwise_;
  std::vector<std::size_t> from_south_;  // the places in order of latitude
};

}  // namespace firstfix::planning
