#include "base/zone.h"

namespace firstfix {
namespace {

constexpr std::size_t kDayLength = 10;  // "2026-03-02"

// "2026-03-02 10:00", what the clocks show.
std::string shown(Instant t, const Zone& zone) {
  constexpr std::size_t kMinutesEnd = 16, kSecondsLength = 3;
  auto text = to_iso8601(t + zone.at(t).ahead);
  text[kDayLength] = ' ';
  const auto seconds = text.substr(kMinutesEnd, kSecondsLength);
  text.resize(kMinutesEnd);
  return seconds == ":00" ? text : text + seconds;
}

std::string named(const Zone& zone) {
  return " (" + zone.name + ")";
}

}  // namespace

std::string in_words(Instant t, const Zone& zone) {
  return shown(t, zone) + named(zone);
}

std::string in_words(Instant from, Instant to, const Zone& zone) {
  const auto first = shown(from, zone), last = shown(to, zone);
  const bool same_day = first.compare(0, kDayLength, last, 0, kDayLength) == 0;
  return first + " to " + (same_day ? last.substr(kDayLength + 1) : last) + named(zone);
}

}  // namespace firstfix
