#include "planning/travel_table.h"

#include <algorithm>
#include <cmath>

#include "json_in.h"

namespace firstfix::planning {
namespace {

// What kSamePlace_m is at least in degrees of latitude, with a margin.
constexpr double kSamePlace_deg = kSamePlace_m / 110'000;

Status no_other_members(const In& in, std::initializer_list<std::string_view> known) {
  std::vector<std::string> odd;
  in.note_unknown(known, odd);
  if (!odd.empty()) return fail(Code::kInvalid, odd.front() + ": is not a member of a travel table");
  return {};
}

Result<Position> read_place(const In& in) {
  FIRSTFIX_CHECK(in.object());
  FIRSTFIX_CHECK(no_other_members(in, {"name", "lat", "lon"}));
  if (in.member("name").present()) FIRSTFIX_CHECK(in.member("name").text().map([](auto&&) {}));
  FIRSTFIX_TRY(latitude, in.member("lat").number(-90, 90));
  FIRSTFIX_TRY(longitude, in.member("lon").number(-180, 180));
  return Position{latitude, longitude};
}

Status read_row(const In& in, std::size_t from, TravelTable& out) {
  const auto places = out.places.size();
  FIRSTFIX_CHECK(in.array(places, places));
  for (std::size_t to = 0; to < places; ++to) {
    if (in.item(to).json().is_null()) {
      out.seconds.push_back(kNotKnown);
      continue;
    }
    FIRSTFIX_TRY(seconds, in.item(to).number(0, kMaxTableSeconds));
    if (from == to && seconds != 0) return in.item(to).bad("must be 0: it is the way from a place to itself");
    out.seconds.push_back(static_cast<std::int32_t>(std::lround(seconds)));
  }
  return {};
}

}  // namespace

Result<TravelTable> read_travel_table(std::string_view text) {
  if (text.size() > kMaxTableBytes)
    return fail(Code::kTooLarge, "the document is over " + std::to_string(kMaxTableBytes >> 20) + " MiB");
  FIRSTFIX_TRY(json, parse_json(text));
  const In root(json);
  FIRSTFIX_CHECK(root.object());
  FIRSTFIX_CHECK(no_other_members(root, {"places", "seconds"}));
  TravelTable out;
  const auto places = root.member("places");
  FIRSTFIX_CHECK(places.array(1, kMaxTablePlaces));
  for (std::size_t i = 0; i < places.size(); ++i) {
    FIRSTFIX_TRY(place, read_place(places.item(i)));
    out.places.push_back(place);
  }
  const auto rows = root.member("seconds");
  FIRSTFIX_CHECK(rows.array(out.places.size(), out.places.size()));
  for (std::size_t from = 0; from < rows.size(); ++from) FIRSTFIX_CHECK(read_row(rows.item(from), from, out));
  return out;
}

TableTravel::TableTravel(TravelTable table, const GreatCircleTravel& otherwise)
    : table_(std::move(table)), otherwise_(otherwise) {
  for (std::size_t i = 0; i < table_.places.size(); ++i) from_south_.push_back(i);
  std::sort(from_south_.begin(), from_south_.end(),
            [&](auto a, auto b) { return table_.places[a].latitude_deg < table_.places[b].latitude_deg; });
}

std::size_t TableTravel::known(const Position& at) const {
  auto it = std::lower_bound(from_south_.begin(), from_south_.end(), at.latitude_deg - kSamePlace_deg,
                             [&](auto i, double latitude) { return table_.places[i].latitude_deg < latitude; });
  std::size_t nearest = kNone;
  double least = kSamePlace_m;
  for (; it != from_south_.end() && table_.places[*it].latitude_deg <= at.latitude_deg + kSamePlace_deg; ++it) {
    const double metres = distance_m(table_.places[*it], at);
    if (metres > least || (metres == least && nearest != kNone)) continue;
    nearest = *it;
    least = metres;
  }
  return nearest;
}

Duration TableTravel::time(const Position& from, const Position& to, Instant depart) const {
  const auto row = known(from);
  const auto column = row == kNone ? kNone : known(to);
  if (column != kNone)
    if (const auto seconds = table_.seconds[row * table_.places.size() + column]; seconds != kNotKnown)
      return std::chrono::seconds{seconds};
  return otherwise_.time(from, to, depart);
}

}  // namespace firstfix::planning
