#include "parts/kit.h"

#include <algorithm>
#include <cstdio>

namespace firstfix::parts {
namespace {

std::string format(const char* pattern, double a, double b) {
  char text[160];
  std::snprintf(text, sizeof text, pattern, a, b);
  return text;
}

}  // namespace

Kit choose_kit(std::vector<Need> needs, double second_visit_cost) {
  Kit kit;
  std::stable_sort(needs.begin(), needs.end(),
                   [](const Need& a, const Need& b) { return a.probability > b.probability; });
  // What cannot be had bounds what any kit can reach.
  for (const auto& need : needs)
    if (!need.obtainable) kit.complete_probability *= 1 - need.probability;
  double others = kit.complete_probability;
  for (auto& need : needs) {
    Line line{std::move(need), false, ""};
    const double gain = line.need.probability * others;
    const double saves = gain * second_visit_cost, costs = line.need.carry_cost * line.need.quantity;
    if (!line.need.obtainable) {
      line.reason = format("needed with %.0f %%, but nowhere in stock", line.need.probability * 100, 0);
    } else if (saves > costs) {
      line.chosen = true;
      line.reason = format("+%.1f points first-time fix for %.2f", gain * 100, costs);
    } else {
      line.reason = format("left out: would save %.2f and cost %.2f", saves, costs);
      kit.complete_probability *= 1 - line.need.probability;
      others *= 1 - line.need.probability;
    }
    kit.lines.push_back(std::move(line));
  }
  std::stable_partition(kit.lines.begin(), kit.lines.end(), [](const Line& line) { return line.chosen; });
  return kit;
}

}  // namespace firstfix::parts
