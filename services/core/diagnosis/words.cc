#include "words.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <string_view>

namespace firstfix::diagnosis {
namespace {

constexpr std::size_t kMostLines = 20, kMostSigns = 6, kMostReadings = 3;  // in all, and of a cause
constexpr double kTelling = 2;  // a likelihood ratio below it is not worth a line
constexpr double kWorthChecking_nats = 0.05, kDoubtful = 0.1;

std::string percent(double p) {
  char text[16];
  std::snprintf(text, sizeof text, p > 0 && p < 0.01 ? "%.1f %%" : "%.0f %%", p * 100);
  return text;
}

double entropy(double p) {
  return p <= 0 || p >= 1 ? 0 : -p * std::log(p) - (1 - p) * std::log(1 - p);
}

// One sign's say about one cause.
struct Say {
  double ratio = 1;  // how many times more probable the sign's presence or absence is if it is the cause, or is not
  Id sign = 0;
};

std::string words(const Model& model, std::size_t cause, Id sign, bool there) {
  const auto column = model.rates().alone[static_cast<std::size_t>(sign)];
  const auto shown = percent(model.rates().at(cause, column));
  const auto& name = model.signs().name(sign);
  if (!there) return "  against it: " + name + " is missing (shown by " + shown + " of its cases)";
  return "  for it: " + name + " is there (shown by " + shown + " of its cases, otherwise by " +
         percent(model.rates().leak[column]) + ")";
}

void speak(std::vector<std::string>& lines, const Model& model, const std::vector<bool>& there, std::size_t cause) {
  const auto& rates = model.rates();
  std::vector<Say> says;
  for (Id sign = 0; sign < model.signs().size(); ++sign) {
    const auto column = rates.alone[static_cast<std::size_t>(sign)];
    const double shown = rates.at(cause, column), leak = rates.leak[column];
    const double ratio = there[static_cast<std::size_t>(sign)] ? shown / leak : (1 - leak) / (1 - shown);
    if (ratio > kTelling) says.push_back({ratio, sign});
  }
  std::stable_sort(says.begin(), says.end(), [](const Say& a, const Say& b) { return a.ratio > b.ratio; });
  if (says.size() > kMostSigns) says.resize(kMostSigns);
  for (const auto& say : says)
    lines.push_back(words(model, cause, say.sign, there[static_cast<std::size_t>(say.sign)]));
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

// What the numbers say that came with the codes, and that codes went away by themselves.
void speak_of_context(std::vector<std::string>& lines, const Model& model, const learning::Sight& sight,
                      std::size_t cause) {
  std::size_t said = 0;
  for (const auto& told : model.readings().tell(sight, cause)) {
    if (std::abs(told.log) < std::log(kTelling) || said++ == kMostReadings) break;
    lines.push_back((told.log > 0 ? "  for it: " : "  against it: ") + told.what + " " + short_number(told.value) +
                    " (half of its cases: " + short_number(told.from) + " to " + short_number(told.to) + ", usually " +
                    short_number(told.usually_from) + " to " + short_number(told.usually_to) + ")");
  }
  for (const auto& mark : sight.marks) {
    if (mark.what != learning::kCleared) continue;
    const auto [share, usual] = model.marks().shares(mark.what, mark.sign, cause);
    if (share > usual * kTelling || share * kTelling < usual)
      lines.push_back((share > usual ? "  for it: " : "  against it: ") + mark.sign + " went away by itself (in " +
                      percent(share) + " of its cases, usually " + percent(usual) + ")");
  }
}

std::string unknown(const std::set<std::string_view>& codes) {
  std::string out = "not known, neither from the catalogue nor from past visits: ";
  std::size_t named = 0;
  for (const auto code : codes) {
    if (named == kMostSigns) return out + " and " + std::to_string(codes.size() - named) + " more";
    out.append(named++ == 0 ? "" : ", ").append(code);
  }
  return out;
}

// The sign whose presence or absence, were it looked for, would tell most about which of the two causes it is.
std::string best_check(const Model& model, const std::vector<bool>& there, const Scored& a, const Scored& b) {
  const auto first = static_cast<std::size_t>(model.causes().find(a.name));
  const auto second = static_cast<std::size_t>(model.causes().find(b.name));
  const double p = a.probability / (a.probability + b.probability);
  double best = kWorthChecking_nats;
  std::string out;
  for (Id sign = 0; sign < model.signs().size(); ++sign) {
    if (there[static_cast<std::size_t>(sign)]) continue;
    const auto column = model.rates().alone[static_cast<std::size_t>(sign)];
    const double x = model.rates().at(first, column), y = model.rates().at(second, column);
    const double seen = p * x + (1 - p) * y;
    const double gain = entropy(p) - seen * entropy(p * x / seen) - (1 - seen) * entropy(p * (1 - x) / (1 - seen));
    if (gain <= best) continue;
    best = gain;
    out = "to tell " + a.name + " from " + b.name + ", check " + model.signs().name(sign) + " (shown by " + percent(x) +
          " and " + percent(y) + ")";
  }
  return out;
}

}  // namespace

std::vector<std::string> evidence_of(const Model& model, const learning::Sight& sight,
                                     const std::vector<Scored>& causes) {
  std::vector<bool> there(static_cast<std::size_t>(model.signs().size()));
  std::set<std::string_view> strange;
  for (const auto& name : sight.signs) {
    if (const auto sign = model.signs().find(name); sign != learning::kUnknown)
      there[static_cast<std::size_t>(sign)] = true;
    else
      strange.insert(name);
  }
  std::vector<std::string> lines;
  if (!strange.empty()) lines.push_back(unknown(strange));
  const auto told = std::min<std::size_t>(2, causes.size());
  for (std::size_t i = 0; i < told; ++i) {
    const auto cause = static_cast<std::size_t>(model.causes().find(causes[i].name));
    lines.push_back(causes[i].name + ": " + percent(causes[i].probability) + ", found on " +
                    std::to_string(std::llround(model.rates().visits[cause])) + " of " +
                    std::to_string(std::llround(model.priors().visits)) + " past visits");
    speak(lines, model, there, cause);
    speak_of_context(lines, model, sight, cause);
  }
  if (told == 2 && causes[1].probability > kDoubtful)
    if (auto check = best_check(model, there, causes[0], causes[1]); !check.empty()) lines.push_back(std::move(check));
  if (lines.size() > kMostLines) lines.resize(kMostLines);
  return lines;
}

}  // namespace firstfix::diagnosis
