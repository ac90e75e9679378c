#include <algorithm>

#include "simulation/simulation.h"

namespace firstfix::simulation {
namespace {

std::size_t index(int n) {
  return static_cast<std::size_t>(n);
}

constexpr Time kPickup = 10 * 60;

// How many of the job's parts that the van lacks the depot has.
int missing_there(const Board& board, int job, int engineer, std::size_t depot) {
  const auto& van = board.engineers[index(engineer)].van;
  int there = 0;
  for (const int part : board.jobs[index(job)].kit)
    there += van[index(part)] == 0 && board.depot_stock[depot][index(part)] > 0;
  return there;
}

}  // namespace

bool Board::qualified(int engineer, int job) const {
  const auto& skills = region.engineers[index(engineer)].skills;
  const auto& needed = jobs[index(job)].skills;
  return std::all_of(needed.begin(), needed.end(), [&](int skill) { return skills[index(skill)]; });
}

bool Board::supplied(int job, int engineer) const {
  if (jobs[index(job)].visits == 0) return true;  // a first visit is worth it even without every part
  const auto& van = engineers[index(engineer)].van;
  const auto& kit = jobs[index(job)].kit;
  for (std::size_t depot = 0; depot < depot_stock.size(); ++depot)
    if (std::all_of(kit.begin(), kit.end(),
                    [&](int part) { return van[index(part)] > 0 || depot_stock[depot][index(part)] > 0; }))
      return true;
  return false;
}

int Board::depot_for(int job, int engineer) const {
  const auto& from = engineers[index(engineer)].at;
  const auto& to = region.machines[index(jobs[index(job)].machine)].position;
  int best = kNobody, most = 0;
  double shortest = 0;
  for (std::size_t depot = 0; depot < depot_stock.size(); ++depot) {
    const int there = missing_there(*this, job, engineer, depot);
    if (there == 0 || there < most) continue;
    const double way = region.travel_s(from, region.depots[depot]) + region.travel_s(region.depots[depot], to);
    if (there > most || way < shortest) best = static_cast<int>(depot), most = there, shortest = way;
  }
  return best;
}

Time Board::travel(int engineer, int job) const {
  const auto& from = engineers[index(engineer)].at;
  const auto& to = region.machines[index(jobs[index(job)].machine)].position;
  const int depot = depot_for(job, engineer);
  if (depot == kNobody) return static_cast<Time>(region.travel_s(from, to));
  const auto& by = region.depots[index(depot)];
  return static_cast<Time>(region.travel_s(from, by) + region.travel_s(by, to)) + kPickup;
}

}  // namespace firstfix::simulation
