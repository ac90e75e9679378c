// A unit of work: typed reading and writing, true indexes, one change-log entry.
#include "desk/unit_of_work.h"

#include <gmock/gmock.h>

#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UnitOfWorkTest : public ::testing::Test {
 protected:
  // The names that an index leads to.
  std::vector<std::string> entries(std::string_view index, std::initializer_list<std::string_view> parts) const {
    std::vector<std::string> names;
    const auto snapshot = town.store->snapshot();
    EXPECT_TRUE(View(*snapshot, kTenant).each_entry(index, parts, [&](auto last, auto) {
      names.emplace_back(last);
      return true;
    }));
    return names;
  }
  internal::v1::ChangeEntry newest_change() const {
    const store::Partition partition{kTenant, 0};
    const auto last = town.store->tail(partition, {town.store->position(partition) - 1}, 1).value();
    internal::v1::ChangeEntry entry;
    EXPECT_TRUE(entry.ParseFromString(last.at(0).entry));
    return entry;
  }
  std::uint64_t position() const { return town.store->position({kTenant, 0}); }

  Town town;
};

TEST_F(UnitOfWorkTest, ReadsWhatItHasWritten) {
  town.write([](Command& command) -> Status {
    auto& uow = command.uow;
    FIRSTFIX_CHECK(uow.put(from_text<v1::Site>("name: 'sites/yard' display_name: 'Yard'")));
    EXPECT_EQ(uow.get<v1::Site>("sites/yard")->display_name(), "Yard");
    FIRSTFIX_CHECK(uow.erase<v1::Site>("sites/yard"));
    EXPECT_FALSE(uow.find<v1::Site>("sites/yard").value());
    EXPECT_EQ(uow.get<v1::Site>("sites/yard").error().code, Code::kNotFound);
    return {};
  });
}

TEST_F(UnitOfWorkTest, GivesANewEtagWithEveryCommit) {
  town.put<v1::Site>("name: 'sites/yard'");
  EXPECT_EQ(town.get<v1::Site>("sites/yard").etag(), "1");
  town.put<v1::Site>("name: 'sites/yard' etag: 'whatever a caller says'");
  EXPECT_EQ(town.get<v1::Site>("sites/yard").etag(), "2");
}

TEST_F(UnitOfWorkTest, WritesEachRecordOnceAndOneEntryForAll) {
  const auto before = position();
  town.write([](Command& command) -> Status {
    FIRSTFIX_CHECK(command.uow.put(from_text<v1::Site>("name: 'sites/yard' display_name: 'first'")));
    FIRSTFIX_CHECK(command.uow.put(from_text<v1::Asset>("name: 'assets/saw' site: 'sites/yard'")));
    return command.uow.put(from_text<v1::Site>("name: 'sites/yard' display_name: 'last'"));
  });
  EXPECT_EQ(position(), before + 1);
  const auto entry = newest_change();
  EXPECT_EQ(entry.actor(), "admin/test");
  ASSERT_EQ(entry.changes_size(), 2);
  EXPECT_EQ(entry.changes(0).type(), "Site");
  EXPECT_EQ(entry.changes(0).name(), "sites/yard");
  v1::Site told;
  ASSERT_TRUE(told.ParseFromString(entry.changes(0).record()));
  EXPECT_EQ(told.SerializeAsString(), town.get<v1::Site>("sites/yard").SerializeAsString())
      << "the log says what the store keeps";
}

TEST_F(UnitOfWorkTest, TellsOfWhatIsGone) {
  town.write([](Command& command) { return command.uow.erase<v1::Asset>("assets/lathe"); });
  const auto entry = newest_change();
  ASSERT_EQ(entry.changes_size(), 1);
  EXPECT_EQ(entry.changes(0).name(), "assets/lathe");
  EXPECT_THAT(entry.changes(0).record(), IsEmpty());
}

TEST_F(UnitOfWorkTest, KeepsIndexesTrueAsRecordsMove) {
  const std::string episode = "name: 'episodes/1' asset: 'assets/press' code: 'x' ";
  town.put<v1::FaultEpisode>(episode + "state: EPISODE_STATE_ACTIVE");
  EXPECT_THAT(entries(index::kOpenEpisode, {"assets/press", "x"}), ElementsAre(""));
  town.put<v1::FaultEpisode>(episode + "state: EPISODE_STATE_ACTIVE case_name: 'cases/1'");
  EXPECT_THAT(entries(index::kEpisodeOfCase, {"cases/1"}), ElementsAre("episodes/1"));
  town.put<v1::FaultEpisode>(episode + "state: EPISODE_STATE_CLEARED case_name: 'cases/2'");
  EXPECT_THAT(entries(index::kOpenEpisode, {"assets/press", "x"}), IsEmpty());
  EXPECT_THAT(entries(index::kEpisodeOfCase, {"cases/1"}), IsEmpty());
  EXPECT_THAT(entries(index::kEpisodeOfCase, {"cases/2"}), ElementsAre("episodes/1"));
  town.write([](Command& command) { return command.uow.erase<v1::FaultEpisode>("episodes/1"); });
  EXPECT_THAT(entries(index::kEpisodeOfAsset, {"assets/press"}), IsEmpty());
}

TEST_F(UnitOfWorkTest, APlaceThatAnotherHasTakenIsNotGivenUpForIt) {
  const std::string episode = " asset: 'assets/press' code: 'x' ";
  town.put<v1::FaultEpisode>("name: 'episodes/1'" + episode + "state: EPISODE_STATE_ACTIVE");
  town.put<v1::FaultEpisode>("name: 'episodes/2'" + episode + "state: EPISODE_STATE_ACTIVE");
  town.put<v1::FaultEpisode>("name: 'episodes/1'" + episode + "state: EPISODE_STATE_CLEARED");
  const auto snapshot = town.store->snapshot();
  EXPECT_EQ(View(*snapshot, kTenant).lookup(index::kOpenEpisode, {"assets/press", "x", ""}).value(), "episodes/2");
}

TEST_F(UnitOfWorkTest, ReadsRecordsInTheOrderOfTheirNamesWithinAPrefix) {
  for (const auto* name : {"sites/b", "sites/a", "sites/ab", "sitez/z"})
    town.put<v1::Site>("name: '" + std::string(name) + "'");
  const auto names = [&](const std::string& prefix, const std::string& after) {
    std::vector<std::string> out;
    const auto snapshot = town.store->snapshot();
    EXPECT_TRUE(View(*snapshot, kTenant).each<v1::Site>(prefix, after, [&](v1::Site& site) {
      out.push_back(site.name());
      return true;
    }));
    return out;
  };
  EXPECT_THAT(names("sites/a", ""), ElementsAre("sites/a", "sites/ab"));
  EXPECT_THAT(names("sites/", "sites/ab"), ElementsAre("sites/b", "sites/hall"));
}

TEST_F(UnitOfWorkTest, ATenantNeverSeesAnother) {
  const auto snapshot = town.store->snapshot();
  const View other(*snapshot, "zeta");
  EXPECT_FALSE(other.find<v1::Asset>("assets/press").value());
  EXPECT_TRUE(other.each<v1::Asset>("", "", [](auto&) {
    ADD_FAILURE() << "a record of another tenant";
    return true;
  }));
}

TEST_F(UnitOfWorkTest, CountsTheVersionsOfWhatIsCachedParsed) {
  const auto versions = [&] {
    const auto snapshot = town.store->snapshot();
    const View view(*snapshot, kTenant);
    return std::pair{view.version(kCatalogueGroup).value(), view.version(kWorkforceGroup).value()};
  };
  const auto before = versions();
  town.put<v1::Part>("name: 'parts/seal'");
  EXPECT_EQ(versions(), std::pair(before.first + 1, before.second));
  town.put<v1::Engineer>("name: 'engineers/kim' territory: 'territories/north'");
  EXPECT_EQ(versions(), std::pair(before.first + 1, before.second + 1));
  town.put<v1::Site>("name: 'sites/yard'");
  EXPECT_EQ(versions(), std::pair(before.first + 1, before.second + 1));
}

TEST_F(UnitOfWorkTest, HasOneTimerOfAKindForASubject) {
  const auto set = [&](Instant due) {
    town.write([&](Command& command) {
      return command.uow.set_timer({internal::v1::TIMER_KIND_PLAN_DUE, "cases/none", due});
    });
    return town.desk->next_timer().value();
  };
  EXPECT_EQ(set(kMorning + std::chrono::hours{2}), kMorning + std::chrono::hours{2});
  EXPECT_EQ(set(kMorning + std::chrono::hours{3}), kMorning + std::chrono::hours{3}) << "moved, not added";
  EXPECT_EQ(set(kNever), kNever) << "taken away";
}

TEST_F(UnitOfWorkTest, TheLogSaysWhenTheFirstTimerOfACommitFallsDue) {
  town.write([&](Command& command) -> Status {
    for (const int hours : {3, 2, 4})
      FIRSTFIX_CHECK(command.uow.set_timer(
          {internal::v1::TIMER_KIND_PLAN_DUE, "cases/" + std::to_string(hours), kMorning + std::chrono::hours{hours}}));
    return {};
  });
  EXPECT_EQ(Instant{newest_change().first_timer_us()}, kMorning + std::chrono::hours{2});
  town.put<v1::Site>("name: 'sites/yard'");
  EXPECT_FALSE(newest_change().has_first_timer_us());
}

TEST(SortableInstant, SortsAsTimeDoesBefore1970Too) {
  for (const auto& [earlier, later] : {std::pair{Instant{-5}, Instant{-4}}, std::pair{Instant{-1}, Instant{0}},
                                       std::pair{Instant{0}, kMorning}, std::pair{kMorning, kNever}}) {
    EXPECT_LT(sortable(earlier), sortable(later));
    EXPECT_EQ(instant_of(sortable(earlier)), earlier);
  }
}

}  // namespace
}  // namespace firstfix::desk
