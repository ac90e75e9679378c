// Remembered requests: an app that was offline sends its queue again, and nothing is done twice.
#include <gmock/gmock.h>

#include "firstfix/v1/knowledge.pb.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;

class RequestsTest : public ::testing::Test {
 protected:
  // Counts how often it was really done; the answer is the number.
  Result<v1::Case> ask(const std::string& who, const std::string& id, const std::string& request) {
    return town.as<v1::Case>(
        who,
        [&](Command& command) -> Result<v1::Case> {
          FIRSTFIX_TRY(old, command.uow.find<v1::Site>("sites/count"));
          v1::Site site = old ? *old : v1::Site{};
          site.set_name("sites/count");
          site.set_display_name(site.display_name() + "I");
          FIRSTFIX_CHECK(command.uow.put(site));
          v1::Case answer;
          answer.set_summary(site.display_name());
          return answer;
        },
        id, request);
  }

  Town town;
};

TEST_F(RequestsTest, TheSecondTimeGivesTheFirstAnswerAndDoesNothing) {
  EXPECT_EQ(ask("engineers/li", "r1", "name: 'a'")->summary(), "I");
  const auto before = town.everything();
  EXPECT_EQ(ask("engineers/li", "r1", "name: 'a'")->summary(), "I");
  EXPECT_EQ(town.everything(), before);
  EXPECT_EQ(ask("engineers/li", "r2", "name: 'a'")->summary(), "II");
}

TEST_F(RequestsTest, AreRememberedByTheirSender) {
  ASSERT_TRUE(ask("engineers/li", "r1", "name: 'a'"));
  EXPECT_EQ(ask("engineers/max", "r1", "name: 'a'")->summary(), "II") << "another person's id means nothing";
}

TEST_F(RequestsTest, TheSameIdForAnotherRequestIsRefused) {
  ASSERT_TRUE(ask("engineers/li", "r1", "name: 'a'"));
  const auto other = ask("engineers/li", "r1", "name: 'b'");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::kInvalid);
  EXPECT_THAT(other.error().message, HasSubstr("used for another request"));
}

TEST_F(RequestsTest, WithoutAnIdAreDoneEachTime) {
  ASSERT_TRUE(ask("engineers/li", "", ""));
  EXPECT_EQ(ask("engineers/li", "", "")->summary(), "II");
}

TEST_F(RequestsTest, AnErrorIsNotRemembered) {
  town.store->failing_write = 0;
  ASSERT_FALSE(ask("engineers/li", "r1", ""));
  town.store->failing_write = -1;
  EXPECT_EQ(ask("engineers/li", "r1", "")->summary(), "I");
}

TEST_F(RequestsTest, AreForgottenAfterAWeekAndNotBefore) {
  ASSERT_TRUE(ask("engineers/li", "r1", ""));
  town.clock.advance(24h * 7);
  ASSERT_TRUE(town.desk->forget_requests(kTenant));
  EXPECT_EQ(ask("engineers/li", "r1", "")->summary(), "I");
  town.clock.advance(1us);
  ASSERT_TRUE(town.desk->forget_requests(kTenant));
  EXPECT_EQ(ask("engineers/li", "r1", "")->summary(), "II");
}

TEST_F(RequestsTest, AnIdHasALimit) {
  EXPECT_TRUE(ask("engineers/li", std::string(64, 'x'), ""));
  EXPECT_EQ(ask("engineers/li", std::string(65, 'x'), "").error().code, Code::kInvalid);
}

TEST_F(RequestsTest, WithAMapAreTheSameHoweverTheMapIsKept) {
  // A map has no order, and its bytes have another one in every process; the request is the same all the same.
  v1::StepTemplate forward, backward;
  for (int i = 0; i < 64; ++i) (*forward.mutable_title()->mutable_text())["tag" + std::to_string(i)] = "x";
  for (int i = 63; i >= 0; --i) (*backward.mutable_title()->mutable_text())["tag" + std::to_string(i)] = "x";
  const Caller caller{kTenant, "admin/test", "firstfix.v1.Test/Do", "r1"};
  const auto nothing = [](Command&) -> Result<v1::Case> { return v1::Case{}; };
  ASSERT_TRUE(town.desk->command<v1::Case>(caller, forward, nothing));
  const auto again = town.desk->command<v1::Case>(caller, backward, nothing);
  EXPECT_TRUE(again) << again.error().message;
}

}  // namespace
}  // namespace firstfix::desk
