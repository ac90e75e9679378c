// Topics: whose device speaks, and on which channel.
#include "ingest/topic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace firstfix::ingest {
namespace {

using ::testing::HasSubstr;

TEST(Topic, NamesTenantDeviceAndChannel) {
  const auto topic = parse_topic("firstfix/v1/acme/press-1/faults");
  ASSERT_TRUE(topic);
  EXPECT_EQ(topic->tenant, "acme");
  EXPECT_EQ(topic->device, "press-1");
  EXPECT_EQ(topic->channel, Channel::kFaults);
}

TEST(Topic, IsWrittenAsItIsRead) {
  for (const auto* text : {"firstfix/v1/acme/press-1/faults", "firstfix/v1/a/b/receipt", "firstfix/v1/a.b_c/0/state",
                           "firstfix/v1/a/b/command"})
    EXPECT_EQ(to_string(parse_topic(text).value()), text);
}

TEST(Topic, OfAnotherFormIsRefusedWithTheLevelThatIsWrong) {
  const auto problem = [](const std::string& text) {
    const auto topic = parse_topic(text);
    return topic ? std::string() : topic.error().message;
  };
  for (const auto* text : {"", "faults", "firstfix/v2/acme/press-1/faults", "/firstfix/v1/acme/press-1/faults"})
    EXPECT_THAT(problem(text), HasSubstr("begin with firstfix/v1/")) << text;
  EXPECT_THAT(problem("firstfix/v1//press-1/faults"), HasSubstr("tenant"));
  EXPECT_THAT(problem("firstfix/v1/Acme/press-1/faults"), HasSubstr("tenant"));
  EXPECT_THAT(problem("firstfix/v1/" + std::string(65, 'a') + "/press-1/faults"), HasSubstr("tenant"));
  EXPECT_THAT(problem("firstfix/v1/acme//faults"), HasSubstr("device"));
  EXPECT_THAT(problem("firstfix/v1/acme/press 1/faults"), HasSubstr("device"));
  EXPECT_THAT(problem("firstfix/v1/acme/+/faults"), HasSubstr("device"));
  for (const auto* text : {"firstfix/v1/acme/press-1", "firstfix/v1/acme/press-1/", "firstfix/v1/acme/press-1/fault",
                           "firstfix/v1/acme/press-1/faults/", "firstfix/v1/acme/press-1/x/faults"})
    EXPECT_THAT(problem(text), HasSubstr("ends in none of")) << text;
}

}  // namespace
}  // namespace firstfix::ingest
