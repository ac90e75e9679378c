#include "diagnosis/diagnose.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace firstfix::diagnosis {
namespace {

// The link's probability, drawn towards what history says. Kept off 0 and 1: nothing is impossible.
double learnt_probability(double prior, std::int64_t together, std::int64_t visits) {
  const double p = (kLinkWeight * prior + static_cast<double>(together)) / (kLinkWeight + static_cast<double>(visits));
  return std::clamp(p, 0.001, 0.999);
}

std::int64_t count_in(const std::map<std::string, std::int64_t, std::less<>>& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

double linked(const std::vector<Link>& links, const std::string& name, double otherwise) {
  for (const auto& link : links)
    if (link.name == name) return link.probability;
  return otherwise;
}

bool befalls(const Cause& cause, const std::string& model) {
  return cause.models.empty() || std::find(cause.models.begin(), cause.models.end(), model) != cause.models.end();
}

// log P(cause, codes): its rate, the codes that are there, and its own codes that are missing.
double log_joint(const Cause& cause, const learning::Counts& learnt, const std::set<std::string>& seen,
                 double all_rates) {
  const auto& counts = learnt.of(cause.name);
  const double rate = (kLinkWeight * cause.rate / all_rates + static_cast<double>(counts.visits)) /
                      (kLinkWeight + static_cast<double>(learnt.visits()));
  double sum = std::log(std::max(rate, 1e-9));
  for (const auto& code : seen)
    sum += std::log(learnt_probability(linked(cause.codes, code, kLeak), count_in(counts.codes, code), counts.visits));
  for (const auto& link : cause.codes)
    if (seen.count(link.name) == 0)
      sum += std::log(1 - learnt_probability(link.probability, count_in(counts.codes, link.name), counts.visits));
  return sum;
}

std::string percent(double p) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", p * 100);
  return text;
}

void add_evidence(Answer& answer, const Catalogue& catalogue, const learning::Counts& learnt,
                  const std::set<std::string>& seen) {
  for (std::size_t i = 0; i < std::min<std::size_t>(2, answer.causes.size()); ++i) {
    const auto& best = answer.causes[i];
    const auto cause = std::find_if(catalogue.causes().begin(), catalogue.causes().end(),
                                    [&](const auto& c) { return c.name == best.name; });
    const auto& counts = learnt.of(best.name);
    answer.evidence.push_back(best.name + ": " + percent(best.probability) + ", found on " +
                              std::to_string(counts.visits) + " of " + std::to_string(learnt.visits()) +
                              " past visits");
    for (const auto& link : cause->codes) {
      const double p = learnt_probability(link.probability, count_in(counts.codes, link.name), counts.visits);
      answer.evidence.push_back(seen.count(link.name) > 0
                                    ? "  for it: " + link.name + " is there (shown by " + percent(p) + ")"
                                    : "  against it: " + link.name + " is missing (shown by " + percent(p) + ")");
    }
  }
  if (answer.evidence.size() > 20) answer.evidence.resize(20);
}

void add_parts(Answer& answer, const Catalogue& catalogue, const learning::Counts& learnt) {
  std::map<std::string, double> needed;
  for (const auto& scored : answer.causes) {
    const auto cause = std::find_if(catalogue.causes().begin(), catalogue.causes().end(),
                                    [&](const auto& c) { return c.name == scored.name; });
    const auto& counts = learnt.of(scored.name);
    for (const auto& link : cause->parts)
      needed[link.name] +=
          scored.probability * learnt_probability(link.probability, count_in(counts.parts, link.name), counts.visits);
  }
  for (const auto& [name, probability] : needed) answer.parts.push_back({name, std::min(1.0, probability)});
  std::stable_sort(answer.parts.begin(), answer.parts.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
}

}  // namespace

Catalogue::Catalogue(std::vector<Cause> causes) : causes_(std::move(causes)) {
  for (const auto& cause : causes_)
    for (const auto& link : cause.codes) ++code_causes_[link.name];
}

Answer diagnose(const Catalogue& catalogue, const learning::Counts& learnt, const Observation& observation) {
  Answer answer;
  std::set<std::string> seen;
  for (const auto& code : observation.codes) {
    if (catalogue.knows(code))
      seen.insert(code);
    else
      answer.unknown_codes.push_back(code);
  }
  double all_rates = 0;
  for (const auto& cause : catalogue.causes()) all_rates += cause.rate;
  if (all_rates <= 0 || seen.empty()) {
    // Nothing that is known speaks for any cause: say so, rather than recite how often each comes.
    answer.unknown_probability = 1;
    return answer;
  }
  std::vector<std::pair<double, const Cause*>> logs;
  for (const auto& cause : catalogue.causes())
    if (befalls(cause, observation.model)) logs.emplace_back(log_joint(cause, learnt, seen, all_rates), &cause);
  const double log_unknown = std::log(kUnknownRate) + static_cast<double>(seen.size()) * std::log(2 * kLeak);
  double top = log_unknown;
  for (const auto& [log, cause] : logs) top = std::max(top, log);
  double total = std::exp(log_unknown - top);
  for (const auto& [log, cause] : logs) total += std::exp(log - top);
  answer.unknown_probability = std::exp(log_unknown - top) / total;
  for (const auto& [log, cause] : logs) answer.causes.push_back({cause->name, std::exp(log - top) / total});
  std::stable_sort(answer.causes.begin(), answer.causes.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  add_evidence(answer, catalogue, learnt, seen);
  add_parts(answer, catalogue, learnt);
  return answer;
}

}  // namespace firstfix::diagnosis
