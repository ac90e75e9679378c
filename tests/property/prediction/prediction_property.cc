// What holds of predictions whatever was learnt and whatever is asked.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "diagnosis/diagnose.h"
#include "diagnosis/model.h"
#include "fleet/fleet.h"
#include "predict/forecaster.h"

namespace firstfix {
namespace {

using learning::Visit;

fleet::Options some_options() {
  fleet::Options options;
  options.seed = *rc::gen::arbitrary<std::uint64_t>();
  options.causes = *rc::gen::inRange(2, 15);
  options.codes = *rc::gen::inRange(3, 30);
  options.parts = *rc::gen::inRange(3, 15);
  options.assets = *rc::gen::inRange(1, 40);
  options.visits = *rc::gen::inRange(1, 200);
  options.cases = 5;
  options.cascade = *rc::gen::element(0.0, 0.6);
  options.wrong_labels = *rc::gen::element(0.0, 0.1);
  options.readings = *rc::gen::element(0, 0, 3);
  options.telling = *rc::gen::element(0.0, 2.0);
  options.alike = *rc::gen::element(0.0, 0.8);
  options.clearing = *rc::gen::arbitrary<bool>();
  return options;
}

// The visits that an invented fleet's work orders teach.
std::vector<Visit> visits_of(const fleet::Options& options) {
  fleet::Fleet world(options);
  const auto machines = fleet::machines(world, world.live(), static_cast<std::size_t>(options.visits));
  const auto habits = learning::habits_of(machines);
  std::vector<Visit> out;
  for (const auto& machine : machines)
    learning::each_stop(machine, habits, [&](const Visit& visit) {
      out.push_back(visit);
      out.back().seen.age_years = static_cast<double>(out.size() % 20) - 1;
    });
  return out;
}

// Models and codes whose names begin alike are alike.
diagnosis::Catalogue families() {
  diagnosis::Catalogue out;
  for (const auto* begin : {"E00*", "E01*", "E02*"}) out.families.add(diagnosis::Families::Kind::kCode, begin, begin);
  for (int model = 0; model < 6; ++model)
    out.families.add(diagnosis::Families::Kind::kModel, fleet::model_name(model), model % 2 == 0 ? "even" : "odd");
  return out;
}

diagnosis::Model model_of(const std::vector<Visit>& visits) {
  learning::Counts counts;
  for (const auto& visit : visits) counts.learn(visit);
  return diagnosis::Model(families(), counts);
}

void expect_same(const std::vector<diagnosis::Scored>& x, const std::vector<diagnosis::Scored>& y) {
  std::map<std::string, double> left, right;
  for (const auto& one : x) left[one.name] = one.probability;
  for (const auto& one : y) right[one.name] = one.probability;
  for (const auto& [name, p] : left) RC_ASSERT(std::abs(p - right[name]) < 1e-9);
  for (const auto& [name, p] : right) RC_ASSERT(std::abs(p - left[name]) < 1e-9);
}

void expect_same(const diagnosis::Answer& a, const diagnosis::Answer& b) {
  expect_same(a.causes, b.causes);
  expect_same(a.parts, b.parts);
  RC_ASSERT(std::abs(a.none_probability - b.none_probability) < 1e-9);
  RC_ASSERT(std::abs(a.unknown_probability - b.unknown_probability) < 1e-9);
}

RC_GTEST_PROP(Prediction, UnlearningIsNeverHavingLearnt, ()) {
  auto visits = visits_of(some_options());
  learning::Counts counts;
  for (const auto& visit : visits) counts.learn(visit);
  const auto asked = visits[*rc::gen::inRange<std::size_t>(0, visits.size())].seen;
  const auto wrong = *rc::gen::inRange<std::size_t>(0, visits.size());
  counts.unlearn(visits[wrong]);
  visits.erase(visits.begin() + static_cast<std::ptrdiff_t>(wrong));
  expect_same(diagnose(diagnosis::Model(families(), counts), asked), diagnose(model_of(visits), asked));
}

RC_GTEST_PROP(Prediction, TheOrderOfLearningDoesNotMatter, ()) {
  auto visits = visits_of(some_options());
  const auto asked = visits.front().seen;
  const auto before = diagnose(model_of(visits), asked);
  std::shuffle(visits.begin(), visits.end(), std::mt19937_64(*rc::gen::arbitrary<std::uint64_t>()));
  expect_same(before, diagnose(model_of(visits), asked));
}

RC_GTEST_PROP(Prediction, TheOrderAndRepetitionOfCodesDoNotMatter, ()) {
  const auto visits = visits_of(some_options());
  const auto model = model_of(visits);
  auto asked = visits[*rc::gen::inRange<std::size_t>(0, visits.size())].seen;
  const auto before = diagnose(model, asked);
  if (!asked.signs.empty()) asked.signs.push_back(asked.signs.front());
  std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
  std::shuffle(asked.signs.begin(), asked.signs.end(), random);
  std::shuffle(asked.marks.begin(), asked.marks.end(), random);
  std::shuffle(asked.readings.begin(), asked.readings.end(), random);
  expect_same(before, diagnose(model, asked));
}

RC_GTEST_PROP(Prediction, EveryProbabilityIsOne, ()) {
  const auto model = model_of(visits_of(some_options()));
  learning::Sight asked{.model = *rc::gen::element<std::string>("model0", "never met")};
  for (const int code : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40)))
    asked.signs.push_back(fleet::code_name(code));
  asked.repaired.push_back({fleet::cause_name(*rc::gen::inRange(0, 20)), *rc::gen::inRange(0, 100'000) / 7.0});
  asked.days_known = *rc::gen::inRange(0, 100'000) / 3.0;
  const auto answer = diagnose(model, asked);
  const auto probable = [](double p) { return p >= 0 && p <= 1; };
  for (const auto& cause : answer.causes) RC_ASSERT(probable(cause.probability));
  for (const auto& part : answer.parts) RC_ASSERT(probable(part.probability));
  RC_ASSERT(probable(answer.none_probability));
  RC_ASSERT(probable(answer.unknown_probability));
  RC_ASSERT(answer.evidence.size() <= 20u);
}

RC_GTEST_PROP(Prediction, AnAnswerDependsOnItsOwnCaseAlone, ()) {
  const auto options = some_options();
  fleet::Fleet world(options);
  const auto lived = world.live();
  const auto machines = fleet::machines(world, lived, static_cast<std::size_t>(options.visits));
  predict::History history;
  for (std::size_t a = 0; a < machines.size(); ++a) history.machines["A" + std::to_string(a)] = machines[a];
  std::vector<predict::Case> cases;
  for (auto i = static_cast<std::size_t>(options.visits); i < lived.size(); ++i) {
    predict::Case one{std::to_string(i), i % 2 == 0, fleet::instant(lived[i].stopped),
                      machines[static_cast<std::size_t>(lived[i].asset)]};
    for (const auto code : lived[i].codes) one.machine.faults.push_back({one.as_of, fleet::code_name(code)});
    cases.push_back(std::move(one));
  }
  const predict::Forecaster among(history), alone(history);
  const auto asked = *rc::gen::inRange<std::size_t>(0, cases.size());
  std::string in_company;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto line = predict::to_json(among.answer(cases[i]));
    if (i == asked) in_company = line;
  }
  RC_ASSERT(in_company == predict::to_json(alone.answer(cases[asked])));
}

}  // namespace
}  // namespace firstfix
