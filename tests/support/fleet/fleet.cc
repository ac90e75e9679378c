#include "fleet/fleet.h"

#include <algorithm>
#include <cmath>

namespace firstfix::fleet {
namespace {

constexpr int kGroup = 4;              // codes of a bundle
constexpr double kHistory_days = 105;  // how long it takes to live through most histories

std::string name(char kind, int number) {
  auto digits = std::to_string(number);
  return kind + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::string code_name(int code) {
  return name('E', code);
}
std::string cause_name(int cause) {
  return name('K', cause);
}
std::string part_name(int part) {
  return name('P', part);
}
std::string model_name(int model) {
  return "model" + std::to_string(model);
}

std::string family_name(int model, const Options& options) {
  return "family" + std::to_string(model % std::max(1, options.families));
}

Instant instant(double days) {
  return kBegin + Duration(static_cast<std::int64_t>(days * 86'400) * 1'000'000);
}

Fleet::Fleet(const Options& options) : options_(options), random_(options.seed) {
  for (int a = 0; a < options_.assets; ++a) models_.push_back(below(options_.models));
  for (int e = 0; e < options_.codes; ++e)
    leaks_.push_back(std::min(0.3, options_.leak * std::exp(0.8 * normal() - 0.32)));
  for (int p = 0; p < options_.parts; ++p) carry_costs_.push_back(10 * std::exp(1.2 * normal()));
  invent_causes();
}

void Fleet::invent_causes() {
  for (int c = 0; c < options_.causes; ++c) {
    Cause cause;
    cause.rate = std::exp(1.1 * normal());
    cause.end_rate = cause.rate * std::exp(options_.drift * normal());
    cause.shape = options_.wear > 0 && uniform() < 0.7 ? 1 + 2 * uniform() * options_.wear : 1;
    cause.scale_days = 60 * std::exp(0.8 * normal());
    const auto some = [&] { return uniform() < 0.15 ? 0 : std::exp(0.8 * normal()); };
    std::vector<double> by_family;
    for (int f = 0; f < options_.families; ++f) by_family.push_back(some());
    for (int m = 0; m < options_.models; ++m)
      cause.by_model.push_back(by_family.empty() ? some()
                                                 : by_family[static_cast<std::size_t>(m % options_.families)] *
                                                       std::exp(0.25 * normal()));
    for (int n = 1 + below(4); n > 0; --n) {
      const int code = below(options_.codes);
      if (std::none_of(cause.codes.begin(), cause.codes.end(), [&](const auto& l) { return l.first == code; }))
        cause.codes.emplace_back(code, 0.05 + 0.93 * uniform());
    }
    for (int n = 1 + below(3); n > 0; --n) {
      const int part = below(options_.parts);
      if (std::none_of(cause.parts.begin(), cause.parts.end(), [&](const auto& l) { return l.first == part; }))
        cause.parts.emplace_back(part, cause.parts.empty() ? 0.6 + 0.4 * uniform() : 0.1 + 0.6 * uniform());
    }
    for (int r = 0; r < options_.readings; ++r) cause.means.push_back(options_.telling * normal());
    causes_.push_back(std::move(cause));
  }
}

std::vector<double> Fleet::rates(int asset, double at, const std::vector<double>& repaired) const {
  std::vector<double> out;
  const double over = std::min(1.0, at / kHistory_days), now = options_.sudden ? (over > 0.7 ? 1 : 0) : over;
  for (std::size_t c = 0; c < causes_.size(); ++c) {
    const auto& cause = causes_[c];
    const double age = std::max(0.05, at - repaired[c]) / cause.scale_days;
    const double worn = std::min(20.0, cause.shape * std::pow(age, cause.shape - 1));
    out.push_back(std::pow(cause.rate, 1 - now) * std::pow(cause.end_rate, now) * worn *
                  cause.by_model[static_cast<std::size_t>(models_[static_cast<std::size_t>(asset)])]);
  }
  return out;
}

std::pair<int, int> Fleet::group(int number) const {
  return {number * kGroup, std::min(options_.codes, (number + 1) * kGroup)};
}

// With `together`, each cause has a switch: on, it shows its codes more than usually; off, less. The mean is kept.
double Fleet::triggered(int code, const std::vector<int>& causes, unsigned on) const {
  double silent = 1 - leaks_[static_cast<std::size_t>(code)];
  for (std::size_t i = 0; i < causes.size(); ++i)
    for (const auto& [linked, p] : causes_[static_cast<std::size_t>(causes[i])].codes) {
      if (linked != code) continue;
      const double shown = on >> i & 1 ? p + options_.together * (1 - p) : p * (1 - options_.together);
      silent *= 1 - (options_.together > 0 ? shown : p);
    }
  return 1 - silent;
}

std::vector<int> Fleet::show(const std::vector<int>& causes) {
  unsigned on = 0;
  for (std::size_t i = 0; i < causes.size(); ++i) on |= static_cast<unsigned>(uniform() < 0.5) << i;
  const int groups = (options_.codes + kGroup - 1) / kGroup;
  const int leaking = uniform() < options_.bundle_leak ? below(groups) : -1;
  std::vector<int> out;
  for (int g = 0; g < groups; ++g) {
    const auto [first, last] = group(g);
    std::vector<bool> there;
    for (int e = first; e < last; ++e)
      there.push_back(uniform() < triggered(e, causes, on) || (g == leaking && uniform() < 0.9));
    const bool any = std::find(there.begin(), there.end(), true) != there.end();
    for (int e = first; e < last; ++e)
      if (there[static_cast<std::size_t>(e - first)] || (any && uniform() < options_.cascade)) out.push_back(e);
  }
  return out;
}

std::vector<Visit> Fleet::live() {
  const auto causes = causes_.size();
  std::vector<std::vector<double>> repaired(static_cast<std::size_t>(options_.assets),
                                            std::vector<double>(causes, 0.0));
  std::vector<double> free(static_cast<std::size_t>(options_.assets));
  std::vector<Visit> out;
  double at = 0, most = 0;
  const auto wanted = static_cast<std::size_t>(options_.visits) + static_cast<std::size_t>(options_.cases);
  while (out.size() < wanted) {
    at += days_ / options_.visits / 4 * -std::log(1 - uniform());
    Visit visit{.asset = below(options_.assets), .stopped = at};
    const auto asset = static_cast<std::size_t>(visit.asset);
    if (at < free[asset]) continue;
    if (options_.new_model && models_[asset] == options_.models - 1 &&
        out.size() < static_cast<std::size_t>(options_.visits))
      continue;
    auto rate = rates(visit.asset, at, repaired[asset]);
    double sum = 0;
    for (const auto r : rate) sum += r;
    most = std::max(most * 0.9999, sum);
    // About one call in four finds a machine that stops; worn machines stop more often.
    if (uniform() * most * 0.5 > sum) continue;
    std::discrete_distribution<int> which(rate.begin(), rate.end());
    visit.causes.push_back(which(random_));
    if (uniform() < options_.pairs)
      if (const int second = which(random_); second != visit.causes[0]) visit.causes.push_back(second);
    visit.codes = show(visit.causes);
    add_context(visit);
    for (const auto cause : visit.causes)
      for (const auto& [part, p] : causes_[static_cast<std::size_t>(cause)].parts)
        if (uniform() < p && std::find(visit.parts.begin(), visit.parts.end(), part) == visit.parts.end())
          visit.parts.push_back(part);
    visit.told = visit.causes;
    if (uniform() < options_.wrong_labels) visit.told[0] = below(options_.causes);
    if (visit.told.size() == 2 && visit.told[0] == visit.told[1]) visit.told.pop_back();
    visit.completed = at + (2 + 28 * uniform()) / 24;
    free[asset] = visit.completed + 0.1;
    for (const auto cause : visit.causes) repaired[asset][static_cast<std::size_t>(cause)] = visit.completed;
    out.push_back(std::move(visit));
  }
  return out;
}

std::vector<learning::Machine> machines(const Fleet& fleet, const std::vector<Visit>& lived, std::size_t visits) {
  std::vector<learning::Machine> out;
  for (const auto model : fleet.models()) out.push_back({model_name(model), {}, {}});
  for (std::size_t i = 0; i < visits; ++i) {
    const auto& visit = lived[i];
    auto& machine = out[static_cast<std::size_t>(visit.asset)];
    learning::Work work{instant(visit.completed), true, {}, {}};
    double before = 0.08;
    const auto first = machine.faults.size();
    for (const auto code : visit.codes) {
      auto& fault = machine.faults.emplace_back();
      fault.at = instant(visit.stopped - (before *= 0.7)), fault.code = code_name(code);
      if (visit.cleared[machine.faults.size() - first - 1]) fault.cleared_at = instant(visit.stopped);
      for (std::size_t r = 0; r < visit.readings.size(); ++r)
        fault.readings.emplace_back("r" + std::to_string(r), std::exp(2 + 0.3 * visit.readings[r]));
    }
    for (const auto cause : visit.told) work.causes.push_back(cause_name(cause));
    for (const auto part : visit.parts) work.parts.push_back(part_name(part));
    machine.works.push_back(std::move(work));
  }
  return out;
}

}  // namespace firstfix::fleet
