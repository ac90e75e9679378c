// What the clocks on the walls of a place show. Which rules a place has is told from outside; without any it is UTC.
#pragma once

#include <functional>
#include <string>

#include "base/time.h"

namespace firstfix {

// The clocks as they are set until they are changed next.
struct Clocks {
  Duration ahead{};  // of UTC; negative west of it
  Instant until = kNever;
};

// `at` tells how the clocks are set at an instant; it is pure and thread-safe.
struct Zone {
  std::string name = "UTC";
  std::function<Clocks(Instant)> at = [](Instant) { return Clocks{}; };
};

// For people: "2026-03-02 10:00 (Europe/Berlin)", with seconds where there are any; a fraction of one is left out.
std::string in_words(Instant t, const Zone& zone);
// "2026-03-02 10:00 to 12:00 (Europe/Berlin)"; the day is said again if it is another.
std::string in_words(Instant from, Instant to, const Zone& zone);

}  // namespace firstfix
