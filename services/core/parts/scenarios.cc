#include "parts/scenarios.h"

#include <unordered_map>

namespace firstfix::parts {

std::vector<Scenario> scenarios_of(const diagnosis::Answer& answer, const std::vector<Need>& needs) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < needs.size(); ++i) places.emplace(needs[i].part, i);
  std::vector<Scenario> out;
  out.reserve(answer.ways.size());
  for (const auto& way : answer.ways) {
    auto& scenario = out.emplace_back(Scenario{way.probability, std::vector<double>(needs.size())});
    for (const auto& part : way.parts)
      if (const auto place = places.find(part.name); place != places.end())
        scenario.needed[place->second] = part.probability;
  }
  return out;
}

}  // namespace firstfix::parts
