// What a local move says that it gains is what check() finds the plan to cost less, and it is valid if and only if the
// plan with it, put together by hand, breaks no rule.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "moves.h"
#include "random_problem.h"
#include "to_plan.h"

namespace firstfix::planning {
namespace {

constexpr int kMoves = 40;  // tried of each kind in one world

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

// Windows, shifts, skills, certificates, territories and what is on the vans; nothing else.
Problem plain_problem(std::uint64_t seed) {
  auto p = random_problem(seed);
  p.weights.waiting = 0;
  p.depots.clear();
  for (auto& e : p.engineers) {
    e.breaks.clear();
    e.max_work = kForever;
    e.overtime.reset();
    e.min_rest = 0;
  }
  for (auto& j : p.jobs) {
    j.crew = 1;
    j.supervised = false;
    j.due = kForever;
  }
  return p;
}

using Lists = std::vector<std::vector<int>>;  // of each engineer the jobs, in order

Lists lists_of(const Model& m, const State& state) {
  Lists out(state.routes.size());
  for (const auto& route : state.routes)
    for (const auto& node : route.nodes)
      if (node.task != kNone && node.task < m.jobs()) out[at(route.engineer)].push_back(node.task);
  return out;
}

// Everybody as early as possible.
Plan driven(const Problem& p, const Lists& lists) {
  Plan plan;
  for (int e = 0; e < static_cast<int>(lists.size()); ++e) {
    plan.routes.push_back({e, {}});
    auto place = p.engineers[at(e)].start;
    auto free = p.engineers[at(e)].shift.from;
    for (const int j : lists[at(e)]) {
      const auto& job = p.jobs[at(j)];
      auto start = free + p.travel(place, job.place);
      for (const auto& window : job.windows)
        if (start <= window.to) {
          start = std::max(start, window.from);
          break;
        }
      plan.routes.back().stops.push_back(visit(j, start));
      free = start + job.service;
      place = job.place;
    }
  }
  return plan;
}

// A plan, and positions and jobs drawn from it.
class Drawn {
 public:
  Drawn(const Problem& p, std::uint64_t seed)
      : problem(p),
        model(Model::compile(p, nullptr)),
        state(state_of(model, solved(p, 30))),
        lists(lists_of(model, state)),
        random_(seed) {
    for (const auto& list : lists) served_.insert(served_.end(), list.begin(), list.end());
  }

  bool empty() const { return served_.empty(); }
  int below(int n) { return random_.below(n); }
  int day() { return random_.below(static_cast<int>(lists.size())); }
  int stops(int day) const { return static_cast<int>(lists[at(day)].size()); }
  int served() { return served_[at(random_.below(static_cast<int>(served_.size())))]; }
  int engineer_of(int job) const { return state.engineer_of[at(job)]; }
  std::vector<int>::iterator find(int job) {
    auto& list = lists[at(engineer_of(job))];
    return std::find(list.begin(), list.end(), job);
  }

  const Problem& problem;
  Model model;
  State state;
  Lists lists;  // where the moves are done by hand

 private:
  Random random_;
  std::vector<int> served_;
};

// A move and the same by hand, on drawn.lists.
template <class Each>
void each_move(Drawn& drawn, Each each) {
  const auto before = drawn.lists;
  const auto with = [&](const auto& move, auto by_hand) {
    drawn.lists = before;
    by_hand();
    each(move);
    drawn.lists = before;
  };
  const auto from = [](auto& list, int position) { return list.begin() + position; };
  for (int i = 0; i < kMoves && !drawn.empty(); ++i) {
    const int job = drawn.served(), other = drawn.served();
    const int e = drawn.engineer_of(job), f = drawn.day();
    auto& mine = drawn.lists[at(e)];
    auto& theirs = drawn.lists[at(f)];
    const int after = drawn.below(drawn.stops(f) + 1), own_after = drawn.below(drawn.stops(e) + 1);
    if (e != f) {
      with(Relocate{job, f, after}, [&] {
        mine.erase(drawn.find(job));
        theirs.insert(from(theirs, after), job);
      });
      with(TailSwap{e, own_after, f, after}, [&] {
        const std::vector<int> tail(from(mine, own_after), mine.end()), their_tail(from(theirs, after), theirs.end());
        mine.resize(at(own_after));
        theirs.resize(at(after));
        mine.insert(mine.end(), their_tail.begin(), their_tail.end());
        theirs.insert(theirs.end(), tail.begin(), tail.end());
      });
    }
    if (drawn.engineer_of(other) != e)
      with(Exchange{job, other}, [&] { std::swap(*drawn.find(job), *drawn.find(other)); });
    const int first = 1 + drawn.below(drawn.stops(e)), count = 1 + drawn.below(drawn.stops(e) - first + 1);
    if (own_after < first || own_after >= first + count)
      with(Shift{e, first, count, own_after}, [&] {
        const std::vector<int> piece(from(mine, first - 1), from(mine, first - 1 + count));
        mine.erase(from(mine, first - 1), from(mine, first - 1 + count));
        mine.insert(from(mine, own_after < first ? own_after : own_after - count), piece.begin(), piece.end());
      });
    if (drawn.state.absent.empty()) continue;
    const int absent = drawn.state.absent[at(drawn.below(static_cast<int>(drawn.state.absent.size())))];
    with(Replace{absent, job}, [&] { *drawn.find(job) = absent; });
  }
}

TEST(MovesProperty, AMoveIsValidIfAndOnlyIfThePlanWithItBreaksNoRule) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = plain_problem(seed);
    Drawn drawn(p, seed);
    Days days(drawn.model, drawn.state);
    each_move(drawn, [&](const auto& move) {
      const auto verdict = check(p, driven(p, drawn.lists));
      RC_ASSERT(move.valid(days) == verdict.violations.empty());
    });
  }));
}

TEST(MovesProperty, WhatAMoveGainsThePlanCostsLess) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = random_problem(seed);
    Drawn drawn(p, seed);
    const auto before = drawn.state;
    const auto cost = check(p, to_plan(drawn.model, before)).cost.total();
    // What a day's work costs is cut down to whole units, before and after, in two days.
    const double least = p.weights.fairness > 0 ? 4 / kUnitsPerMoney : 1e-6;
    Days days(drawn.model, drawn.state);
    each_move(drawn, [&](const auto& move) {
      const auto gain = move.gain(days);
      if (!move.valid(days)) return;
      move.apply(days);
      const auto verdict = check(p, to_plan(drawn.model, drawn.state));
      RC_ASSERT(violations(verdict) == "");
      RC_ASSERT(std::abs(cost - verdict.cost.total() - static_cast<double>(gain) / kUnitsPerMoney) < least);
      RC_ASSERT(drawn.state.score == score_of(drawn.model, drawn.state));
      drawn.state = before;
    });
  }));
}

}  // namespace
}  // namespace firstfix::planning
