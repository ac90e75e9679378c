// Lists come in pages; a page token goes on with the same list and with no other.
#include <gmock/gmock.h>

#include "firstfix/v1/case_service.pb.h"
#include "firstfix/v1/fleet_service.pb.h"
#include "served_town.h"

namespace firstfix::api {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class PagingTest : public ServedTown {
 protected:
  void SetUp() override {
    ServedTown::SetUp();
    for (int i = 0; i < 23; ++i) town.put<v1::Site>("name: 'sites/" + std::to_string(100 + i) + "'");  // and the hall
  }
  grpc::StatusCode list(const std::string& request, v1::ListSitesResponse& into, const Caller& caller = kAdmin) {
    into.Clear();
    return ask<v1::ListSitesRequest>(caller, request, into).error_code();
  }
  v1::ListSitesResponse page;
};

TEST_F(PagingTest, PagesTogetherAreTheWholeList) {
  std::vector<std::string> names;
  std::string token;
  int pages = 0;
  do {
    ASSERT_EQ(list("page_size: 10 page_token: '" + token + "'", page), grpc::StatusCode::OK);
    for (const auto& site : page.sites()) names.push_back(site.name());
    token = page.next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(names, SizeIs(24));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST_F(PagingTest, AListThatIsJustFullHasNoFurtherPage) {
  ASSERT_EQ(list("page_size: 24", page), grpc::StatusCode::OK);
  EXPECT_THAT(page.next_page_token(), IsEmpty());
}

TEST_F(PagingTest, ThePageSizeMayChangeOnTheWayAndHasLimits) {
  ASSERT_EQ(list("page_size: 10", page), grpc::StatusCode::OK);
  EXPECT_EQ(list("page_size: 3 page_token: '" + std::string(page.next_page_token()) + "'", page), grpc::StatusCode::OK);
  EXPECT_EQ(page.sites_size(), 3);
  EXPECT_EQ(list("page_size: -1", page), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(list("page_size: 1000000", page), grpc::StatusCode::OK);
}

TEST_F(PagingTest, ATokenThatIsNotOneIsRefused) {
  ASSERT_EQ(list("page_size: 10", page), grpc::StatusCode::OK);
  const std::string good = page.next_page_token();
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto altered = good;
    altered[i] = altered[i] == '0' ? '1' : '0';
    EXPECT_EQ(list("page_token: '" + altered + "'", page), grpc::StatusCode::INVALID_ARGUMENT) << i;
  }
  for (const auto& text : {std::string("x"), std::string("736974"), good.substr(1), good + "0", "." + good})
    EXPECT_EQ(list("page_token: '" + text + "'", page), grpc::StatusCode::INVALID_ARGUMENT) << text;
}

TEST_F(PagingTest, ATokenOfAnotherListFilterOrTenantIsRefused) {
  ASSERT_EQ(list("page_size: 10", page), grpc::StatusCode::OK);
  const auto token = "page_token: '" + std::string(page.next_page_token()) + "'";
  EXPECT_EQ(code_of<v1::ListAssetsRequest>(kAdmin, token), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(list(token, page, {v1::ROLE_ADMIN, "admin", "zeta"}), grpc::StatusCode::INVALID_ARGUMENT);

  for (int i = 0; i < 3; ++i) town.put<v1::Case>("name: 'cases/" + std::to_string(i) + "' asset: 'assets/press'");
  v1::ListCasesResponse cases;
  ASSERT_TRUE(ask<v1::ListCasesRequest>(kAdmin, "page_size: 1 asset: 'assets/press'", cases).ok());
  const auto next = "page_token: '" + std::string(cases.next_page_token()) + "' ";
  EXPECT_EQ(code_of<v1::ListCasesRequest>(kAdmin, next), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(code_of<v1::ListCasesRequest>(kAdmin, next + "asset: 'assets/press'"), grpc::StatusCode::OK);
}

TEST_F(PagingTest, ATenantListsItsOwn) {
  ASSERT_EQ(list("", page, {v1::ROLE_ADMIN, "admin", "zeta"}), grpc::StatusCode::OK);
  EXPECT_THAT(page.sites(), IsEmpty());
}

}  // namespace
}  // namespace firstfix::api
