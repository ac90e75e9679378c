// Whatever customers, engineers, machines and the clock do, in whatever order: time and parts that are held or promised
// are nobody else's, what is promised is planned within its window or said to be at risk, and what is given back leaves
// no trace.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "firstfix/v1/inventory.pb.h"
#include "town/town.h"
#include "visit/appointment.h"
#include "visit/visit.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class Life {
 public:
  Life() {
    for (int i = 0; i < 4; ++i) town_.put<v1::Asset>("name: 'assets/saw-" + std::to_string(i) + "' site: 'sites/hall'");
  }

  void something_happens() {
    switch (*rc::gen::inRange(0, 9)) {
      case 0:
        return open_case();
      case 1:
      case 2:
        return hold();
      case 3:
      case 4:
        return book_one();
      case 5:
        return reschedule();
      case 6:
        return cancel();
      case 7:
        return answer_an_offer();
      default:
        return pass_time();
    }
  }

  void check() {
    const auto snapshot = town_.store->snapshot();
    const View view(*snapshot, kTenant);
    std::map<std::string, int> stops;
    for (const auto* engineer : {"engineers/li", "engineers/max"}) check_day(roster_of(view, engineer).value(), stops);
    for (const auto& one : town_.all<v1::Appointment>()) check(one, stops);
    check_parts();
    for (const auto& visit : town_.all<v1::Visit>()) {
      const bool booked = visit::open(visit) && !visit.engineer().empty();
      RC_ASSERT(stops[visit.name()] == (booked ? 1 : 0));
    }
  }

 private:
  static void check_day(const internal::v1::Roster& roster, std::map<std::string, int>& stops) {
    for (int i = 0; i < roster.stops_size(); ++i) {
      const auto& one = roster.stops(i);
      ++stops[one.visit()];
      for (int j = 0; j < i; ++j) {
        const auto& other = roster.stops(j);
        const bool apart = other.ends_us() <= one.starts_us() || one.ends_us() <= other.starts_us();
        RC_ASSERT(apart || one.beside() == other.visit() || other.beside() == one.visit());
      }
    }
  }

  // What the books say is reserved is held by somebody, and all who hold something are still to come for it.
  void check_parts() {
    std::map<std::string, std::uint32_t> held;
    for (const auto& one : town_.all<v1::Reservation>()) {
      if (one.state() != v1::RESERVATION_STATE_HELD) continue;
      held[line_name(one.location(), one.part())] += one.quantity();
      RC_ASSERT(one.visit().empty() != one.appointment().empty());
      if (one.visit().empty())
        RC_ASSERT(town_.get<v1::Appointment>(one.appointment()).state() == v1::APPOINTMENT_STATE_HELD);
      else
        RC_ASSERT(visit::open(town_.get<v1::Visit>(one.visit())));
    }
    for (const auto& line : town_.all<v1::StockLine>()) {
      RC_ASSERT(line.reserved() <= line.on_hand());
      RC_ASSERT(line.reserved() == held[line.name()]);
    }
  }

  void check(const v1::Appointment& one, std::map<std::string, int>& stops) {
    const auto window = visit::window_of(one);
    const bool held = one.state() == v1::APPOINTMENT_STATE_HELD;
    RC_ASSERT(stops[one.name()] == (held ? one.engineers_size() : 0));
    if (held) RC_ASSERT(to_instant(one.hold_expires_at()) > town_.clock.now());
    if (visit::promised(one)) RC_ASSERT(window.to > town_.clock.now());
    if (one.state() != v1::APPOINTMENT_STATE_BOOKED) return;
    const auto record = town_.get<v1::Case>(one.case_name());
    RC_ASSERT(record.appointment() == one.name());
    const auto visit = town_.get<v1::Visit>(record.visit());
    RC_ASSERT(!visit.engineer().empty());
    RC_ASSERT(window.holds(to_instant(visit.starts_at())));
  }

  template <class Response>
  Result<Response> ann(const std::function<Result<Response>(Command&)>& run) {
    return town_.as<Response>("contacts/ann", run);
  }

  void open_case() {
    const auto asset = "assets/saw-" + std::to_string(*rc::gen::inRange(0, 4));
    ByHand wanted{.asset = asset, .summary = "it squeaks"};
    if (*rc::gen::inRange(0, 2) == 0) wanted.codes = {"j1939-100-1"};  // a hose, of which there are two
    if (const auto made = ann<v1::Case>([&](Command& c) { return create_case(c, wanted); }))
      cases_.push_back(made->name());
  }
  visit::Window some_window() {
    const auto from = town_.clock.now() + 15min * *rc::gen::inRange(-2, 100);
    return {from, from + 15min * *rc::gen::inRange(1, 12)};
  }
  // Holds and gives back, or holds: giving back leaves everybody's day, and the stock, as they were.
  void hold() {
    if (cases_.empty()) return;
    const auto name = *rc::gen::elementOf(cases_);
    const auto window = some_window();
    const auto before = days();
    const auto held = ann<v1::Appointment>([&](Command& c) { return hold_slot(c, name, window); });
    if (!held) RC_ASSERT(before == days());
    if (!held) return;
    if (*rc::gen::inRange(0, 3) > 0) return;
    const bool first = holds_of(name) == 1;
    RC_ASSERT(
        ann<v1::Appointment>([&](Command& c) { return cancel_appointment(c, held->name(), "", ""); }).has_value());
    if (first) RC_ASSERT(before == days());
  }
  // How often the case has ever held something.
  std::size_t holds_of(const std::string& case_name) {
    std::size_t count = 0;
    for (const auto& one : town_.all<v1::Appointment>()) count += one.case_name() == case_name ? 1 : 0;
    return count;
  }
  std::optional<v1::Appointment> some_appointment() {
    const auto all = town_.all<v1::Appointment>();
    if (all.empty()) return std::nullopt;
    return *rc::gen::elementOf(all);
  }
  void book_one() {
    const auto one = some_appointment();
    if (!one) return;
    const auto done = ann<v1::Appointment>([&](Command& c) { return book_appointment(c, one->name(), ""); });
    if (one->state() != v1::APPOINTMENT_STATE_HELD) RC_ASSERT(!done.has_value());
  }
  void reschedule() {
    const auto one = some_appointment();
    if (!one) return;
    const auto window = some_window();
    const auto before = days();
    const auto done =
        ann<v1::Appointment>([&](Command& c) { return reschedule_appointment(c, one->name(), window, ""); });
    if (!done) RC_ASSERT(before == days());
  }
  void cancel() {
    if (const auto one = some_appointment())
      (void)ann<v1::Appointment>([&](Command& c) { return cancel_appointment(c, one->name(), "no time", ""); });
  }
  void answer_an_offer() {
    for (const auto& offer : town_.all<v1::Offer>()) {
      if (offer.state() != v1::OFFER_STATE_OPEN) continue;
      const bool yes = *rc::gen::inRange(0, 3) > 0;
      (void)town_.as<v1::Offer>(offer.engineer(), [&](Command& c) {
        return yes ? accept_offer(c, offer.name()) : decline_offer(c, offer.name(), "no");
      });
      return;
    }
  }
  void pass_time() { town_.advance(1min * *rc::gen::element(1, 6, 20, 90, 600)); }

  std::vector<std::string> days() {
    const auto snapshot = town_.store->snapshot();
    std::vector<std::string> out;
    for (const auto* engineer : {"engineers/li", "engineers/max"}) {
      auto roster = roster_of(View(*snapshot, kTenant), engineer).value();
      roster.clear_version();
      out.push_back(roster.SerializeAsString());
    }
    for (const auto& line : town_.all<v1::StockLine>()) out.push_back(std::to_string(line.reserved()));
    return out;
  }

  Town town_;
  std::vector<std::string> cases_;
};

class Appointments : public ::testing::Test {
 protected:
  // Every life has a store of its own, which takes most of the time.
  static void SetUpTestSuite() { setenv("RC_PARAMS", "max_success=40", 0); }
};

TEST_F(Appointments, WhatIsHeldOrPromisedIsNobodyElses) {
  EXPECT_TRUE(rc::check("what is held or promised is nobody else's", [] {
    Life life;
    const int steps = *rc::gen::inRange(1, 25);
    for (int i = 0; i < steps; ++i) {
      life.something_happens();
      life.check();
    }
  }));
}

}  // namespace
}  // namespace firstfix::desk
