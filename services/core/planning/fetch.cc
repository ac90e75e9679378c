#include "fetch.h"

#include <algorithm>
#include <optional>
#include <set>

namespace firstfix::planning {
inline namespace one_job {
namespace {

// Of the ways by so many places the cheapest are gone on from to one place more. Four places can be driven to in as
// many orders, so that where there are no more nothing is overlooked; and since each place has to have a part that is
// missing, the work grows with the places and the parts, not with their combinations.
constexpr std::size_t kMostWays = 24;
constexpr std::size_t kMostChoices = 12;  // of the ways by several places, for one gap

using Parts = std::vector<std::string>;

bool contains(const Parts& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

Parts both(const Parts& wanted, const Parts& there) {
  Parts out;
  std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(out),
               [&](auto& part) { return contains(there, part); });
  return out;
}

Parts minus(const Parts& wanted, const Parts& there) {
  Parts out;
  std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(out),
               [&](auto& part) { return !contains(there, part); });
  return out;
}

bool is_meeting(const Source& source) {
  return !source.pickup.visit.empty();
}

// The depots, then the colleagues, who have any of the missing parts; of the colleagues those who are there in the gap.
std::vector<Source> sources_for(const Setting& setting, const Candidate& who, const Gap& gap, const Parts& missing) {
  std::vector<Source> all;
  for (const auto& [id, position, parts] : setting.job.depots)
    all.push_back({.pickup = {id, both(missing, parts), position}, .takes = setting.weights.pickup});
  for (const auto& [colleague, van, visit, position, open, takes, parts] : setting.job.meetings)
    if (colleague != who.person.id && open.from < gap.to && open.to > gap.from)
      all.push_back({{van, both(missing, parts), position, {}, colleague, visit}, open, takes});
  all.erase(std::remove_if(all.begin(), all.end(), [](const auto& source) { return source.pickup.parts.empty(); }),
            all.end());
  return all;
}

using Places = std::vector<const Source*>;

// A way by some places, gone in one go: whoever would have to wait sets out later instead.
struct Way {
  Places places;                // in order
  std::vector<Duration> until;  // from setting out to the end of each
  Parts missing;                // what none of them has
  Position at;                  // the last of them, or where the engineer sets out
  Instant soonest, latest;      // to leave it
  Slot slot;                    // its sources are written when it is chosen
  double price = 0;             // of beginning as soon as it can

  bool in_time() const { return slot.earliest <= slot.latest; }
};

void keep_cheapest(std::vector<Way>& ways, std::size_t most) {
  std::stable_sort(ways.begin(), ways.end(), [](const auto& a, const auto& b) { return a.price < b.price; });
  if (ways.size() > most) ways.erase(ways.begin() + static_cast<std::ptrdiff_t>(most), ways.end());
}

class Search {
 public:
  Search(const Setting& setting, const Candidate& who, const Gap& gap, bool fetches)
      : setting_(setting),
        gap_(gap),
        missing_(fetches ? minus(setting.job.parts, who.van_parts) : Parts{}),
        sources_(sources_for(setting, who, gap, missing_)),
        least_(price_without(missing_)) {}

  std::vector<Slot> run() {
    if (std::all_of(sources_.begin(), sources_.end(), is_meeting)) take(way_by({}));
    const bool one_suffices = one_depot_has(minus(missing_, left_by_all()));
    std::vector<Way> ways;
    for (const auto& source : sources_) {
      const bool worse = one_depot_has(source.pickup.parts, is_meeting(source) ? 0 : 1);
      if (worse && one_suffices) continue;
      auto way = way_by({&source});
      if (!worse) take(way);
      if (way) ways.push_back(std::move(*way));
    }
    if (!one_suffices) by_several(std::move(ways));
    return std::move(slots_);
  }

 private:
  double price_without(const Parts& parts) const {
    double price = 0;
    for (const auto& part : parts)
      if (const auto one = setting_.job.without.find(part); one != setting_.job.without.end()) price += one->second;
    return price;
  }

  Parts left_by_all() const {
    auto rest = missing_;
    for (const auto& source : sources_) rest = minus(rest, source.pickup.parts);
    return rest;
  }

  // And so many more of the missing parts.
  bool one_depot_has(const Parts& parts, std::size_t more = 0) const {
    return std::any_of(sources_.begin(), sources_.end(), [&](const auto& source) {
      const auto& there = source.pickup.parts;
      return !is_meeting(source) && there.size() >= parts.size() + more && minus(parts, there).empty();
    });
  }

  // Place by place, while one more has something that so many in time leave out.
  void by_several(std::vector<Way> ways) {
    std::vector<Way> found;
    const auto nothing = price_without(missing_), all = price_without(left_by_all());
    const auto in_vain = [&](const Way& way) { return way.slot.lacks >= nothing; };
    ways.erase(std::remove_if(ways.begin(), ways.end(), in_vain), ways.end());
    while (!ways.empty() && least_ > all) {
      keep_cheapest(ways, kMostWays);
      ways = one_further(ways);
      auto least = least_;
      for (const auto& way : ways) {
        if (!way.in_time() || way.slot.lacks >= least_ || one_depot_has(minus(missing_, way.missing))) continue;
        found.push_back(way);
        least = std::min(least, way.slot.lacks);
      }
      least_ = least;
    }
    keep_cheapest(found, kMostChoices);
    for (const auto& way : found) take(way);
  }

  // By one place more that has something of what is missing, before, between or after the others.
  std::vector<Way> one_further(const std::vector<Way>& ways) const {
    std::set<Places> tried;
    std::vector<Way> out;
    for (const auto& way : ways) {
      for (const auto& source : sources_) {
        if (price_without(minus(way.missing, source.pickup.parts)) >= way.slot.lacks || goes_by(way, source)) continue;
        for (std::size_t i = 0; i <= way.places.size(); ++i) {
          auto places = way.places;
          places.insert(places.begin() + static_cast<std::ptrdiff_t>(i), &source);
          if (!tried.insert(places).second) continue;
          if (auto longer = way_by(std::move(places))) out.push_back(std::move(*longer));
        }
      }
    }
    return out;
  }

  // By the same van, too, wherever its engineer is then.
  static bool goes_by(const Way& way, const Source& source) {
    return std::any_of(way.places.begin(), way.places.end(),
                       [&](const auto* place) { return place->pickup.location == source.pickup.location; });
  }

  // None if there is no time for it, or if one of several places has nothing but what those before have as well or what
  // costs nothing to come without.
  std::optional<Way> way_by(Places places) const {
    Way way{
        .places = std::move(places), .missing = missing_, .at = gap_.start, .soonest = gap_.from, .latest = gap_.to};
    for (const auto* place : way.places) {
      auto rest = minus(way.missing, place->pickup.parts);
      if (way.places.size() > 1 && price_without(rest) >= price_without(way.missing)) return std::nullopt;
      way.missing = std::move(rest);
      if (!go_on(*place, way)) return std::nullopt;
    }
    return to_the_job(std::move(way));
  }

  bool go_on(const Source& place, Way& way) const {
    const auto leg = setting_.travel.time(way.at, place.pickup.position, way.soonest);
    way.at = place.pickup.position;
    way.soonest = std::max(way.soonest + leg, place.open.from) + place.takes;
    way.latest = std::min(way.latest + leg + place.takes, place.open.to);
    way.slot.drive += leg;
    way.slot.before += leg + place.takes;
    way.until.push_back(way.slot.before);
    return way.soonest <= way.latest;
  }

  // None if the work could not begin in time however long the places were open: then no further place helps either. Who
  // would only come too late for a colleague's hours may still go by another place before the job.
  std::optional<Way> to_the_job(Way way) const {
    const auto& [job, travel, weights, now] = setting_;
    auto& slot = way.slot;
    const auto leg = travel.time(way.at, job.position, way.soonest);
    slot.position = job.position;
    slot.earliest = std::max(way.soonest + leg, gap_.begin.from);
    const auto onward = travel.time(job.position, gap_.end, slot.earliest + job.service);
    slot.latest = std::min(gap_.over_by(onward) - job.service, gap_.begin.to);
    if (slot.earliest > slot.latest) return std::nullopt;
    slot.latest = std::min(slot.latest, way.latest + leg);
    slot.drive += leg;
    slot.before += leg;
    slot.travel = slot.drive + onward - std::min(slot.drive + onward, travel.time(gap_.start, gap_.end, gap_.from));
    slot.lacks = price_without(way.missing);
    way.price = price_of(setting_, slot) + price_of_waiting(setting_, slot.earliest);
    return way;
  }

  void take(const std::optional<Way>& way) {
    if (!way || !way->in_time()) return;
    least_ = std::min(least_, way->slot.lacks);
    auto& slot = slots_.emplace_back(way->slot);
    auto wanted = missing_;
    for (std::size_t i = 0; i < way->places.size(); ++i) {
      auto& source = slot.sources.emplace_back(*way->places[i]);
      source.pickup.parts = both(wanted, source.pickup.parts);
      source.onward = slot.before - way->until[i];
      wanted = minus(wanted, source.pickup.parts);
    }
  }

  const Setting& setting_;
  const Gap& gap_;
  const Parts missing_;
  const std::vector<Source> sources_;
  double least_;  // of what the ways in time leave out
  std::vector<Slot> slots_;
};

}  // namespace

std::vector<Slot> ways_within(const Setting& setting, const Candidate& who, const Gap& gap, bool fetches) {
  return Search(setting, who, gap, fetches).run();
}

}  // namespace one_job
}  // namespace firstfix::planning
