// Everybody reads the checklist in their own language, as near as there is one.
#include "visit/language.h"

#include <gtest/gtest.h>

namespace firstfix::visit {
namespace {

v1::LocalText greeting() {
  v1::LocalText text;
  auto& words = *text.mutable_text();
  words["en"] = "hello";
  words["de"] = "guten Tag";
  words["zh-Hans"] = "您好";
  words["pt-BR"] = "oi";
  return text;
}

TEST(Language, IsLookedUpFromTheWholeTagToItsFirstPartThenEnglish) {
  const std::pair<const char*, const char*> kWanted[] = {
      {"de", "guten Tag"},    {"de-AT", "guten Tag"}, {"DE-at", "guten Tag"}, {"zh-Hans", "您好"},
      {"zh-Hans-CN", "您好"}, {"zh-CN", "您好"},      {"zh", "您好"},         {"zh-TW", "您好"},
      {"pt-BR", "oi"},        {"pt", "hello"},        {"fr", "hello"},        {"", "hello"}};
  for (const auto& [language, words] : kWanted) EXPECT_EQ(text_in(greeting(), language), words) << language;
}

TEST(Language, ATextWithoutWordsIsEmpty) {
  EXPECT_EQ(text_in({}, "en"), "");
}

}  // namespace
}  // namespace firstfix::visit
