// The kit of a visit: from a van or a depot, sent to the site where neither has it, and with what is due anyway.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/learning_follower.h"
#include "firstfix/v1/inventory.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class KitsTest : public ::testing::Test {
 protected:
  void nobody_has_a_hose() {
    for (const std::string at : {"depot", "van-li"})
      town.put<v1::StockLine>("name: 'stockLocations/" + at + "/lines/hose' location: 'stockLocations/" + at +
                              "' part: 'parts/hose'");
  }
  // The press breaks; its kit's line of the part.
  v1::KitLine line_of(const std::string& part) {
    press.say({press.fault("j1939-100-1")});
    const auto kit = town.get<v1::PartsPlan>(town.only<v1::Case>().parts_plan());
    for (const auto& line : kit.lines())
      if (line.part() == part) return line;
    ADD_FAILURE() << part << " is not in the kit";
    return {};
  }
  std::vector<std::string> timeline() const {
    std::vector<std::string> out;
    for (const auto& entry : town.all<v1::TimelineEntry>()) out.push_back(entry.text());
    return out;
  }
  // A filter that is replaced each thousand days, of which this many have passed.
  void filter_in_its_rhythm(int days) {
    town.put<v1::Part>("name: 'parts/filter'");
    town.put<v1::StockLine>(R"(name: "stockLocations/van-li/lines/filter" location: "stockLocations/van-li"
                               part: "parts/filter" on_hand: 1)");
    town.put<v1::AssetModel>("name: 'assetModels/mp' preventive { part: 'parts/filter' every { seconds: 86400000 } }");
    auto asset = town.get<v1::Asset>("assets/press");
    *asset.mutable_commissioned_at() = to_proto(kMorning - days * 24h);
    town.write([&](Command& command) { return command.uow.put(asset); });
  }

  Town town;
  Machine press{town, "press-1"};
};

TEST_F(KitsTest, APartThatNobodyHasIsSentIfItArrivesInTime) {
  nobody_has_a_hose();
  town.put<v1::Part>("name: 'parts/hose' shipping_time { seconds: 14400 } shipping_cost { millis: 25000 }");
  const auto line = line_of("parts/hose");
  EXPECT_TRUE(line.chosen());
  EXPECT_EQ(to_instant(line.arrives_at()), kMorning + 4h);
  EXPECT_THAT(line.reason(), HasSubstr("sent for"));
  const auto visit = town.only<v1::Visit>();
  ASSERT_EQ(visit.shipments_size(), 1);
  EXPECT_EQ(visit.shipments(0).part(), "parts/hose");
  EXPECT_GE(to_instant(visit.starts_at()), kMorning + 4h) << "nobody stands there without it";
  EXPECT_THAT(timeline(), Contains(HasSubstr("parts/hose to be sent to the site")));
  EXPECT_THAT(town.all<v1::Reservation>(), IsEmpty());
}

TEST_F(KitsTest, APartThatWouldComeTooLateIsNotSent) {
  nobody_has_a_hose();
  town.put<v1::Part>("name: 'parts/hose' shipping_time { seconds: 172800 }");
  const auto line = line_of("parts/hose");
  EXPECT_FALSE(line.chosen());
  EXPECT_THAT(line.reason(), HasSubstr("nowhere to be had in time"));
  EXPECT_EQ(to_instant(town.only<v1::Visit>().starts_at()) < kMorning + 4h, true) << "somebody goes all the same";
}

TEST_F(KitsTest, WhatIsInStockIsNotSent) {
  town.put<v1::Part>("name: 'parts/hose' shipping_time { seconds: 14400 }");
  EXPECT_FALSE(line_of("parts/hose").has_arrives_at());
  EXPECT_EQ(town.only<v1::Visit>().shipments_size(), 0);
}

TEST_F(KitsTest, WhatIsDueIsReplacedOnAVisitThatIsMadeAnyway) {
  filter_in_its_rhythm(950);
  const auto line = line_of("parts/filter");
  EXPECT_TRUE(line.due());
  EXPECT_TRUE(line.chosen());
  EXPECT_EQ(line.location(), "stockLocations/van-li");
  EXPECT_THAT(line.reason(), HasSubstr("due"));
}

TEST_F(KitsTest, TheChecklistSaysWhatIsToBeReplacedThatIsDue) {
  filter_in_its_rhythm(950);
  EXPECT_TRUE(line_of("parts/filter").has_due_since());
  const auto visit = town.only<v1::Visit>();
  EXPECT_THAT(visit.standards(), Contains("serviceStandards/firstfix-due@0"));
  std::vector<v1::ChecklistStep> due;
  for (const auto& step : town.all<v1::ChecklistStep>())
    if (step.phase() == v1::STANDARD_KIND_REPAIR) due.push_back(step);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].template_().title().text().at("en"), "Replace filter");
  EXPECT_THAT(due[0].template_().detail().text().at("en"), StartsWith("Due on 20"));
  EXPECT_FALSE(due[0].template_().mandatory()) << "it has not failed: it may wait, with a reason";
  EXPECT_EQ(visit.step_count(), town.all<v1::ChecklistStep>().size());
}

TEST_F(KitsTest, AChecklistThatWasIssuedDoesNotChangeWhenAPartFallsDue) {
  filter_in_its_rhythm(800);
  press.say({press.fault("j1939-100-1")});
  const auto before = town.only<v1::Visit>();
  EXPECT_THAT(before.standards(), Not(Contains("serviceStandards/firstfix-due@0")));
  filter_in_its_rhythm(990);
  town.advance(1min);
  press.say({press.fault("j1939-190-0")});
  const auto after = town.only<v1::Visit>();
  EXPECT_EQ(after.step_count(), before.step_count());
  EXPECT_EQ(after.standards_size(), before.standards_size());
}

TEST_F(KitsTest, WhatWasReplacedIsNotDue) {
  filter_in_its_rhythm(950);
  town.write([&](Command& command) -> Status {
    v1::Outcome outcome;
    outcome.set_name("outcomes/old");
    outcome.set_case_name("cases/old");
    outcome.set_asset("assets/press");
    outcome.set_model("assetModels/mp");
    outcome.add_causes("causes/hose");
    outcome.add_parts("parts/filter");
    *outcome.mutable_completed_at() = to_proto(kMorning - 240h);
    FIRSTFIX_CHECK(command.uow.put(outcome));
    v1::Visit visit;
    visit.set_name("visits/old");
    visit.set_case_name("cases/old");
    visit.set_state(v1::VISIT_STATE_COMPLETED);
    FIRSTFIX_CHECK(command.uow.put(visit));
    v1::Case record;
    record.set_name("cases/old");
    record.set_state(v1::CASE_STATE_CLOSED);
    record.set_resolution(v1::CASE_RESOLUTION_CONFIRMED);
    record.set_visit("visits/old");
    return command.uow.put(record);
  });
  LearningFollower follower(*town.desk);
  ASSERT_TRUE(follower.catch_up(kTenant));
  press.say({press.fault("j1939-100-1")});
  for (const auto& kit : town.all<v1::PartsPlan>())
    for (const auto& line : kit.lines()) EXPECT_FALSE(line.due()) << line.part();
}

}  // namespace
}  // namespace firstfix::desk
