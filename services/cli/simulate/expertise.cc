#include "expertise.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "parts/kit.h"
#include "parts/scenarios.h"
#include "simulation/random.h"

namespace firstfix::simulation {
namespace {

constexpr std::uint64_t kCatalogue = 11;
constexpr double kCarryCost = 4;
constexpr double kLeastProbability = 0.02;  // of a part that is worth a thought

std::string name(char kind, int number) {
  return kind + std::to_string(number);
}

int number(const std::string& name) {
  int out = 0;
  std::from_chars(name.data() + 1, name.data() + name.size(), out);
  return out;
}

std::vector<std::string> names(char kind, const std::vector<int>& numbers) {
  std::vector<std::string> out;
  for (const int one : numbers) out.push_back(name(kind, one));
  return out;
}

std::vector<diagnosis::Link> rough(char kind, const std::vector<std::pair<int, double>>& links, Random& random) {
  std::vector<diagnosis::Link> out;
  for (const auto& [what, p] : links)
    out.push_back({name(kind, what), std::clamp(p + random.uniform(-0.15, 0.15), 0.05, 0.95)});
  return out;
}

}  // namespace

Expertise::Expertise(const Region& region, std::uint64_t seed) : region_(region) {
  Random random(seed, {kCatalogue});
  for (std::size_t i = 0; i < region.causes.size(); ++i) {
    const auto& truth = region.causes[i];
    diagnosis::Cause cause{.name = name('c', static_cast<int>(i)), .rate = 1, .codes = {}, .parts = {}, .models = {}};
    cause.codes = rough('f', truth.codes, random);
    cause.parts = rough('p', truth.parts, random);
    catalogue_.causes.push_back(std::move(cause));
  }
  renew();
}

void Expertise::renew() {
  model_ = std::make_unique<diagnosis::Model>(catalogue_, counts_);
  renewed_at_ = counts_.visits();
}

Judgement Expertise::judge(const std::vector<int>& codes) const {
  const auto answer = diagnosis::diagnose(*model_, {.model = "m", .signs = names('f', codes)});
  Judgement out;
  if (!answer.causes.empty()) out.cause = number(answer.causes.front().name);
  std::vector<parts::Need> needs;
  for (const auto& part : answer.parts)
    if (part.probability >= kLeastProbability)
      needs.push_back({.part = part.name, .probability = part.probability, .carry_cost = kCarryCost});
  const auto kit = parts::choose_kit(needs, parts::scenarios_of(answer, needs), region_.scenario.second_visit_cost);
  for (const auto& line : kit.lines)
    if (line.chosen) out.kit.push_back(number(line.need.part));
  return out;
}

void Expertise::learn(const std::vector<int>& codes, int cause, const std::vector<int>& parts) {
  counts_.learn(
      {.seen = {.model = "m", .signs = names('f', codes)}, .causes = {name('c', cause)}, .parts = names('p', parts)});
  // A model is as good as its visits: it is made anew when there are a tenth more of them.
  if (counts_.visits() >= renewed_at_ + std::max<std::int64_t>(50, renewed_at_ / 10)) renew();
}

}  // namespace firstfix::simulation
