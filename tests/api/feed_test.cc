// What streams are given of the change log: every entry, in order, once.
#include "api/feed.h"

#include <gmock/gmock.h>

#include <future>

#include "town/town.h"

namespace firstfix::api {
namespace {

using namespace firstfix::testing;

class FeedTest : public ::testing::Test {
 protected:
  // One entry each.
  void change(int times) {
    for (int i = 0; i < times; ++i) town.put<v1::Site>("name: 'sites/yard' display_name: '" + std::to_string(i) + "'");
  }
  std::uint64_t end() const { return town.store->position({kTenant, 0}); }

  Town town;
};

// Reads all there is, like a stream whose messages are written at once; can be held up in its first look.
class Reader final : public Listener {
 public:
  Reader(Feed& feed, std::uint64_t after) : feed_(feed), position_(after) {}

  void pump() override {
    if (held_up_.valid()) held_up_.get();
    while (feed_.more_after(kTenant, position_)) {
      const auto entries = feed_.after(kTenant, position_);
      ASSERT_TRUE(entries) << entries.error().message;
      for (const auto& entry : *entries) {
        ASSERT_EQ(entry->position(), position_ + 1) << "a gap or a repeat";
        position_ = entry->position();
      }
    }
    std::lock_guard lock(mutex_);
    reached_ = position_;
    changed_.notify_all();
  }
  void end() override {}

  bool wait(std::uint64_t position) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return reached_ >= position; });
  }
  void hold_up(std::future<void> until) { held_up_ = std::move(until); }

 private:
  Feed& feed_;
  std::uint64_t position_;
  std::future<void> held_up_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t reached_ = 0;
};

TEST_F(FeedTest, GivesEveryEntryOfABurstThatIsLongerThanWhatItKeeps) {
  Feed feed(*town.desk);
  const auto first = std::make_shared<Reader>(feed, end());
  change(1);
  feed.add(first);
  ASSERT_TRUE(first->wait(end()));
  std::promise<void> written;
  const auto slow = std::make_shared<Reader>(feed, end());
  slow->hold_up(written.get_future());
  feed.add(slow);
  change(1500);
  written.set_value();
  EXPECT_TRUE(first->wait(end()));
  EXPECT_TRUE(slow->wait(end()));
}

TEST_F(FeedTest, ServesAStreamFarBehindBesideOneAtTheEnd) {
  change(1500);
  Feed feed(*town.desk);
  const auto ahead = std::make_shared<Reader>(feed, end()), behind = std::make_shared<Reader>(feed, 0);
  feed.add(ahead);
  feed.add(behind);
  EXPECT_TRUE(behind->wait(end()));
  change(3);
  EXPECT_TRUE(ahead->wait(end()));
  EXPECT_TRUE(behind->wait(end()));
}

TEST_F(FeedTest, ParsesARecordOnceAndOnlyAsWhatItIs) {
  change(1);
  const auto logged = town.store->tail({kTenant, 0}, store::Cursor{end() - 1}, 1);
  ASSERT_TRUE(logged);
  const auto entry = Entry::parse(logged->front());
  ASSERT_TRUE(entry) << entry.error().message;
  const auto site = (*entry)->record<v1::Site>(0);
  ASSERT_TRUE(site && *site != nullptr);
  EXPECT_EQ((*site)->name(), "sites/yard");
  EXPECT_EQ((*entry)->record<v1::Site>(0).value(), *site) << "parsed twice";
  EXPECT_EQ((*entry)->record<v1::Case>(0).value(), nullptr);
  EXPECT_FALSE(Entry::parse({1, kMorning, "\xFF", {}}));
}

TEST_F(FeedTest, RefusesAPlaceBeyondTheLog) {
  Feed feed(*town.desk);
  struct Lost final : Listener {
    Lost(Feed& given, std::uint64_t at) : feed(given), place(at) {}
    void pump() override { answer.set_value(feed.after(kTenant, place).error().code); }
    void end() override {}
    Feed& feed;
    std::uint64_t place;
    std::promise<Code> answer;
  };
  const auto lost = std::make_shared<Lost>(feed, end() + 1);
  feed.add(lost);
  EXPECT_EQ(lost->answer.get_future().get(), Code::kInvalid);
  feed.remove(lost.get());
}

}  // namespace
}  // namespace firstfix::api
