// Fault episodes: what a device reports, from active to cleared, after ISA-18.2.
#include "casework/episode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "casework/convert.h"
#include "support/fakes.h"

namespace firstfix::casework {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Instant kNoon = testing::kMorning;

// One fault code of one machine, seen from the core: says what the device says, keeps the open episode.
class EpisodeTest : public ::testing::Test {
 protected:
  EpisodeEvent report(v1::FaultChangeKind kind, Duration after,
                      const std::function<void(v1::FaultChange&)>& more = {}) {
    v1::FaultChange change;
    change.set_kind(kind);
    change.set_code("j1939-100-1");
    change.set_component("sa-0");
    if (more) more(change);
    const Instant at = kNoon + after;
    const auto decision =
        on_report(episode, change, {"assets/press", "dev", 7, ++sequence, at, at, code, "episodes/new"}, at);
    return keep(decision);
  }
  EpisodeEvent active(Duration after, const std::function<void(v1::FaultChange&)>& more = {}) {
    return report(v1::FAULT_CHANGE_KIND_ACTIVE, after, more);
  }
  EpisodeEvent cleared(Duration after) { return report(v1::FAULT_CHANGE_KIND_CLEARED, after); }
  EpisodeEvent timer(internal::v1::TimerKind kind, Duration after) {
    return keep(on_delay_passed(*episode, kind, kNoon + after));
  }

  // The last timer that was set or taken away; kNever for the latter.
  Instant due() const { return timers.empty() ? kNever : timers.back().due; }

  v1::FaultCode catalogued;
  const v1::FaultCode* code = nullptr;
  std::optional<v1::FaultEpisode> episode;
  std::vector<TimerChange> timers;
  std::uint64_t sequence = 0;

 private:
  EpisodeEvent keep(const EpisodeDecision& decision) {
    timers = decision.timers;
    if (decision.event != EpisodeEvent::kNothing) episode = decision.episode;
    return decision.event;
  }
};

TEST_F(EpisodeTest, KeepsTheNumbersOfTheMomentInWhichItWasRaised) {
  const auto with = [](double bar) { return [bar](v1::FaultChange& c) { (*c.mutable_readings())["oil_bar"] = bar; }; };
  active(0s, with(1.2));
  EXPECT_EQ(active(1min, with(1.4)), EpisodeEvent::kNothing) << "what it measures later is no freeze frame";
  EXPECT_EQ(episode->readings().at("oil_bar"), 1.2);
  cleared(2min);
  active(2min + 1s, with(0.9));
  EXPECT_EQ(episode->readings().at("oil_bar"), 0.9) << "raised again";
}

TEST_F(EpisodeTest, TakesNumbersThatComeAfterTheCode) {
  active(0s);
  EXPECT_EQ(active(1s, [](auto& c) { (*c.mutable_readings())["oil_bar"] = 1.2; }), EpisodeEvent::kChanged);
  EXPECT_EQ(episode->readings().at("oil_bar"), 1.2);
}

TEST_F(EpisodeTest, AFaultBeginsAnEpisodeThatRemembersWhereItCameFrom) {
  EXPECT_EQ(active(0s), EpisodeEvent::kActive);
  EXPECT_EQ(episode->name(), "episodes/new");
  EXPECT_EQ(episode->asset(), "assets/press");
  EXPECT_EQ(episode->device(), "dev");
  EXPECT_EQ(episode->epoch(), 7u);
  EXPECT_EQ(episode->sequence(), 1u);
  EXPECT_EQ(to_instant(episode->raised_at()), kNoon);
  EXPECT_EQ(episode->raise_count(), 1u);
  EXPECT_THAT(episode->rule(), HasSubstr("not in the catalogue"));
}

TEST_F(EpisodeTest, TheSameReportTwiceChangesNothing) {
  active(0s, [](auto& c) { c.set_occurrence_count(3); });
  const auto before = episode->SerializeAsString();
  EXPECT_EQ(active(1s, [](auto& c) { c.set_occurrence_count(3); }), EpisodeEvent::kNothing);
  EXPECT_EQ(episode->SerializeAsString(), before);
}

TEST_F(EpisodeTest, AnUpdateChangesTheEpisodeAndIsNoRecurrence) {
  active(0s, [](auto& c) { c.set_occurrence_count(3); });
  EXPECT_EQ(report(v1::FAULT_CHANGE_KIND_UPDATED, 5s, [](auto& c) { c.set_occurrence_count(4); }),
            EpisodeEvent::kChanged);
  EXPECT_EQ(episode->occurrence_count(), 4u);
  EXPECT_EQ(episode->raise_count(), 1u);
  EXPECT_EQ(to_instant(episode->changed_at()), kNoon + 5s);
  EXPECT_EQ(to_instant(episode->raised_at()), kNoon);
}

TEST_F(EpisodeTest, AnUpdateOfAFaultThatWeNeverHeardOfBeginsIt) {
  // The ACTIVE was lost with a spool; the fault is there all the same.
  EXPECT_EQ(report(v1::FAULT_CHANGE_KIND_UPDATED, 0s), EpisodeEvent::kActive);
}

TEST_F(EpisodeTest, AClearedOfAFaultThatIsNotThereIsNothing) {
  EXPECT_EQ(cleared(0s), EpisodeEvent::kNothing);
  EXPECT_FALSE(episode);
}

TEST_F(EpisodeTest, AMissingClearedMeansStillActive) {
  active(0s);
  EXPECT_EQ(timer(internal::v1::TIMER_KIND_EPISODE_OFF, 24h * 365), EpisodeEvent::kNothing);
  EXPECT_EQ(episode->state(), v1::EPISODE_STATE_ACTIVE);
}

TEST_F(EpisodeTest, ItEndsWhenItWasClearedForTheOffDelay) {
  active(0s);
  EXPECT_EQ(cleared(60s), EpisodeEvent::kClearing);
  EXPECT_EQ(due(), kNoon + 60s + kDefaultOffDelay);
  EXPECT_EQ(timer(internal::v1::TIMER_KIND_EPISODE_OFF, 70s), EpisodeEvent::kCleared);
  EXPECT_EQ(to_instant(episode->cleared_at()), kNoon + 60s)
      << "it was over when it was reported, not when we believed it";
}

TEST_F(EpisodeTest, ChatteringIsLatchedInOneEpisode) {
  active(0s);
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(cleared(i * 10s), EpisodeEvent::kClearing);
    EXPECT_EQ(active(i * 10s + 5s), EpisodeEvent::kChanged);
    EXPECT_EQ(due(), kNever) << "the off-delay's timer is taken away";
  }
  EXPECT_EQ(episode->state(), v1::EPISODE_STATE_ACTIVE);
  EXPECT_EQ(episode->raise_count(), 6u);
  EXPECT_EQ(timer(internal::v1::TIMER_KIND_EPISODE_OFF, 1h), EpisodeEvent::kNothing) << "a late timer does nothing";
}

TEST_F(EpisodeTest, ARecurrenceAfterTheOffDelayIsAnEpisodeOfItsOwn) {
  active(0s);
  cleared(60s);
  timer(internal::v1::TIMER_KIND_EPISODE_OFF, 70s);
  EXPECT_EQ(active(80s), EpisodeEvent::kActive);
  EXPECT_EQ(episode->raise_count(), 1u);
  EXPECT_EQ(to_instant(episode->raised_at()), kNoon + 80s);
}

TEST_F(EpisodeTest, TheCataloguesOffDelayCounts) {
  code = &catalogued;
  *catalogued.mutable_off_delay() = to_proto(Duration{5min});
  active(0s);
  cleared(60s);
  EXPECT_EQ(due(), kNoon + 6min);
}

TEST_F(EpisodeTest, WithoutAnOffDelayItEndsAtOnce) {
  code = &catalogued;
  *catalogued.mutable_off_delay() = to_proto(Duration{0});
  active(0s);
  EXPECT_EQ(cleared(60s), EpisodeEvent::kCleared);
}

// A device that was offline tells late what happened early. It must come to the same as if it had told it at once.
TEST_F(EpisodeTest, AClearedThatComesLateWaitsForWhatTheDeviceMayStillTell) {
  active(0s);
  v1::FaultChange change;
  change.set_kind(v1::FAULT_CHANGE_KIND_CLEARED);
  change.set_code("j1939-100-1");
  const auto late =
      on_report(episode, change, {"assets/press", "dev", 7, 2, kNoon + 60s, kNoon + 1h, nullptr, ""}, kNoon + 1h);
  EXPECT_EQ(late.event, EpisodeEvent::kClearing);
  EXPECT_EQ(late.timers.back().due, kNoon + 1h + kDefaultOffDelay);
  EXPECT_EQ(to_instant(late.episode.cleared_at()), kNoon + 60s);
}

TEST_F(EpisodeTest, ADelayIsOverdueByTheDevicesOwnTime) {
  code = &catalogued;
  *catalogued.mutable_on_delay() = to_proto(Duration{30s});
  active(0s);
  EXPECT_EQ(overdue(*episode, code, kNoon + 29s), internal::v1::TIMER_KIND_UNSPECIFIED);
  EXPECT_EQ(overdue(*episode, code, kNoon + 30s), internal::v1::TIMER_KIND_EPISODE_ON);
  timer(internal::v1::TIMER_KIND_EPISODE_ON, 30s);
  EXPECT_EQ(overdue(*episode, code, kNoon + 24h), internal::v1::TIMER_KIND_UNSPECIFIED);
  cleared(60s);
  EXPECT_EQ(overdue(*episode, code, kNoon + 69s), internal::v1::TIMER_KIND_UNSPECIFIED);
  EXPECT_EQ(overdue(*episode, code, kNoon + 70s), internal::v1::TIMER_KIND_EPISODE_OFF);
}

TEST_F(EpisodeTest, ShorterThanItsOnDelayItIsNoAlarm) {
  code = &catalogued;
  *catalogued.mutable_on_delay() = to_proto(Duration{30s});
  EXPECT_EQ(active(0s), EpisodeEvent::kPending);
  EXPECT_EQ(due(), kNoon + 30s);
  EXPECT_EQ(cleared(20s), EpisodeEvent::kCleared);
  EXPECT_EQ(due(), kNever);
  EXPECT_THAT(episode->rule(), HasSubstr("on-delay"));
  EXPECT_THAT(episode->case_name(), IsEmpty());
}

TEST_F(EpisodeTest, LongerThanItsOnDelayItIsAnAlarm) {
  code = &catalogued;
  *catalogued.mutable_on_delay() = to_proto(Duration{30s});
  active(0s);
  EXPECT_EQ(active(10s), EpisodeEvent::kNothing);
  EXPECT_EQ(timer(internal::v1::TIMER_KIND_EPISODE_ON, 30s), EpisodeEvent::kActive);
  EXPECT_EQ(to_instant(episode->raised_at()), kNoon) << "it began when it was first seen";
}

TEST(Operation, CountsAreFiniteAndOfThisWorld) {
  v1::OperationReport report;
  report.set_operating_s(86'400.5);
  report.set_engine_hours(12'000);
  EXPECT_TRUE(validate(report));
  for (const double wrong : {-1.0, 1e300, std::numeric_limits<double>::infinity(), std::nan("")}) {
    report.set_operating_s(wrong);
    EXPECT_FALSE(validate(report)) << wrong;
    report.set_operating_s(1);
    report.set_engine_hours(wrong);
    EXPECT_FALSE(validate(report)) << wrong;
    report.clear_engine_hours();
  }
}

TEST_F(EpisodeTest, EventsAndOperatorActionsAreRecordedAndNeverOpen) {
  code = &catalogued;
  for (const auto& [alarm_class, rule] : {std::pair{v1::ALARM_CLASS_EVENT, "catalogue: event"},
                                          std::pair{v1::ALARM_CLASS_OPERATOR_ACTION, "catalogue: operator action"}}) {
    episode.reset();
    catalogued.set_alarm_class(alarm_class);
    catalogued.set_severity(v1::SEVERITY_CRITICAL);
    EXPECT_EQ(active(0s), EpisodeEvent::kRecorded);
    EXPECT_EQ(episode->state(), v1::EPISODE_STATE_CLEARED);
    EXPECT_EQ(episode->rule(), rule);
    EXPECT_FALSE(wants_case(*episode, code));
  }
}

TEST_F(EpisodeTest, SeverityFallsAsWellAsRises) {
  active(0s, [](auto& c) { c.mutable_lamps()->set_amber_warning(true); });
  EXPECT_EQ(episode->severity(), v1::SEVERITY_MAJOR);
  EXPECT_EQ(active(1s, [](auto& c) { c.mutable_lamps()->set_red_stop(true); }), EpisodeEvent::kChanged);
  EXPECT_EQ(episode->severity(), v1::SEVERITY_CRITICAL);
  EXPECT_EQ(active(2s, [](auto& c) { c.mutable_lamps(); }), EpisodeEvent::kChanged);
  EXPECT_EQ(episode->severity(), v1::SEVERITY_MINOR);
}

TEST(Severity, IsTheCataloguesButARedLampIsAlwaysAtLeastCritical) {
  v1::FaultCode code;
  v1::Lamps red, amber;
  red.set_red_stop(true);
  amber.set_amber_warning(true);
  EXPECT_EQ(severity_of(nullptr, {}), v1::SEVERITY_MINOR);
  EXPECT_EQ(severity_of(nullptr, amber), v1::SEVERITY_MAJOR);
  EXPECT_EQ(severity_of(nullptr, red), v1::SEVERITY_CRITICAL);
  code.set_severity(v1::SEVERITY_MINOR);
  EXPECT_EQ(severity_of(&code, amber), v1::SEVERITY_MINOR);
  EXPECT_EQ(severity_of(&code, red), v1::SEVERITY_CRITICAL);
  code.set_severity(v1::SEVERITY_HAZARD);
  EXPECT_EQ(severity_of(&code, red), v1::SEVERITY_HAZARD);
}

TEST(Severity, ForTheRecordOnlyOpensNoCase) {
  v1::FaultCode code;
  v1::FaultEpisode episode;
  episode.set_severity(v1::SEVERITY_INFORMATION);
  EXPECT_FALSE(wants_case(episode, &code));
  episode.set_severity(v1::SEVERITY_MINOR);
  EXPECT_TRUE(wants_case(episode, &code));
  EXPECT_TRUE(wants_case(episode, nullptr)) << "a code that the catalogue does not know is a fault all the same";
}

TEST(DeviceTime, IsPutRightByTheMeasuredOffset) {
  bool put_right = true;
  EXPECT_EQ(corrected(kNoon + 1h, 1h, kNoon + 2s, &put_right), kNoon);
  EXPECT_FALSE(put_right);
}

TEST(DeviceTime, ADelayOnTheWayIsNotTakenForAClockThatIsBehind) {
  EXPECT_EQ(measured_offset(std::nullopt, -3h, 0s), -3h) << "all that is known";
  EXPECT_EQ(measured_offset(0s, 1h, 10s), 1h) << "no delay makes a clock run ahead";
  EXPECT_EQ(measured_offset(0s, -3h, 3h), -108s) << "the broker kept it for three hours";
  EXPECT_EQ(measured_offset(0s, -1h, 200h), -1h) << "but a clock that stays behind is believed in the end";
}

TEST(DeviceTime, ThatCannotBeIsWhenWeHeardOfIt) {
  for (const Duration wrong : {Duration{1s}, Duration{24h * 365 * 50}, -Duration{24h * 366}}) {
    bool put_right = false;
    EXPECT_EQ(corrected(kNoon + wrong, Duration{0}, kNoon, &put_right), kNoon);
    EXPECT_TRUE(put_right);
  }
}

TEST(FaultChange, IsRefusedWithItsField) {
  const auto problem = [](const std::function<void(v1::FaultChange&)>& spoil) {
    v1::FaultChange change;
    change.set_kind(v1::FAULT_CHANGE_KIND_ACTIVE);
    change.set_code("j1939-100-1");
    spoil(change);
    const auto outcome = validate(change);
    return outcome ? std::string() : outcome.error().message;
  };
  EXPECT_THAT(problem([](auto&) {}), IsEmpty());
  EXPECT_THAT(problem([](auto& c) { c.clear_kind(); }), HasSubstr("kind"));
  EXPECT_THAT(problem([](auto& c) { c.set_kind(static_cast<v1::FaultChangeKind>(99)); }), HasSubstr("kind"));
  EXPECT_THAT(problem([](auto& c) { c.clear_code(); }), HasSubstr("code"));
  EXPECT_THAT(problem([](auto& c) { c.set_code("P0301"); }), HasSubstr("code")) << "not canonical";
  EXPECT_THAT(problem([](auto& c) { c.set_code(std::string(65, 'a')); }), HasSubstr("code"));
  EXPECT_THAT(problem([](auto& c) { c.set_component(std::string(33, 'a')); }), HasSubstr("component"));
  EXPECT_THAT(problem([](auto& c) { c.set_text(std::string(501, 'a')); }), HasSubstr("text"));
  EXPECT_THAT(problem([](auto& c) { (*c.mutable_readings())["x"] = NAN; }), HasSubstr("readings"));
  EXPECT_THAT(problem([](auto& c) {
                for (int i = 0; i < 33; ++i) (*c.mutable_readings())[std::to_string(i)] = 1;
              }),
              HasSubstr("readings"));
  EXPECT_THAT(problem([](auto& c) { c.mutable_j1939()->set_spn(524288); }), HasSubstr("j1939"));
  EXPECT_THAT(problem([](auto& c) { c.mutable_j1939()->set_fmi(32); }), HasSubstr("j1939"));
}

}  // namespace
}  // namespace firstfix::casework
