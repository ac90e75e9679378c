// A town in which customers are promised times.
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "town/town.h"
#include "visit/appointment.h"

namespace firstfix::desk {

using testing::from_text, testing::kMorning, testing::kTenant, testing::Town;

class AppointmentsTest : public ::testing::Test {
 protected:
  AppointmentsTest() {
    town.put<v1::Engineer>("name: 'engineers/max' inactive: true");  // Li alone, unless Max is called
    town.put<v1::Asset>(R"(name: "assets/saw" site: "sites/hall")");
  }

  // Hours after eight on Monday morning.
  static Instant at(double hours) { return kMorning + Duration{static_cast<std::int64_t>(hours * 3600e6)}; }

  std::string open_case(const std::string& asset) {
    const auto made = town.as<v1::Case>("contacts/ann", [&](Command& command) {
      return create_case(command, {.asset = asset, .summary = "it squeaks"});
    });
    EXPECT_TRUE(made) << made.error().message;
    return made ? made->name() : "";
  }
  // A machine for which nobody is planned yet: whoever was, was taken off by hand.
  std::string unplanned_case(const std::string& asset) {
    town.put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_OBSERVE)");
    auto name = open_case(asset);
    town.put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_AUTOMATIC
                            offer_timeout { seconds: 36000 })");
    return name;
  }
  // A machine with a burst hose; there is one hose, in Li's van.
  std::string burst_case(const std::string& asset) {
    town.put<v1::StockLine>(R"(name: "stockLocations/depot/lines/hose" location: "stockLocations/depot"
                               part: "parts/hose" on_hand: 0)");
    town.put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_OBSERVE)");
    const auto made = town.as<v1::Case>("contacts/ann", [&](Command& command) {
      return create_case(command, {.asset = asset, .summary = "a puddle", .codes = {"j1939-100-1"}});
    });
    EXPECT_TRUE(made) << made.error().message;
    town.put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_AUTOMATIC
                            offer_timeout { seconds: 36000 })");
    return made ? made->name() : "";
  }
  v1::StockLine hoses() { return town.get<v1::StockLine>("stockLocations/van-li/lines/hose"); }
  // Where the hose that the case's visit will have is.
  std::string hose_of(const std::string& case_name) {
    const auto plan = town.get<v1::PartsPlan>(town.get<v1::Case>(case_name).parts_plan());
    for (const auto& line : plan.lines())
      if (line.part() == "parts/hose" && line.chosen()) return line.location();
    return "nowhere";
  }
  Result<std::vector<v1::Slot>> search(const SlotSearch& wanted) {
    return town.desk->what_if<std::vector<v1::Slot>>({kTenant, "contacts/ann", {}, {}},
                                                     [&](Command& command) { return search_slots(command, wanted); });
  }
  Result<v1::Appointment> hold(const std::string& case_name, double from, double to) {
    return town.as<v1::Appointment>("contacts/ann", [&](Command& command) {
      return hold_slot(command, case_name, {at(from), at(to)});
    });
  }
  Result<v1::Appointment> book_it(const std::string& name) {
    return town.as<v1::Appointment>("contacts/ann",
                                    [&](Command& command) { return book_appointment(command, name, ""); });
  }
  Result<v1::Appointment> reschedule(const std::string& name, double from, double to) {
    return town.as<v1::Appointment>("contacts/ann", [&](Command& command) {
      return reschedule_appointment(command, name, {at(from), at(to)}, "");
    });
  }
  Result<v1::Appointment> cancel(const std::string& name, const std::string& reason = "") {
    return town.as<v1::Appointment>("contacts/ann",
                                    [&](Command& command) { return cancel_appointment(command, name, reason, ""); });
  }
  // Holds and books; returns its name.
  std::string booked(const std::string& case_name, double from, double to) {
    const auto held = hold(case_name, from, to);
    EXPECT_TRUE(held) << held.error().message;
    if (!held) return "";
    const auto done = book_it(held->name());
    EXPECT_TRUE(done) << done.error().message;
    return held->name();
  }
  v1::Appointment appointment(const std::string& name) { return town.get<v1::Appointment>(name); }
  v1::Visit visit_of(const std::string& case_name) {
    return town.get<v1::Visit>(town.get<v1::Case>(case_name).visit());
  }
  // Who is booked when, and for what.
  std::vector<internal::v1::RosterStop> stops(const std::string& engineer = "engineers/li") {
    const auto snapshot = town.store->snapshot();
    const auto roster = roster_of(View(*snapshot, kTenant), engineer);
    return {roster->stops().begin(), roster->stops().end()};
  }
  std::vector<std::string> timeline(const std::string& case_name) {
    std::vector<std::string> out;
    for (const auto& entry : town.all<v1::TimelineEntry>(case_name + "/")) out.push_back(entry.text());
    return out;
  }
  Status says(const std::string& engineer, const std::function<Status(Command&)>& what) {
    return town
        .as<v1::Case>(engineer,
                      [&](Command& command) -> Result<v1::Case> {
                        FIRSTFIX_CHECK(what(command));
                        return v1::Case{};
                      })
        .map([](auto&&) {});
  }
  void accepts(const std::string& case_name) {
    const auto visit = visit_of(case_name);
    ASSERT_TRUE(says(visit.engineer(),
                     [&](Command& command) { return accept_offer(command, visit.offer()).map([](auto&&) {}); }));
  }
  void arrives(const std::string& case_name) {
    const auto visit = visit_of(case_name);
    ASSERT_TRUE(says(visit.engineer(), [&](Command& command) {
      return arrive(command, visit.name(), command.now()).map([](auto&&) {});
    }));
  }
  void completes(const std::string& case_name) {
    const auto visit = visit_of(case_name);
    const auto done = says(visit.engineer(), [&](Command& command) -> Status {
      FIRSTFIX_TRY(steps, steps_of(command.uow, visit.name()));
      for (const auto& step : steps)
        FIRSTFIX_CHECK(
            complete_step(command, step.name(), from_text<v1::Evidence>("confirmed: true")).map([](auto&&) {}));
      return complete_visit(command, visit.name(), {{"causes/hose"}, "", true, command.now()}).map([](auto&&) {});
    });
    ASSERT_TRUE(done) << done.error().message;
  }

  // One holds a time when the other is about to.
  using Held = Result<v1::Appointment>;
  std::pair<Held, Held> at_the_same_time(const std::function<Held()>& one, const std::function<Held()>& other) {
    Held overtaking = fail(Code::kInternal, "not asked");
    bool asked = false;
    town.store->before_transaction = [&] {
      if (!std::exchange(asked, true)) overtaking = other();
    };
    auto overtaken = one();
    town.store->before_transaction = {};
    return {std::move(overtaken), std::move(overtaking)};
  }

  Town town;
};

}  // namespace firstfix::desk
