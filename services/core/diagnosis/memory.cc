#include "memory.h"

#include <algorithm>
#include <map>

namespace firstfix::diagnosis {
namespace {

constexpr double kLeastVisits = 5, kLeastExpected = 0.01;
constexpr std::size_t kMostMemories = 200;  // the network is asked about each when the model is made
constexpr double kNothingToAdd = 256;       // likeness from which the network is as good as it gets

struct Common {
  const Sighting* sighting = nullptr;
  double visits = 0;
};

// The commonest signs, the most frequent first.
std::vector<Common> common(const Tables& tables) {
  std::vector<Common> out;
  for (const auto& sighting : tables.sightings) {
    Common one{&sighting};
    for (const auto& [group, visits] : sighting.groups) one.visits += visits;
    if (one.visits >= kLeastVisits) out.push_back(one);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.visits > b.visits; });
  if (out.size() > kMostMemories) out.resize(kMostMemories);
  return out;
}

}  // namespace

Memory memorise(const Tables& tables, const std::function<Posterior(const IdSet&)>& network) {
  struct Told {
    const IdSet* signs;
    IdSet causes;
  };
  std::vector<Told> told;
  std::vector<Cell> cells;
  for (const auto& [sighting, visits] : common(tables)) {
    std::map<IdSet, Cell> by_causes;
    for (const auto& hypothesis : network(sighting->signs).hypotheses)
      by_causes[hypothesis.causes].expected = hypothesis.probability * visits;
    for (const auto& [group, n] : sighting->groups)
      if (const auto at = by_causes.find(tables.groups[group].causes); at != by_causes.end()) at->second.seen += n;
    for (const auto& [causes, cell] : by_causes) {
      if (cell.seen == 0 && cell.expected < kLeastExpected) continue;
      told.push_back({&sighting->signs, causes});
      cells.push_back(cell);
    }
  }
  Memory out;
  const double s = likeness(cells);
  if (s >= kNothingToAdd) return out;
  for (std::size_t i = 0; i < cells.size(); ++i)
    out[*told[i].signs].emplace_back(std::move(told[i].causes), shrunk(cells[i], s));
  return out;
}

void recall(const Memory& memory, const IdSet& seen, Posterior& posterior) {
  const auto known = memory.find(seen);
  if (known == memory.end()) return;
  double sum = posterior.unknown;
  for (auto& hypothesis : posterior.hypotheses) {
    const auto at = std::lower_bound(known->second.begin(), known->second.end(), hypothesis.causes,
                                     [](const auto& factor, const IdSet& causes) { return factor.first < causes; });
    if (at != known->second.end() && at->first == hypothesis.causes) hypothesis.probability *= at->second;
    sum += hypothesis.probability;
  }
  for (auto& hypothesis : posterior.hypotheses) hypothesis.probability /= sum;
  posterior.unknown /= sum;
  std::stable_sort(posterior.hypotheses.begin(), posterior.hypotheses.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
}

}  // namespace firstfix::diagnosis
