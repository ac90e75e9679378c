// The true posterior, by summing over one cause and over pairs of causes.
#include <algorithm>
#include <cmath>

#include "fleet/fleet.h"

namespace firstfix::fleet {
namespace {

constexpr std::size_t kPaired = 40;  // causes that pairs are made of; the others are too improbable to matter

double log_sum(double a, double b) {
  const double top = std::max(a, b);
  return std::isinf(top) ? top : top + std::log(std::exp(a - top) + std::exp(b - top));
}

}  // namespace

double Fleet::log_groups(const std::vector<bool>& seen, const std::vector<int>& causes, unsigned on) const {
  const int groups = (options_.codes + 3) / 4;
  double plain = 0;
  std::vector<double> leaked;
  for (int g = 0; g < groups; ++g) {
    const auto [first, last] = group(g);
    const int size = last - first;
    double likelihood = 0, with_leak = 0;
    unsigned shown = 0;
    std::vector<double> p;
    for (int i = 0; i < size; ++i) {
      shown |= static_cast<unsigned>(seen[static_cast<std::size_t>(first + i)]) << i;
      p.push_back(triggered(first + i, causes, on));
    }
    // Over what was triggered: all that was is seen, and brought each of the others with the cascade's probability.
    for (unsigned mask = 0; mask < 1U << size; ++mask) {
      if ((mask & ~shown) != 0 || (mask == 0 && shown != 0)) continue;
      double one = 1, leak = 1;
      for (int i = 0; i < size; ++i) {
        const auto place = static_cast<std::size_t>(i);
        const bool hit = (mask >> i & 1) != 0, there = (shown >> i & 1) != 0;
        const double brought = mask == 0 ? 1 : there ? options_.cascade : 1 - options_.cascade;
        const double q = 1 - (1 - p[place]) * 0.1;
        one *= hit ? p[place] : (1 - p[place]) * brought;
        leak *= hit ? q : (1 - q) * brought;
      }
      likelihood += one;
      with_leak += leak;
    }
    plain += std::log(likelihood);
    if (options_.bundle_leak > 0) leaked.push_back(std::log(with_leak) - std::log(likelihood));
  }
  if (leaked.empty()) return plain;
  double sum = std::log(1 - options_.bundle_leak);
  for (const auto one : leaked) sum = log_sum(sum, std::log(options_.bundle_leak / groups) + one);
  return plain + sum;
}

double Fleet::log_likelihood(const std::vector<bool>& seen, const std::vector<int>& causes) const {
  if (options_.together <= 0) return log_groups(seen, causes, 0);
  double sum = -INFINITY;
  for (unsigned on = 0; on < 1U << causes.size(); ++on) sum = log_sum(sum, log_groups(seen, causes, on));
  return sum - std::log(2.0) * static_cast<double>(causes.size());
}

Truth Fleet::truth(const std::vector<Visit>& visits, std::size_t which) const {
  const auto& visit = visits[which];
  std::vector<double> repaired(causes_.size(), 0.0);
  for (std::size_t i = 0; i < which; ++i)
    if (visits[i].asset == visit.asset)
      for (const auto cause : visits[i].causes) repaired[static_cast<std::size_t>(cause)] = visits[i].completed;
  const auto rate = rates(visit.asset, visit.stopped, repaired);
  double all = 0;
  for (const auto r : rate) all += r;
  std::vector<bool> seen(static_cast<std::size_t>(options_.codes));
  for (const auto code : visit.codes) seen[static_cast<std::size_t>(code)] = true;

  std::vector<std::pair<double, std::vector<int>>> hypotheses;
  std::vector<std::pair<double, int>> ranked;
  for (int c = 0; c < options_.causes; ++c) {
    const double share = rate[static_cast<std::size_t>(c)] / all;
    if (share <= 0) continue;
    // A second cause that is the same as the first is one cause.
    const double single = share * (1 - options_.pairs) + options_.pairs * share * share;
    hypotheses.emplace_back(std::log(single) + log_likelihood(seen, {c}) + log_context(visit, {c}),
                            std::vector<int>{c});
    double explains = std::log(share);
    for (const auto& [code, p] : causes_[static_cast<std::size_t>(c)].codes)
      if (seen[static_cast<std::size_t>(code)]) explains += std::log(1 + p / leaks_[static_cast<std::size_t>(code)]);
    ranked.emplace_back(-explains, c);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > kPaired) ranked.resize(kPaired);
  for (std::size_t i = 0; i < ranked.size(); ++i)
    for (std::size_t j = i + 1; j < ranked.size(); ++j) {
      const int c = ranked[i].second, d = ranked[j].second;
      const double share =
          2 * options_.pairs * rate[static_cast<std::size_t>(c)] * rate[static_cast<std::size_t>(d)] / all / all;
      if (share > 0)
        hypotheses.emplace_back(std::log(share) + log_likelihood(seen, {c, d}) + log_context(visit, {c, d}),
                                std::vector<int>{c, d});
    }
  double total = -INFINITY;
  for (const auto& [log, set] : hypotheses) total = log_sum(total, log);
  Truth out{std::vector<double>(causes_.size()), std::vector<double>(static_cast<std::size_t>(options_.parts))};
  for (const auto& [log, set] : hypotheses) {
    const double p = std::exp(log - total);
    std::vector<double> spared(out.parts.size(), 1.0);
    for (const auto cause : set) {
      out.causes[static_cast<std::size_t>(cause)] += p;
      for (const auto& [part, q] : causes_[static_cast<std::size_t>(cause)].parts)
        spared[static_cast<std::size_t>(part)] *= 1 - q;
    }
    for (std::size_t x = 0; x < spared.size(); ++x) out.parts[x] += p * (1 - spared[x]);
  }
  return out;
}

}  // namespace firstfix::fleet
