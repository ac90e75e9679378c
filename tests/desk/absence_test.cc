// Somebody calls in sick, retires or gets another shift: what was booked with them is planned anew at once, and nothing
// else.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/qualifications.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;

class AbsenceTest : public ::testing::Test {
 protected:
  AbsenceTest() {
    press.say({press.fault("j1939-100-1")});
    EXPECT_EQ(town.open_offer().engineer(), "engineers/li") << "she lives next to the hall";
  }
  v1::Shift shift_of(const v1::Visit& visit) {
    for (const auto& shift : town.all<v1::Shift>())
      if (shift.engineer() == visit.engineer() && to_instant(shift.starts_at()) <= to_instant(visit.starts_at()) &&
          to_instant(shift.ends_at()) >= to_instant(visit.ends_at()))
        return shift;
    ADD_FAILURE() << "nobody is on shift";
    return {};
  }
  void change(v1::Shift shift, Instant from, Instant to) {
    const auto before = shift;
    *shift.mutable_starts_at() = to_proto(from);
    *shift.mutable_ends_at() = to_proto(to);
    town.write([&](Command& command) -> Status {
      FIRSTFIX_CHECK(command.uow.put(shift));
      return review_shift(command, before);
    });
  }
  void retire_li() {
    town.write([](Command& command) -> Status {
      FIRSTFIX_TRY(li, command.uow.get<v1::Engineer>("engineers/li"));
      li.set_inactive(true);
      FIRSTFIX_CHECK(command.uow.put(li));
      return review_bookings(command, "engineers/li");
    });
  }

  Town town;
  Machine press{town, "press-1"};
};

TEST_F(AbsenceTest, WhoIsNotAtWorkIsReplacedAtOnce) {
  retire_li();
  const auto visit = town.only<v1::Visit>();
  EXPECT_EQ(visit.engineer(), "");
  EXPECT_THAT(visit.taken_back_reason(), HasSubstr("engineers/li is not at work")) << "and listed with the reason";
  town.advance(0s);
  EXPECT_EQ(town.open_offer().engineer(), "engineers/max");
}

TEST_F(AbsenceTest, AShiftThatEndsSoonerGivesItsVisitsToOthers) {
  const auto visit = town.only<v1::Visit>();
  const auto shift = shift_of(visit);
  change(shift, to_instant(shift.starts_at()), to_instant(visit.starts_at()) + 1s);
  EXPECT_THAT(town.only<v1::Visit>().taken_back_reason(), HasSubstr("no longer on shift"));
  town.advance(0s);
  EXPECT_EQ(town.open_offer().engineer(), "engineers/max");
}

TEST_F(AbsenceTest, AShiftThatStillHoldsItsVisitsDisturbsNobody) {
  const auto visit = town.only<v1::Visit>();
  const auto shift = shift_of(visit);
  change(shift, to_instant(visit.starts_at()), to_instant(visit.ends_at()));
  EXPECT_EQ(town.only<v1::Visit>().etag(), visit.etag());
}

TEST_F(AbsenceTest, AnothersShiftDisturbsNobody) {
  const auto visit = town.only<v1::Visit>();
  auto other = shift_of(visit);
  change(other, to_instant(visit.ends_at()) + 1h, to_instant(visit.ends_at()) + 2h);
  town.advance(0s);
  const auto moved = town.get<v1::Visit>(town.open_offer().visit());
  auto shift = town.get<v1::Shift>(other.name());
  change(shift, to_instant(shift.starts_at()) + 1min, to_instant(shift.ends_at()));
  EXPECT_EQ(town.get<v1::Visit>(moved.name()).etag(), moved.etag());
}

}  // namespace
}  // namespace firstfix::desk
