// The planning format: what is read, and how each bad field is named.
#include "planning/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "world.h"

namespace firstfix::planning {
namespace {

using Json = nlohmann::json;

Json good() {
  return Json::parse(R"({
    "meta": {"skills": {"6": "gas"}},
    "engineers": [{"id": 7, "location": 0, "shift": [28800, 57600], "skills": [6], "van_stock": [2]}],
    "jobs": [{"id": 3, "location": 1, "service": 1800, "skills": [6], "priority": 40, "windows": [[30000, 40000]],
              "parts": [1]}],
    "matrix": [[0, 600], [600, 0]]})");
}

std::string complaint(const Json& json) {
  const auto read = read_problem(json.dump());
  return read ? "" : read.error().message;
}

TEST(ProblemJson, ReadsTheForm) {
  const auto p = read_problem(good().dump());
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_EQ(p->engineers[0].id, 7);
  EXPECT_EQ(p->jobs[0].windows[0], (Span{30000, 40000}));
  EXPECT_EQ(p->skill_names[0], "gas");
  EXPECT_EQ(p->travel(0, 1), 600);
  EXPECT_TRUE(p->ignored.empty());
}

TEST(ProblemJson, NamesTheFieldThatIsNoJson) {
  const auto with = [](const std::string& priority) {
    auto text = good().dump();
    const std::string was = "\"priority\":40";
    const auto read = read_problem(text.replace(text.find(was), was.size(), "\"priority\":" + priority));
    return read ? "" : read.error().message.substr(0, read.error().message.find(" at byte"));
  };
  EXPECT_EQ(with("40"), "");
  EXPECT_EQ(with("NaN"), "jobs[0].priority: must be a finite number ('NaN'");
  EXPECT_EQ(with("-Infinity"), "jobs[0].priority: must be a finite number ('-Infinity'");
  EXPECT_EQ(with("1e999"), "jobs[0].priority: must be a finite number ('1e999'");
  EXPECT_EQ(with("forty"), "jobs[0].priority: is not JSON ('forty'");
  EXPECT_EQ(read_problem("[}").error().message, "[0]: is not JSON ('}' at byte 1)");
  EXPECT_EQ(read_problem("").error().message, "the document: is not JSON ('' at byte 0)");
}

TEST(ProblemJson, NamesTheBadField) {
  struct Case {
    const char *pointer, *value, *expected;
  };
  const Case cases[] = {
      {"/engineers/0/shift", "[57600, 28800]", "engineers[0].shift: ends before it begins"},
      {"/engineers/0/shift/1", "-1", "engineers[0].shift[1]: must be from 0"},
      {"/engineers/0/location", "2", "engineers[0].location: must be from 0 to 1"},
      {"/jobs/0/service", "null", "jobs[0].service: must be a number"},
      {"/jobs/0/service", "1e300", "jobs[0].service: must be from 0"},
      {"/jobs/0/service", "10.5", "jobs[0].service: must be a whole number"},
      {"/jobs/0/priority", "101", "jobs[0].priority: must be from 0 to 100"},
      {"/jobs/0/windows/0", "[5]", "jobs[0].windows[0]: needs at least 2 entries"},
      {"/jobs/0/parts/0", "-2", "jobs[0].parts[0]: must be from 0"},
      {"/jobs/0/excluded", "[9]", "jobs[0].excluded[0]: there is no engineer 9"},
      {"/jobs/0/crew", "3", "jobs[0].crew: must be from 1 to 2"},
      {"/jobs/0/fixed", R"({"engineer": 7, "start": 1})", "jobs[0].fixed.start: lies outside the windows"},
      {"/matrix/1", "[1]", "matrix[1]: has 1 entries in a matrix of 2"},
      {"/matrix/0/1", "-3", "matrix[0][1]: must be from 0"},
      {"/engineers/0/certificates", R"([{"skill": 1, "until": 5}])", "is not among the engineer's skills"},
      {"/engineers/0/overtime", R"({"until": 5, "cost_per_hour": 1})",
       "engineers[0].overtime.until: is before the end"},
      {"/weights", R"({"travel": -1})", "weights.travel: must be from 0"},
      {"/weights", R"({"notice": -1})", "weights.notice: must be"},
  };
  for (const auto& one : cases) {
    auto json = good();
    json[Json::json_pointer(one.pointer)] = Json::parse(one.value);
    EXPECT_NE(complaint(json).find(one.expected), std::string::npos)
        << one.pointer << " gave: " << complaint(json) << "\nexpected: " << one.expected;
  }
}

TEST(ProblemJson, NamesWhatIsMissing) {
  for (const char* field : {"id", "location", "service", "skills", "priority", "windows"}) {
    auto json = good();
    json["jobs"][0].erase(field);
    EXPECT_EQ(complaint(json), std::string("jobs[0].") + field + ": is missing");
  }
  auto json = good();
  json.erase("matrix");
  EXPECT_NE(complaint(json), "");
}

TEST(ProblemJson, RefusesTwoOfOneId) {
  auto json = good();
  json["jobs"].push_back(json["jobs"][0]);
  EXPECT_EQ(complaint(json), "jobs[1].id: two jobs have the id 3");
}

TEST(ProblemJson, RefusesWhatIsNotJson) {
  EXPECT_FALSE(read_problem(""));
  EXPECT_FALSE(read_problem("[1, 2"));
  EXPECT_FALSE(read_problem("[]"));
}

TEST(ProblemJson, SaysWhichFieldsItIgnored) {
  auto json = good();
  json["jobs"][0]["colour"] = "red";
  const auto p = read_problem(json.dump());
  ASSERT_TRUE(p);
  EXPECT_EQ(p->ignored, std::vector<std::string>{"jobs[0].colour"});
}

TEST(ProblemJson, TravelsByPositionsWithoutAMatrix) {
  auto json = good();
  json.erase("matrix");
  json["meta"]["detour"] = 1.3;
  json["meta"]["speed_kmh"] = 45;
  json["engineers"][0]["lat"] = json["jobs"][0]["lat"] = 52.0;
  json["engineers"][0]["lon"] = 5.0;
  json["jobs"][0]["lon"] = 5.1;
  const auto p = read_problem(json.dump());
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_NEAR(p->travel(0, 1), 6846 * 1.3 / 12.5, 1);
}

TEST(PlanJson, ReadsWhatItWrites) {
  const auto p = read_problem(good().dump());
  ASSERT_TRUE(p);
  Plan plan{.routes = {{0, {visit(0, 30000)}}}};
  plan.routes[0].stops[0].state = StopState::kPromised;
  plan.routes[0].stops[0].promised = {29000, 31000};
  const auto again = read_plan(write_plan(*p, plan), *p);
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_EQ(again->routes.size(), 1u);
  const auto& stop = again->routes[0].stops.at(0);
  EXPECT_EQ(stop.start, 30000);
  EXPECT_EQ(stop.state, StopState::kPromised);
  EXPECT_EQ(stop.promised, (Span{29000, 31000}));
}

TEST(PlanJson, LeavesOutJobsThatAreOver) {
  const auto p = read_problem(good().dump());
  ASSERT_TRUE(p);
  const auto plan = read_plan(R"({"routes": [{"engineer": 7, "stops": [{"job": 99, "start": 1}]},
                                             {"engineer": 8, "stops": [{"job": 3, "start": 1}]}]})",
                              *p);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(who_does(*plan, 0), kNone);
}

TEST(PlanJson, NamesTheBadField) {
  const auto p = read_problem(good().dump());
  ASSERT_TRUE(p);
  const auto complaint = [&](const char* stop) {
    const auto plan = read_plan(std::string(R"({"routes": [{"engineer": 7, "stops": [)") + stop + "]}]}", *p);
    return plan ? std::string() : plan.error().message;
  };
  EXPECT_EQ(complaint(R"({"job": 3})"), "routes[0].stops[0].start: is missing");
  EXPECT_NE(complaint(R"({"job": 3, "start": 1, "state": "lost"})"), "");
  EXPECT_NE(complaint(R"({"job": 3, "start": 1, "state": "promised", "window": [2, 3]})"), "");
  EXPECT_NE(complaint(R"({"job": 3, "start": 1}, {"job": 3, "start": 2})"), "");
  EXPECT_NE(complaint(R"({"break": 0, "start": 1})"), "");
}

TEST(PlanJson, WritesRunnersUpBesideTheStop) {
  const auto p = read_problem(good().dump());
  ASSERT_TRUE(p);
  const Plan plan{.routes = {{0, {visit(0, 30000)}}}};
  const std::vector<Assignment> why = {{0, 0, {{0, 31000, 2.501}}, {"1 × lacks gas"}}};
  const auto json = Json::parse(write_plan(*p, plan, nullptr, &why));
  EXPECT_EQ(json["routes"][0]["stops"][0], Json::parse(R"({"job": 3, "start": 30000, "cannot": ["1 × lacks gas"],
                            "runners_up": [{"engineer": 7, "start": 31000, "extra_cost": 2.5}]})"));
  EXPECT_EQ(json["explained"], 1);
  EXPECT_TRUE(read_plan(json.dump(), *p));
}

}  // namespace
}  // namespace firstfix::planning
