#include "entries.h"

#include <algorithm>
#include <map>

namespace firstfix::diagnosis {
namespace {

// Of the signs of bundles: on how many visits one before it was there, and on how many of these it came too.
void count_after(const Rates& layout, const Sighting& sighting, std::vector<std::map<std::size_t, RateEntry>>& after) {
  const auto there = [&](Id sign) { return std::binary_search(sighting.signs.begin(), sighting.signs.end(), sign); };
  int last = -1;
  std::vector<int> touched;
  for (const auto sign : sighting.signs)
    if (const int b = layout.bundle_of[static_cast<std::size_t>(sign)]; b >= 0 && b != last)
      touched.push_back(last = b);
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const auto b : touched) {
    bool any = false;
    for (const auto sign : layout.bundles[static_cast<std::size_t>(b)]) {
      const bool here = there(sign);
      if (any)
        for (const auto& [group, n] : sighting.groups) {
          auto& entry = after[group][static_cast<std::size_t>(sign)];
          entry.chances += n;
          if (here) entry.seen += n;
        }
      any = any || here;
    }
  }
}

}  // namespace

std::vector<std::vector<RateEntry>> entries_of(const Tables& tables, const Rates& layout,
                                               std::vector<std::pair<Id, double>> Group::*seen) {
  std::vector<std::vector<RateEntry>> out;
  // By group: what came after another of its bundle, and could have.
  std::vector<std::map<std::size_t, RateEntry>> after(tables.groups.size());
  if (!layout.bundles.empty())
    for (const auto& sighting : tables.sightings) count_after(layout, sighting, after);
  for (std::size_t g = 0; g < tables.groups.size(); ++g) {
    const auto& group = tables.groups[g];
    std::vector<double> all(layout.alone.size());
    for (const auto& [sign, n] : group.*seen) all[static_cast<std::size_t>(sign)] = n;
    auto& own = out.emplace_back();
    for (std::size_t s = 0; s < all.size(); ++s) {
      if (layout.after[s] == layout.alone[s]) {
        if (all[s] > 0) own.push_back({layout.alone[s], all[s], group.visits});
        continue;
      }
      const auto later = after[g].find(s);
      const auto [column, n, chances] = later == after[g].end() ? RateEntry{} : later->second;
      if (chances > 0) own.push_back({layout.after[s], n, chances});
      own.push_back({layout.alone[s], all[s] - n, group.visits - chances});
    }
  }
  return out;
}

}  // namespace firstfix::diagnosis
