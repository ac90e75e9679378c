// Which travel times are used; what firstfixd's table [travel] says.
#pragma once

#include <cstddef>
#include <string>

#include "base/time.h"
#include "planning/travel.h"

namespace firstfix::travel {

enum class Kind { kGreatCircle, kTable, kOsrm };

// A table service that speaks OSRM's protocol, and how patient one is with it.
struct Osrm {
  std::string url;  // "http://127.0.0.1:5000", without a path behind it that ends in "/table"
  std::string profile = "driving";
  Duration timeout = std::chrono::seconds{1};  // for all that one plan asks
  std::size_t most_coordinates = 100;          // in one request; OSRM's own default limit
  std::size_t most_kept = 200'000;             // ways in the cache, about 100 bytes each
  Duration keep_for = std::chrono::hours{24};
  Duration first_pause = std::chrono::seconds{5};  // after a failure it is not asked; doubles up to the longest
  Duration longest_pause = std::chrono::minutes{5};
};

struct Options {
  Kind kind = Kind::kGreatCircle;
  planning::GreatCircleTravel great_circle =
      planning::GreatCircleTravel{};  // also what is asked where the others do not know
  std::string table_file;
  Osrm osrm;
};

}  // namespace firstfix::travel
