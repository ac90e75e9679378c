// Who is alike.
#include "diagnosis/families.h"

#include <gtest/gtest.h>

namespace firstfix::diagnosis {
namespace {

using Kind = Families::Kind;

TEST(Families, AreOfNobodyUnlessTheCatalogueSaysSo) {
  EXPECT_EQ(Families().of(Kind::kCode, "j1939-100-1"), "");
  EXPECT_EQ(Families().of(Kind::kModel, "loader 3"), "");
}

TEST(Families, TakeTheLongestWordForAName) {
  Families families;
  families.add(Kind::kModel, "loader*", "loaders");
  families.add(Kind::kModel, "loader 3*", "big loaders");
  families.add(Kind::kModel, "loader 31", "odd ones");
  EXPECT_EQ(families.of(Kind::kModel, "loader 2"), "loaders");
  EXPECT_EQ(families.of(Kind::kModel, "loader 35"), "big loaders");
  EXPECT_EQ(families.of(Kind::kModel, "loader 31"), "odd ones");
  EXPECT_EQ(families.of(Kind::kPart, "loader 2"), "") << "a part of that name is another thing";
}

TEST(Families, ReadCodesByTheirStandards) {
  Families families;
  families.follow_standards();
  EXPECT_EQ(families.of(Kind::kCode, "j1939-100-1"), families.of(Kind::kCode, "j1939-100-18"));
  EXPECT_NE(families.of(Kind::kCode, "j1939-100-1"), families.of(Kind::kCode, "j1939-10-1"));
  EXPECT_EQ(families.of(Kind::kCode, "P0301"), families.of(Kind::kCode, "P0302"));
  EXPECT_NE(families.of(Kind::kCode, "P0301"), families.of(Kind::kCode, "P0401"));
  EXPECT_EQ(families.of(Kind::kCode, "obd-p0301"), families.of(Kind::kCode, "obd-p0302"));
  for (const auto* other : {"E301", "j1939-", "P03012", "p0301", "obd-p03012", "obd-x0301", ""})
    EXPECT_EQ(families.of(Kind::kCode, other), "");
}

}  // namespace
}  // namespace firstfix::diagnosis
