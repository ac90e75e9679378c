// What learning does to the next diagnosis: seen after the closure, corrected or undone as if it had never been, and
// nothing to another tenant.
#include <gmock/gmock.h>

#include <random>

#include "casework/convert.h"
#include "desk/learning_follower.h"
#include "firstfix/v1/knowledge.pb.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace firstfix::testing;

// A town with two causes that show the same code.
struct World {
  World() {
    town.put<v1::Cause>(R"(name: "causes/seal" display_name: "worn seal"
                           codes { code: "faultCodes/j1939-100-1" probability: 0.4 })");
  }

  void write(const std::string& tenant, const std::function<Status(Command&)>& run) {
    const auto done = town.desk->command<v1::Case>({tenant, "admin/test", "firstfix.v1.Test/Do", ""}, v1::Case{},
                                                   [&](Command& command) -> Result<v1::Case> {
                                                     FIRSTFIX_CHECK(run(command));
                                                     return v1::Case{};
                                                   });
    ASSERT_TRUE(done) << done.error().message;
  }

  // A closed case of a tenant in which the cause was found.
  void closed(const std::string& tenant, int number, const std::string& cause) {
    const auto id = std::to_string(number);
    write(tenant, [&](Command& command) -> Status {
      v1::Outcome outcome;
      outcome.set_name("outcomes/v" + id);
      outcome.set_case_name("cases/c" + id);
      outcome.set_asset("assets/m" + std::to_string(number % 7));
      outcome.set_model("assetModels/mp");
      outcome.add_codes("j1939-100-1");
      outcome.add_causes(cause);
      auto& reading = *outcome.add_readings();
      reading.set_code("j1939-100-1");
      reading.set_what("oil_bar");
      reading.set_value(number % 3 + 0.1 * number);
      outcome.add_parts("parts/hose");
      *outcome.mutable_completed_at() = to_proto(kMorning - 24h * (1000 - number));
      FIRSTFIX_CHECK(command.uow.put(outcome));
      v1::Visit visit;
      visit.set_name("visits/v" + id);
      visit.set_case_name("cases/c" + id);
      visit.set_state(v1::VISIT_STATE_COMPLETED);
      FIRSTFIX_CHECK(command.uow.put(visit));
      v1::Case record;
      record.set_name("cases/c" + id);
      record.set_state(v1::CASE_STATE_CLOSED);
      record.set_resolution(v1::CASE_RESOLUTION_CONFIRMED);
      record.set_visit("visits/v" + id);
      return command.uow.put(record);
    });
  }

  void learn(const std::string& tenant = kTenant) {
    const auto done = follower.catch_up(tenant);
    ASSERT_TRUE(done) << done.error().message;
  }

  void correct(const std::string& outcome, const std::string& cause) {
    v1::Outcome wanted;
    wanted.set_name(outcome);
    if (!cause.empty()) wanted.add_causes(cause);
    const auto done =
        town.as<v1::Outcome>("lead/kim", [&](Command& command) { return correct_outcome(command, wanted); });
    ASSERT_TRUE(done) << done.error().message;
    learn();
  }

  // What is said of a press that shows the code now: a new one each time. The case is cancelled again.
  v1::Diagnosis diagnosis() {
    const auto press = "assets/press-" + std::to_string(++asked_);
    town.put<v1::Asset>("name: '" + press + "' site: 'sites/hall' model: 'assetModels/mp'");
    const auto made = town.as<v1::Case>("dispatch/ann", [&](Command& command) {
      return create_case(command, {press, "it drips", v1::SEVERITY_MAJOR, {"j1939-100-1"}});
    });
    EXPECT_TRUE(made) << made.error().message;
    const auto found = town.get<v1::Diagnosis>(made->diagnosis());
    EXPECT_TRUE(town.as<v1::Case>("dispatch/ann",
                                  [&](Command& command) { return cancel_case(command, made->name(), "only asking"); }));
    return found;
  }

  Town town;
  LearningFollower follower{*town.desk};

 private:
  int asked_ = 0;
};

// The same causes with the same probabilities, to 1e-9.
void expect_same(const v1::Diagnosis& a, const v1::Diagnosis& b) {
  EXPECT_EQ(a.visits_learnt(), b.visits_learnt());
  std::map<std::string, double> other;
  for (const auto& cause : b.causes()) other[cause.cause()] = cause.probability();
  ASSERT_EQ(a.causes_size(), b.causes_size());
  for (const auto& cause : a.causes()) EXPECT_NEAR(cause.probability(), other[cause.cause()], 1e-9) << cause.cause();
  EXPECT_NEAR(a.unknown_probability(), b.unknown_probability(), 1e-9);
}

double probability_of(const v1::Diagnosis& diagnosis, const std::string& name) {
  for (const auto& cause : diagnosis.causes())
    if (cause.cause() == name) return cause.probability();
  return 0;
}

TEST(Unlearning, TheNextDiagnosisCountsTheVisitThatHasClosed) {
  World world;
  const auto before = world.diagnosis();
  EXPECT_EQ(before.visits_learnt(), 0u);
  for (int i = 0; i < 12; ++i) world.closed(kTenant, i, "causes/seal");
  world.learn();
  const auto after = world.diagnosis();
  EXPECT_EQ(after.visits_learnt(), 12u);
  EXPECT_GT(probability_of(after, "causes/seal"), probability_of(before, "causes/seal") + 0.1);
}

TEST(Unlearning, WhatALeadCorrectsIsAsIfItHadBeenSoFromTheStart) {
  World corrected, fresh;
  for (int i = 0; i < 20; ++i) corrected.closed(kTenant, i, i % 3 == 0 ? "causes/hose" : "causes/seal");
  corrected.learn();
  const auto wrong = corrected.diagnosis();
  for (int i = 0; i < 20; i += 3) corrected.correct("outcomes/v" + std::to_string(i), "causes/seal");
  // A fresh store is fed the records as they are now, and nothing else.
  for (const auto& outcome : corrected.town.all<v1::Outcome>())
    fresh.write(kTenant, [&](Command& command) { return command.uow.put(outcome); });
  for (const auto& record : corrected.town.all<v1::Case>("cases/c"))
    fresh.write(kTenant, [&](Command& command) { return command.uow.put(record); });
  fresh.learn();
  const auto mended = corrected.diagnosis();
  expect_same(mended, fresh.diagnosis());
  EXPECT_GT(probability_of(mended, "causes/seal"), probability_of(wrong, "causes/seal"));
}

TEST(Unlearning, ACaseThatIsOpenedAgainTeachesNothing) {
  World with, without;
  for (int i = 0; i < 10; ++i) {
    with.closed(kTenant, i, "causes/seal");
    if (i < 7) without.closed(kTenant, i, "causes/seal");
  }
  with.learn();
  without.learn();
  for (int i = 7; i < 10; ++i)
    with.write(kTenant, [&](Command& command) -> Status {
      FIRSTFIX_TRY(record, command.uow.get<v1::Case>("cases/c" + std::to_string(i)));
      record.set_state(v1::CASE_STATE_OPEN);
      record.set_resolution(v1::CASE_RESOLUTION_UNSPECIFIED);
      record.set_reopened_count(1);
      record.clear_visit();
      return command.uow.put(record);
    });
  with.learn();
  expect_same(with.diagnosis(), without.diagnosis());
}

TEST(Unlearning, NoHistoryOfOneTenantMovesAnothersDiagnosis) {
  World world;
  for (int i = 0; i < 9; ++i) world.closed(kTenant, i, i % 2 == 0 ? "causes/hose" : "causes/seal");
  world.learn();
  const auto before = world.diagnosis();
  std::mt19937_64 random(1);
  for (int round = 0; round < 5; ++round) {
    const std::string other = round % 2 == 0 ? "bravo" : "acm";  // the second's name begins as ours does
    for (int i = 0; i < 20; ++i)
      world.closed(other, static_cast<int>(random() % 40), random() % 2 == 0 ? "causes/hose" : "causes/other");
    world.learn(other);
    world.learn();
    expect_same(world.diagnosis(), before);
  }
}

}  // namespace
}  // namespace firstfix::desk
