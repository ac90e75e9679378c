#include "priors.h"

#include <algorithm>
#include <cstdint>

#include "race.h"

namespace firstfix::diagnosis {
namespace {

constexpr int kTrialRounds = 3, kRoughRounds = 3, kFinalRounds = 2;
constexpr std::size_t kSample = 4000;  // pasts of each kind that are enough to come near
constexpr double kOwnPart = 0.5;       // a repair that takes a part less often does not turn on it

// Shares by number of causes, and how often something comes that nobody has met.
void estimate_numbers(Priors& out, const Tables& tables) {
  double singles = 0, pairs = 0, nothing = 0, once = 0;
  for (const auto& group : tables.groups)
    (group.causes.empty() ? nothing : group.causes.size() == 1 ? singles : pairs) += group.visits;
  out.pair = (pairs + 0.5) / (singles + pairs + 10);
  out.single = 1 - out.pair;
  for (std::size_t c = 0; c < static_cast<std::size_t>(tables.causes.size()); ++c) {
    double met = 0;
    for (const auto& by_cause : tables.by_model) met += by_cause[c];
    once += met == 1;
  }
  out.visits = singles + pairs + nothing;
  // Good and Turing: what was met once only tells how often something new comes.
  out.unmet = (once + 1) / (out.visits + 20);
}

// The part that each repair takes most surely.
std::vector<Id> own_parts(const Tables& tables, const Rates& parts) {
  std::vector<Id> out(static_cast<std::size_t>(tables.causes.size()), learning::kUnknown);
  for (std::size_t c = 0; c < out.size(); ++c) {
    double most = kOwnPart;
    for (std::size_t p = 0; p < parts.columns; ++p)
      if (parts.at(c, p) > most) most = parts.at(c, p), out[c] = static_cast<Id>(p);
  }
  return out;
}

// The pasts as they are if a cause wears anew also from the replacement of its part.
std::vector<PastVisits> restarted(std::vector<PastVisits> pasts, const std::vector<Id>& clock) {
  std::vector<std::vector<std::size_t>> causes;  // by part
  for (std::size_t c = 0; c < clock.size(); ++c) {
    if (clock[c] == learning::kUnknown) continue;
    causes.resize(std::max(causes.size(), static_cast<std::size_t>(clock[c]) + 1));
    causes[static_cast<std::size_t>(clock[c])].push_back(c);
  }
  for (auto& past : pasts) {
    for (const auto& [part, step] : past.replaced) {
      if (part >= causes.size()) continue;
      for (const auto c : causes[part]) past.repaired.emplace_back(c, step);
    }
    std::sort(past.repaired.begin(), past.repaired.end());
    past.repaired.erase(std::unique(past.repaired.begin(), past.repaired.end(),
                                    [](const auto& a, const auto& b) { return a.first == b.first; }),
                        past.repaired.end());
  }
  return pasts;
}

// What is named wrongly is each cause as often: so much of a share as that explains is taken out, and never all.
void forgive_wrong_names(Priors& out, const Rates& parts) {
  if (parts.wrong.empty()) return;
  double wrong = 0, all = 0;
  for (std::size_t c = 0; c < parts.wrong.size(); ++c) wrong += parts.wrong[c] * parts.visits[c];
  for (const double visits : parts.visits) all += visits;
  const double each = wrong / all / static_cast<double>(parts.wrong.size());
  const auto forgive = [&](std::vector<double>& shares) {
    for (std::size_t c = 0; c < parts.wrong.size(); ++c) shares[c] *= shares[c] / (shares[c] + each);
  };
  for (auto& shares : out.share) forgive(shares);
  forgive(out.usual);
}

}  // namespace

Priors estimate_priors(const Catalogue& catalogue, const Tables& tables, const Rates& parts) {
  Priors out;
  estimate_numbers(out, tables);
  const auto clock = own_parts(tables, parts);
  const auto by_parts = restarted(tables.pasts, clock);
  Race one(catalogue, tables, tables.pasts, true), two(catalogue, tables, tables.pasts, false);
  one.run(kTrialRounds, kSample);
  two.run(kTrialRounds, kSample);
  const bool new_at_first = one.log_evidence() >= two.log_evidence();
  Race three(catalogue, tables, by_parts, new_at_first);
  three.run(kTrialRounds, kSample);
  auto& plain = new_at_first ? one : two;
  const bool parts_restart = three.log_evidence() > plain.log_evidence();
  auto& best = parts_restart ? three : plain;
  if (parts_restart) out.clock = clock;
  best.run(kRoughRounds, kSample);
  best.follow_trends();
  best.run(kRoughRounds, kSample);
  best.run(kFinalRounds, SIZE_MAX);
  best.take_over_rests();
  out.share = best.shares();
  out.usual = best.usual_shares();
  out.wear = best.wear();
  out.ages = best.ages();
  forgive_wrong_names(out, parts);
  return out;
}

}  // namespace firstfix::diagnosis
