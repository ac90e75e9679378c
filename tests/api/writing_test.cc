// Writing over the API: etags, request ids, names; and what a customer may see and do.
#include <gmock/gmock.h>

#include "firstfix/v1/case_service.pb.h"
#include "firstfix/v1/fleet_service.pb.h"
#include "served_town.h"

namespace firstfix::api {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class WritingTest : public ServedTown {
 protected:
  grpc::Status write_site(const std::string& fields, v1::Site& into, const std::string& more = "") {
    into.Clear();
    return ask<v1::UpdateSiteRequest>(kAdmin, "site { name: 'sites/yard' " + fields + " } " + more, into);
  }
  v1::Site site;
};

TEST_F(WritingTest, AStaleEtagIsAborted) {
  ASSERT_TRUE(write_site("display_name: 'one'", site).ok());
  const auto first = site.etag();
  ASSERT_TRUE(write_site("display_name: 'two' etag: '" + first + "'", site).ok());
  EXPECT_NE(site.etag(), first);
  const auto stale = write_site("display_name: 'three' etag: '" + first + "'", site);
  EXPECT_EQ(stale.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_THAT(stale.error_message(), HasSubstr("read it again"));
  EXPECT_EQ(town.get<v1::Site>("sites/yard").display_name(), "two");
}

TEST_F(WritingTest, TheEtagAnsweredIsTheEtagKept) {
  ASSERT_TRUE(write_site("", site).ok());
  EXPECT_EQ(site.etag(), town.get<v1::Site>("sites/yard").etag());
}

TEST_F(WritingTest, ARequestThatIsSentAgainGetsTheFirstAnswer) {
  v1::Site again;
  ASSERT_TRUE(write_site("display_name: 'one'", site, "request_id: 'r1'").ok());
  ASSERT_TRUE(write_site("display_name: 'one'", again, "request_id: 'r1'").ok());
  EXPECT_EQ(again.SerializeAsString(), site.SerializeAsString());
  EXPECT_EQ(town.get<v1::Site>("sites/yard").etag(), "1") << "written once";
  const auto other = write_site("display_name: 'two'", site, "request_id: 'r1'");
  EXPECT_EQ(other.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(other.error_message(), HasSubstr("another request"));
}

TEST_F(WritingTest, ANameHasItsForm) {
  for (const auto* name : {"", "yard", "sites/", "sites/Yard", "assets/yard", "sites/a/b", "sites/a b"})
    EXPECT_EQ(code_of<v1::UpdateSiteRequest>(kAdmin, "site { name: '" + std::string(name) + "' }"),
              grpc::StatusCode::INVALID_ARGUMENT)
        << name;
}

TEST_F(WritingTest, AReferenceLeadsSomewhere) {
  const auto lost = write_site("customer: 'customers/nobody'", site);
  EXPECT_EQ(lost.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(lost.error_message(), HasSubstr("customers/nobody"));
}

TEST_F(WritingTest, WhoMayComeToASiteAndWhenIsChecked) {
  const auto refused = [&](const std::string& rules) { return write_site(rules, site).error_message(); };
  EXPECT_THAT(refused("excluded_engineers: 'engineers/nobody'"), HasSubstr("excluded_engineers[0] names"));
  EXPECT_THAT(refused("preferred_engineers: 'engineers/li' preferred_engineers: ''"),
              HasSubstr("preferred_engineers[1] is empty"));
  EXPECT_THAT(refused("excluded_engineers: 'engineers/li' preferred_engineers: 'engineers/li'"),
              HasSubstr("preferred_engineers[0] names 'engineers/li', whom excluded_engineers names too"));
  const std::string good = "access { from_minute: 480 to_minute: 720 } ";
  EXPECT_THAT(refused(good + "access { from_minute: 720 to_minute: 720 }"),
              HasSubstr("access[1].from_minute is not before to_minute"));
  EXPECT_THAT(refused("access { from_minute: 0 to_minute: 1441 }"), HasSubstr("access[0].to_minute is over 1440"));
  EXPECT_THAT(refused("access { weekdays: 0 from_minute: 0 to_minute: 60 }"), HasSubstr("access[0].weekdays"));
  std::string many, engineers;
  for (int i = 0; i < 65; ++i) many += good, engineers += "excluded_engineers: 'engineers/li' ";
  EXPECT_EQ(refused(many), "access has over 64 entries");
  EXPECT_EQ(refused(engineers), "excluded_engineers has over 64 entries");
  EXPECT_EQ(refused(good + "access { weekdays: DAY_OF_WEEK_FRIDAY from_minute: 780 to_minute: 1440 } "
                           "excluded_engineers: 'engineers/li' preferred_engineers: 'engineers/max'"),
            "");
  EXPECT_EQ(town.get<v1::Site>("sites/yard").access_size(), 2);
}

TEST_F(WritingTest, ATerritorysZoneIsOneThatThereIs) {
  v1::Territory territory;
  const auto write = [&](const std::string& zone) {
    return ask<v1::UpdateTerritoryRequest>(kAdmin, "territory { name: 'territories/south' time_zone: '" + zone + "' }",
                                           territory);
  };
  EXPECT_TRUE(write("").ok());
  EXPECT_TRUE(write("Asia/Kolkata").ok());
  const auto unknown = write("Europe/Berln");
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(unknown.error_message(), "time_zone: unknown zone 'Europe/Berln'; use an IANA name such as Europe/Berlin");
  EXPECT_EQ(town.get<v1::Territory>("territories/south").time_zone(), "Asia/Kolkata");
}

class CustomerTest : public ServedTown {
 protected:
  void SetUp() override {
    ServedTown::SetUp();
    town.put<v1::Customer>("name: 'customers/other'");
    town.put<v1::Contact>("name: 'contacts/bob' customer: 'customers/other'");
    testing::Machine press{town, "press-1"};
    press.say({press.fault("j1939-100-1")});
    name = town.only<v1::Case>().name();
  }
  const Caller stranger{v1::ROLE_CUSTOMER, "contacts/bob"}, nobody{v1::ROLE_CUSTOMER, "contacts/nobody"};
  std::string name;
};

TEST_F(CustomerTest, SeesTheOwnCaseWithoutTheOffice) {
  v1::Case record;
  ASSERT_TRUE(ask<v1::GetCaseRequest>(kCustomer, "name: '" + name + "'", record).ok());
  EXPECT_THAT(record.summary(), HasSubstr("oil pressure"));
  EXPECT_THAT(record.owner(), IsEmpty());
  EXPECT_THAT(record.diagnosis(), IsEmpty());
  v1::Case whole;
  ASSERT_TRUE(ask<v1::GetCaseRequest>(kDispatcher, "name: '" + name + "'", whole).ok());
  EXPECT_EQ(whole.owner(), "engineers/li");
}

TEST_F(CustomerTest, DoesNotLearnThatAnothersCaseExists) {
  for (const auto& caller : {stranger, nobody}) {
    v1::Case record;
    const auto status = ask<v1::GetCaseRequest>(caller, "name: '" + name + "'", record);
    const auto missing = ask<v1::GetCaseRequest>(caller, "name: 'cases/none'", record);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(status.error_code(), missing.error_code());
    EXPECT_EQ(code_of<v1::ListTimelineEntriesRequest>(caller, "case_name: '" + name + "'"),
              grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(code_of<v1::ConfirmCaseRequest>(caller, "name: '" + name + "' solved: true"),
              grpc::StatusCode::NOT_FOUND);
    v1::ListCasesResponse list;
    ASSERT_TRUE(ask<v1::ListCasesRequest>(caller, "", list).ok());
    EXPECT_THAT(list.cases(), IsEmpty());
  }
}

TEST_F(CustomerTest, ReportsAFaultOfAnOwnMachineOnly) {
  v1::Case record;
  EXPECT_TRUE(ask<v1::CreateCaseRequest>(kCustomer, "asset: 'assets/lathe' summary: 'it hums'", record).ok());
  EXPECT_EQ(code_of<v1::CreateCaseRequest>(stranger, "asset: 'assets/lathe' summary: 'it hums'"),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(CustomerTest, OfAnotherTenantSeesNothing) {
  EXPECT_EQ(code_of<v1::GetCaseRequest>({v1::ROLE_CUSTOMER, "contacts/ann", "zeta"}, "name: '" + name + "'"),
            grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace firstfix::api
