// Signals follow the change log: what comes more often than its past is signalled once, with the figures that say so,
// kept up, withdrawn and acknowledged; restarts, trimmed logs and a second node change nothing.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/signals_follower.h"
#include "firstfix/v1/knowledge.pb.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace firstfix::testing;
using namespace ::testing;
using learning::Day;

constexpr int kMachines = 100;
const Day kToday = learning::day_of(kMorning);

std::string number(int n) {
  const auto digits = std::to_string(n);
  return std::string(4 - digits.size(), '0') + digits;
}

google::protobuf::Timestamp at(Day day) {
  return to_proto(learning::start_of(day) + 12h);
}

class SignalsTest : public Test {
 protected:
  // A hundred machines, all four years old.
  SignalsTest() {
    town.write([](Command& command) -> Status {
      for (int i = 0; i < kMachines; ++i) {
        v1::Asset asset;
        asset.set_name(machine(i));
        asset.set_model("assetModels/mp");
        *asset.mutable_commissioned_at() = at(kToday - 1500);
        FIRSTFIX_CHECK(command.uow.put(asset));
      }
      return {};
    });
  }

  static std::string machine(int i) { return "assets/m" + number(i % kMachines); }

  // A case with one code.
  v1::Case fault(Day day, const std::string& code = "E7") {
    v1::Case record;
    record.set_name("cases/c" + number(cases_));
    record.set_asset(machine(cases_++));
    record.set_state(v1::CASE_STATE_OPEN);
    *record.mutable_opened_at() = at(day);
    town.write([&](Command& command) -> Status {
      v1::FaultEpisode episode;
      episode.set_name("episodes/" + std::string(id_of(record.name())));
      episode.set_asset(record.asset());
      episode.set_code(code);
      episode.set_case_name(record.name());
      *episode.mutable_raised_at() = at(day);
      FIRSTFIX_CHECK(command.uow.put(episode));
      return command.uow.put(record);
    });
    return record;
  }

  struct Repair {
    std::string asset;
    std::string lot;
    double predicted = 0;  // of causes/hose, the cause that is found; 0: nothing was
    bool right = true;     // else another one was found
  };
  // A case that was closed by a visit that put in a hose.
  v1::Case repair(Day day, const Repair& done) {
    v1::Case record;
    record.set_name("cases/c" + number(cases_++));
    record.set_asset(done.asset);
    record.set_state(v1::CASE_STATE_CLOSED);
    record.set_resolution(v1::CASE_RESOLUTION_CONFIRMED);
    record.set_visit("visits/" + std::string(id_of(record.name())));
    record.set_diagnosis(record.name() + "/diagnoses/1");
    *record.mutable_opened_at() = at(day);
    *record.mutable_closed_at() = at(day);
    town.write([&](Command& command) -> Status {
      v1::Visit visit;
      visit.set_name(record.visit());
      visit.set_case_name(record.name());
      visit.set_state(v1::VISIT_STATE_COMPLETED);
      FIRSTFIX_CHECK(command.uow.put(visit));
      v1::Diagnosis diagnosis;
      diagnosis.set_name(record.diagnosis());
      if (done.predicted > 0) diagnosis.add_causes()->set_cause("causes/hose");
      for (auto& cause : *diagnosis.mutable_causes()) cause.set_probability(done.predicted);
      FIRSTFIX_CHECK(command.uow.put(diagnosis));
      v1::Outcome outcome;
      outcome.set_name("outcomes/" + std::string(id_of(visit.name())));
      outcome.set_case_name(record.name());
      outcome.add_causes(done.right ? "causes/hose" : "causes/seal");
      outcome.add_parts("parts/hose");
      *outcome.mutable_completed_at() = at(day);
      FIRSTFIX_CHECK(command.uow.put(outcome));
      internal::v1::UsedParts used;
      used.add_lines()->set_part("parts/hose");
      used.mutable_lines(0)->set_lot(done.lot);
      FIRSTFIX_CHECK(command.uow.put_system(system::kUsedParts, {visit.name()}, used.SerializeAsString()));
      return command.uow.put(record);
    });
    return record;
  }

  // A fault that came once a month for two and a half years comes every six days for five months.
  std::vector<v1::Case> five_times_as_often() {
    for (Day day = kToday - 1050; day < kToday - 150; day += 30) fault(day);
    std::vector<v1::Case> more;
    for (Day day = kToday - 144; day < kToday; day += 6) more.push_back(fault(day));
    return more;
  }

  void cancel(v1::Case record) {
    record.set_state(v1::CASE_STATE_CLOSED);
    record.set_resolution(v1::CASE_RESOLUTION_CANCELLED);
    town.write([&](Command& command) { return command.uow.put(record); });
  }
  void catch_up(SignalsFollower& by) {
    const auto done = by.catch_up(kTenant);
    ASSERT_TRUE(done) << done.error().message;
  }
  std::vector<v1::DefectSignal> signals() {
    catch_up(follower);
    return town.all<v1::DefectSignal>();
  }
  Result<v1::DefectSignal> acknowledge(const std::string& name, const std::string& comment) {
    return town.as<v1::DefectSignal>("lead/kim",
                                     [&](Command& command) { return acknowledge_signal(command, name, comment); });
  }
  // All that is counted, by key.
  std::map<std::string, std::string> facts(const std::string& tenant = kTenant) {
    std::map<std::string, std::string> found;
    const auto prefix = store::key({tenant, system::kSignalFact});
    EXPECT_TRUE(town.store->snapshot()->scan(store::Table::kSystem, prefix, store::prefix_end(prefix),
                                             [&](std::string_view key, std::string_view value) {
                                               found.emplace(key, value);
                                               return true;
                                             }));
    return found;
  }

  Town town;
  SignalsFollower follower{*town.desk};

 private:
  int cases_ = 0;
};

TEST_F(SignalsTest, ACodeThatComesMoreOftenThanItsPastIsSignalledWithItsFigures) {
  five_times_as_often();
  const auto found = signals();
  ASSERT_EQ(found.size(), 1u) << "once, though the age band shows the same";
  const auto& signal = found.front();
  EXPECT_EQ(signal.kind(), v1::DEFECT_SIGNAL_KIND_CODE);
  EXPECT_EQ(signal.state(), v1::DEFECT_SIGNAL_STATE_OPEN);
  EXPECT_EQ(signal.subject(), "E7");
  EXPECT_EQ(signal.model(), "assetModels/mp");
  EXPECT_EQ(signal.age_band(), "");
  EXPECT_GE(learning::day_of(to_instant(signal.since())), kToday - 144);
  EXPECT_GE(signal.observed(), 20u);
  EXPECT_NEAR(signal.ratio(), 5, 1);
  EXPECT_GE(signal.e_value(), signal.threshold());
  EXPECT_EQ(signal.assets_size(), static_cast<int>(signal.observed())) << "each on a machine of its own";
  EXPECT_EQ(signal.asset_count(), signal.observed());
  EXPECT_THAT(signal.explanation(), HasSubstr("E7 on assetModels/mp: "));
}

TEST_F(SignalsTest, WhatComesAsItAlwaysDidIsNoSignal) {
  for (Day day = kToday - 1050; day < kToday; day += 20) fault(day);
  EXPECT_THAT(signals(), IsEmpty());
}

TEST_F(SignalsTest, ACaseCountsOnceHoweverOftenItsFaultsChange) {
  const auto record = fault(kToday - 10);
  catch_up(follower);
  const auto once = facts();
  EXPECT_EQ(once.size(), 2u) << "for all ages, and for its own";
  for (int i = 0; i < 5; ++i)
    town.write([&](Command& command) -> Status {
      FIRSTFIX_TRY(episode, command.uow.get<v1::FaultEpisode>("episodes/" + std::string(id_of(record.name()))));
      episode.set_raise_count(episode.raise_count() + 1);
      return command.uow.put(episode);
    });
  catch_up(follower);
  EXPECT_EQ(facts(), once);
}

TEST_F(SignalsTest, ARestartGoesOnWhereItStopped) {
  five_times_as_often();
  ASSERT_EQ(signals().size(), 1u);
  const auto before = town.everything();
  SignalsFollower restarted{*town.desk};
  catch_up(restarted);
  EXPECT_EQ(town.everything(), before);
  fault(kToday);
  catch_up(restarted);
  EXPECT_EQ(town.only<v1::DefectSignal>().name(), signals().front().name());
}

TEST_F(SignalsTest, OfTwoNodesEachCaseIsCountedByOne) {
  SignalsFollower other{*town.desk};
  std::vector<v1::Case> made;
  for (Day day = kToday - 300; day < kToday; day += 10) {
    fault(day);
    catch_up(made.size() % 2 == 0 ? follower : other);
    made.emplace_back();
  }
  five_times_as_often();
  catch_up(other);
  catch_up(follower);
  const auto together = facts();
  EXPECT_EQ(together.size(), 2 * (made.size() + 54));
  EXPECT_LE(town.all<v1::DefectSignal>().size(), 1u);
}

TEST_F(SignalsTest, ALogThatWasTrimmedIsMadeGoodFromTheRecords) {
  five_times_as_often();
  SignalsFollower away{*town.desk};
  town.clock.advance(24h);
  ASSERT_TRUE(town.store->trim({kTenant, 0}, town.clock.now()));
  catch_up(away);
  const auto anew = facts();
  EXPECT_EQ(anew.size(), 2 * 54u);
  EXPECT_EQ(town.only<v1::DefectSignal>().subject(), "E7");
  catch_up(follower);
  EXPECT_EQ(facts(), anew);
  EXPECT_EQ(town.all<v1::DefectSignal>().size(), 1u);
}

TEST_F(SignalsTest, ASignalIsWithdrawnWhenWhatSpokeForItIsUndone) {
  const auto more = five_times_as_often();
  ASSERT_EQ(signals().size(), 1u);
  for (const auto& record : more) cancel(record);
  EXPECT_EQ(signals().front().state(), v1::DEFECT_SIGNAL_STATE_WITHDRAWN);
  EXPECT_EQ(facts().size(), 2 * 30u) << "as if they had never been";
}

TEST_F(SignalsTest, AnOpenSignalIsKeptUpAndNotRaisedAgain) {
  five_times_as_often();
  const auto first = signals().front();
  for (int i = 0; i < 10; ++i) fault(kToday);
  const auto found = signals();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().name(), first.name());
  EXPECT_GT(found.front().observed(), first.observed());
  EXPECT_GT(found.front().e_value(), first.e_value());
}

TEST_F(SignalsTest, ALeadTakesItOverWithAWordOnWhatIsDone) {
  five_times_as_often();
  const auto name = signals().front().name();
  EXPECT_EQ(acknowledge(name, "").error().code, Code::kInvalid);
  EXPECT_EQ(acknowledge(name, std::string(2001, 'x')).error().code, Code::kTooLarge);
  EXPECT_EQ(acknowledge("defectSignals/none", "seen").error().code, Code::kNotFound);
  const auto done = acknowledge(name, "the supplier looks into it");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->state(), v1::DEFECT_SIGNAL_STATE_ACKNOWLEDGED);
  EXPECT_EQ(done->acknowledged_by(), "lead/kim");
  EXPECT_EQ(done->comment(), "the supplier looks into it");
  EXPECT_EQ(acknowledge(name, "again").error().code, Code::kState);
}

TEST_F(SignalsTest, WhatWasAcknowledgedIsThePastToCompareWith) {
  five_times_as_often();
  ASSERT_TRUE(acknowledge(signals().front().name(), "known"));
  for (int i = 1; i <= 20; ++i) fault(kToday + 6 * i);
  EXPECT_EQ(signals().size(), 1u) << "it goes on as it was when it was acknowledged";
  for (int i = 1; i <= 40; ++i) fault(kToday + 120 + i / 4);
  const auto found = signals();
  ASSERT_EQ(found.size(), 2u) << "but now it has grown";
  EXPECT_EQ(found.back().state(), v1::DEFECT_SIGNAL_STATE_OPEN);
}

TEST_F(SignalsTest, ABadLotIsSignalledWithTheMachinesThatHaveIt) {
  for (int i = 0; i < 60; ++i) repair(kToday - 100 + i % 5, {machine(i), i < 15 ? "BAD" : "GOOD"});
  EXPECT_THAT(signals(), IsEmpty());
  for (int i = 0; i < 12; ++i) repair(kToday - 80 + 3 * i, {machine(i), "NEXT"});
  std::vector<v1::DefectSignal> lots;
  for (const auto& signal : signals())
    if (signal.kind() == v1::DEFECT_SIGNAL_KIND_LOT) lots.push_back(signal);
  ASSERT_EQ(lots.size(), 1u);
  EXPECT_EQ(lots.front().subject(), "parts/hose");
  EXPECT_EQ(lots.front().lot(), "BAD");
  EXPECT_EQ(lots.front().observed(), 12u);
  EXPECT_EQ(lots.front().exposure(), 15);
  EXPECT_THAT(lots.front().assets(), ElementsAre(machine(12), machine(13), machine(14)));
  EXPECT_THAT(lots.front().explanation(), HasSubstr("lot BAD of parts/hose: 12 of 15 failed"));
  ASSERT_TRUE(acknowledge(lots.front().name(), "recalled"));
  repair(kToday - 40, {machine(12), "NEXT"});
  for (const auto& signal : signals()) EXPECT_EQ(signal.state() == v1::DEFECT_SIGNAL_STATE_OPEN, signal.lot() != "BAD");
}

TEST_F(SignalsTest, AModelWhosePredictionsDoNotComeTrueIsNamed) {
  for (int i = 0; i < 40; ++i) repair(kToday - 200 + i, {machine(i), "", 0.9, i % 10 != 0});
  EXPECT_THAT(signals(), IsEmpty());
  for (int i = 0; i < 30; ++i) repair(kToday - 100 + i, {machine(50 + i), "", 0.9, i % 3 == 0});
  std::vector<v1::DefectSignal> alarms;
  for (const auto& signal : signals())
    if (signal.kind() == v1::DEFECT_SIGNAL_KIND_CALIBRATION) alarms.push_back(signal);
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms.front().subject(), "assetModels/mp");
  EXPECT_GE(learning::day_of(to_instant(alarms.front().since())), kToday - 102);
  EXPECT_NEAR(alarms.front().predicted(), 0.9, 1e-9);
  EXPECT_LT(alarms.front().happened(), 0.5);
  EXPECT_THAT(alarms.front().explanation(), HasSubstr("the calibration of assetModels/mp is off since "));
}

TEST_F(SignalsTest, ACorrectionRecountsWhatWasFound) {
  const auto record = repair(kToday - 10, {machine(1), "", 0.9});
  catch_up(follower);
  const auto before = facts();
  const auto correct = [&](const std::string& cause) {
    auto outcome = town.only<v1::Outcome>();
    outcome.clear_causes();
    outcome.add_causes(cause);
    ASSERT_TRUE(town.as<v1::Outcome>("lead/kim", [&](Command& command) { return correct_outcome(command, outcome); }));
    catch_up(follower);
  };
  correct("causes/seal");
  EXPECT_NE(facts(), before);
  correct("causes/hose");
  EXPECT_EQ(facts(), before);
}

TEST_F(SignalsTest, OneTenantsCasesAreNothingToAnother) {
  five_times_as_often();
  catch_up(follower);
  ASSERT_TRUE(follower.catch_up("other"));
  EXPECT_THAT(facts("other"), IsEmpty());
}

}  // namespace
}  // namespace firstfix::desk
