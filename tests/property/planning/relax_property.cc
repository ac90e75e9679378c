// What is told to be enough is enough.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "planning/relax.h"
#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using Gives = Relaxation::Gives;

Candidate somebody_short_of_time(int number) {
  auto who =
      candidate(person("e" + std::to_string(number), {{"gas", *rc::gen::inRange(1, 4)}}), *rc::gen::inRange(0, 60));
  const int first = *rc::gen::inRange(8, 12);
  who.shifts = {{at(first), at(first, *rc::gen::inRange(10, 200))}, {at(first + 24), at(first + 24, 90)}};
  if (*rc::gen::arbitrary<bool>()) who.on_call = {{at(20), at(26)}};
  if (*rc::gen::arbitrary<bool>()) who.route = {{at(first), at(first, 10), along(*rc::gen::inRange(0, 60))}};
  if (*rc::gen::arbitrary<bool>()) who.end = along(*rc::gen::inRange(0, 60));
  who.min_rest = *rc::gen::inRange(0, 12) * 1h;
  return who;
}

Job work_with_rules() {
  auto out = job({{"gas", 2}});
  out.service = *rc::gen::inRange(30, 300) * 1min;
  if (*rc::gen::inRange(0, 3) == 0) out.not_after = at(*rc::gen::inRange(8, 12));
  if (*rc::gen::inRange(0, 3) == 0) out.access = {{at(*rc::gen::inRange(8, 20)), at(20)}};
  if (*rc::gen::inRange(0, 3) == 0) out.excluded = {"e0"};
  if (*rc::gen::inRange(0, 3) == 0) out.not_wanted = {"e1"};
  return out;
}

RC_GTEST_PROP(Relax, WhatIsToldToBeEnoughIs, ()) {
  Question asked{work_with_rules(), {}};
  const int many = *rc::gen::inRange(1, 4);
  for (int i = 0; i < many; ++i) asked.candidates.push_back(somebody_short_of_time(i));
  const auto found = cheapest_relaxation(asked, Street{}, {}, kEight);
  const auto can = [](const Question& question) { return placed(question.job, question.candidates).has_value(); };
  if (!found) return;
  RC_ASSERT(!can(asked));
  auto given = asked;
  for (auto& who : given.candidates)
    if (who.person.id == found->engineer && found->gives == Gives::kShift)
      for (auto& shift : who.shifts) shift.to = shift.to + found->by;
  if (found->gives == Gives::kCallOut) given.job.urgent = true;
  if (found->gives == Gives::kPromise) given.job.not_after = given.job.not_after + found->by;
  if (found->gives == Gives::kAccess) given.job.access.clear();
  if (found->gives == Gives::kDecline) given.job.excluded.clear();
  if (found->gives == Gives::kSkill)
    for (auto& who : given.candidates)
      if (who.person.id == found->engineer) who.person.skills["gas"].level = 2;
  RC_TAG(static_cast<int>(found->gives));
  RC_ASSERT(can(given));
  if (found->gives == Gives::kShift) RC_ASSERT(found->by > Duration{0} && found->by <= kMostOvertime);
}

}  // namespace
}  // namespace firstfix::planning
