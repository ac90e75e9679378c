// What happens after a commit, and that nothing of it waits for what thinks long.
#include "firstfixd/followers.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "town/town.h"

namespace firstfix::firstfixd {
namespace {

using namespace std::chrono_literals;
using testing::kTenant;

constexpr auto kPatience = 20s;  // of the test, for what comes at once

// The great circle; once told to, it lets who asks next wait at a gate.
class GatedTravel final : public planning::Travel {
 public:
  Duration time(const Position& from, const Position& to, Instant departs) const override {
    return inner_.time(from, to, departs);
  }
  void prefetch(const std::vector<planning::Ways>&) const override {
    std::unique_lock lock(mutex_);
    if (!shut_ || std::exchange(waiting_, true)) return;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !shut_; });
  }
  void shut() {
    std::lock_guard lock(mutex_);
    shut_ = true;
  }
  void open() {
    std::lock_guard lock(mutex_);
    shut_ = false;
    changed_.notify_all();
  }
  bool somebody_waits() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [this] { return waiting_; });
  }

 private:
  planning::GreatCircleTravel inner_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool shut_ = false;
  mutable bool waiting_ = false;
};

class FollowersTest : public ::testing::Test {
 protected:
  FollowersTest() {
    town.desk = std::make_unique<desk::Desk>(desk::Environment{*town.store, town.clock, town.entropy, travel});
  }
  ~FollowersTest() override { travel->open(); }  // before the followers end, one of which may wait there

  // Waits until it is true, looking after every commit.
  bool comes_true(const std::function<bool()>& holds) {
    std::mutex mutex;
    std::condition_variable committed;
    int commits = 0;
    const auto subscription = town.store->subscribe([&] {
      std::lock_guard lock(mutex);
      ++commits;
      committed.notify_all();
    });
    const auto until = std::chrono::steady_clock::now() + kPatience;
    for (int seen = -1; !holds();) {
      std::unique_lock lock(mutex);
      if (!committed.wait_until(lock, until, [&] { return commits != seen; })) return false;
      seen = commits;
    }
    return true;
  }
  // Waits until learning has read the log up to there, which it does without a commit.
  bool has_learnt(std::uint64_t position) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (followers->positions(kTenant)["learning"] < position) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }
  // When the territory is to be looked at; none if it is not.
  std::optional<std::string> due() {
    const auto snapshot = town.store->snapshot();
    const std::string kind = std::to_string(internal::v1::TIMER_KIND_REPLAN_DUE);
    auto found = desk::View(*snapshot, kTenant).lookup(desk::index::kTimer, {kind, "territories/north"});
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : std::nullopt;
  }
  // A commit that changes nothing of importance: whoever follows the log looks at the clock.
  void poke() { town.put<v1::Contact>("name: 'contacts/bob' customer: 'customers/mill'"); }

  std::shared_ptr<GatedTravel> travel = std::make_shared<GatedTravel>();
  testing::Town town;
  testing::Machine press{town, "press-1"};
  std::unique_ptr<Followers> followers;
};

TEST_F(FollowersTest, TimersFireAndLearningGoesOnWhileADayIsLookedAt) {
  followers = std::make_unique<Followers>(*town.desk, nullptr, 24h);
  followers->start();
  press.say({press.fault("j1939-100-1")});
  ASSERT_TRUE(comes_true([&] { return due().has_value(); }));
  const auto offer = town.open_offer();
  const auto look = due();
  travel->shut();
  town.clock.advance(1min);
  poke();
  ASSERT_TRUE(travel->somebody_waits());

  town.clock.advance(15min);
  poke();
  const auto by_now = town.store->position({kTenant, 0});
  EXPECT_TRUE(comes_true([&] { return town.get<v1::Offer>(offer.name()).state() == v1::OFFER_STATE_EXPIRED; }));
  EXPECT_TRUE(has_learnt(by_now));
  EXPECT_EQ(due(), look) << "the look is not over";

  travel->open();
  EXPECT_TRUE(comes_true([&] { return due() != look; }));
}

}  // namespace
}  // namespace firstfix::firstfixd
