#include "desk/zones.h"

#include <absl/strings/ascii.h>
#include <absl/time/time.h>

#include <algorithm>

#include "firstfix/v1/fleet.pb.h"

namespace firstfix::desk {
namespace {

constexpr const char* kAZone = "Europe/Berlin";
constexpr std::size_t kMaxZoneName = 64;

// Names outside this form would be looked for elsewhere, such as in a file by its path.
bool like_a_zone(const std::string& name) {
  const auto fits = [](char c) { return absl::ascii_isalnum(c) || c == '/' || c == '_' || c == '+' || c == '-'; };
  return name.size() <= kMaxZoneName && absl::ascii_isupper(name.front()) &&
         std::all_of(name.begin(), name.end(), fits);
}

Clocks clocks_of(const absl::TimeZone& zone, Instant t) {
  const auto when = absl::FromUnixMicros(t.micros);
  Clocks out{std::chrono::seconds{zone.At(when).offset}};
  if (absl::TimeZone::CivilTransition next; zone.NextTransition(when, &next))
    out.until = Instant{absl::ToUnixMicros(zone.At(next.to).trans)};
  return out;
}

}  // namespace

Result<Zone> zone_named(const std::string& name) {
  if (name.empty()) return Zone{};
  absl::TimeZone zone;
  if (like_a_zone(name) && absl::LoadTimeZone(name, &zone))
    return Zone{name, [zone](Instant t) { return clocks_of(zone, t); }};
  if (!absl::LoadTimeZone(kAZone, &zone))
    return fail(Code::kInvalid, "no time zone is known here: install tzdata and start firstfixd again");
  return fail(Code::kInvalid,
              "unknown zone '" + name.substr(0, kMaxZoneName) + "'; use an IANA name such as " + kAZone);
}

Result<Zone> zone_in(const View& view, const std::string& territory) {
  FIRSTFIX_TRY(found, view.find<v1::Territory>(territory));
  return found ? zone_named(found->time_zone()).value_or(Zone{}) : Zone{};
}

}  // namespace firstfix::desk
