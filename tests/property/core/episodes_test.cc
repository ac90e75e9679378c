// Whatever a machine says, and however often it says it: what follows is the same, and hangs together.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "casework/convert.h"
#include "casework/episode.h"
#include "support/fakes.h"

namespace firstfix::casework {
namespace {

using namespace std::chrono_literals;

struct Said {
  v1::FaultChangeKind kind{};
  int after_s = 0;  // since what was said before
  std::uint32_t count = 0;
  bool red = false;
};

rc::Gen<std::vector<Said>> any_story() {
  return rc::gen::container<std::vector<Said>>(rc::gen::build<Said>(
      rc::gen::set(&Said::kind, rc::gen::element(v1::FAULT_CHANGE_KIND_ACTIVE, v1::FAULT_CHANGE_KIND_UPDATED,
                                                 v1::FAULT_CHANGE_KIND_CLEARED, v1::FAULT_CHANGE_KIND_CLEARED)),
      rc::gen::set(&Said::after_s, rc::gen::inRange(0, 30)), rc::gen::set(&Said::count, rc::gen::inRange(0u, 4u)),
      rc::gen::set(&Said::red)));
}

// One code of one machine, with its timers fired in time.
class Machine {
 public:
  explicit Machine(const v1::FaultCode& code) : code_(code) {}

  void say(const Said& said) {
    pass(now_ + std::chrono::seconds{said.after_s});
    v1::FaultChange change;
    change.set_kind(said.kind);
    change.set_code("x");
    change.set_occurrence_count(said.count);
    change.mutable_lamps()->set_red_stop(said.red);
    std::optional<v1::FaultEpisode> current;
    if (!episodes.empty() && episodes.back().state() != v1::EPISODE_STATE_CLEARED) current = episodes.back();
    const Report report{.asset = "assets/a",
                        .device = "d",
                        .epoch = 1,
                        .sequence = 1,
                        .occurred_at = now_,
                        .received_at = now_,
                        .code = &code_,
                        .new_episode = "episodes/" + std::to_string(episodes.size())};
    keep(on_report(current, change, report, now_));
  }
  // Lets time pass until `t`, with every timer at its own time.
  void pass(Instant t) {
    while (due_.due <= t) {
      now_ = std::max(now_, due_.due);
      const auto timer = std::exchange(due_, {});
      keep(on_delay_passed(episodes.back(), timer.kind, now_));
    }
    now_ = std::max(now_, t);
  }

  std::vector<v1::FaultEpisode> episodes;
  int opened = 0, ended = 0;  // what casework is told

 private:
  void keep(const EpisodeDecision& decision) {
    for (const auto& timer : decision.timers) due_ = timer;
    if (decision.event == EpisodeEvent::kNothing) return;
    if (decision.event == EpisodeEvent::kActive) ++opened;
    if (decision.event == EpisodeEvent::kCleared && decision.episode.rule().find("on-delay") == std::string::npos)
      ++ended;
    if (episodes.empty() || episodes.back().name() != decision.episode.name())
      episodes.push_back(decision.episode);
    else
      episodes.back() = decision.episode;
  }

  const v1::FaultCode& code_;
  Instant now_ = testing::kMorning;
  TimerChange due_{};  // the one that is set, if any
};

v1::FaultCode any_code() {
  v1::FaultCode code;
  code.mutable_on_delay()->set_seconds(*rc::gen::element(0, 0, 5, 20));
  code.mutable_off_delay()->set_seconds(*rc::gen::element(0, 5, 10, 60));
  return code;
}

std::string told(const std::vector<v1::FaultEpisode>& episodes) {
  std::string out;
  for (const auto& episode : episodes) out += episode.ShortDebugString() + "\n";
  return out;
}

RC_GTEST_PROP(Episodes, AreTheSameHoweverOftenEachThingIsSaid, ()) {
  const auto code = any_code();
  Machine once(code), often(code);
  for (const auto& said : *any_story()) {
    once.say(said);
    often.say(said);
    auto again = said;
    again.after_s = 0;
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) often.say(again);
  }
  RC_ASSERT(told(once.episodes) == told(often.episodes));
}

RC_GTEST_PROP(Episodes, NeverOverlapAndHangTogether, ()) {
  const auto code = any_code();
  Machine machine(code);
  for (const auto& said : *any_story()) {
    machine.say(said);
    RC_ASSERT(machine.opened - machine.ended <= 1);
    RC_ASSERT(machine.opened - machine.ended >= 0);
  }
  for (std::size_t i = 0; i < machine.episodes.size(); ++i) {
    const auto& episode = machine.episodes[i];
    const bool over = episode.state() == v1::EPISODE_STATE_CLEARED;
    RC_ASSERT(over || i + 1 == machine.episodes.size());
    RC_ASSERT(!over || episode.has_cleared_at());
    if (over) RC_ASSERT(to_instant(episode.raised_at()) <= to_instant(episode.cleared_at()));
    if (i > 0) RC_ASSERT(to_instant(machine.episodes[i - 1].cleared_at()) <= to_instant(episode.raised_at()));
    RC_ASSERT(episode.raise_count() >= 1u);
  }
}

RC_GTEST_PROP(Episodes, EndOnceTheMachineIsWellForLongEnough, ()) {
  const auto code = any_code();
  Machine machine(code);
  for (const auto& said : *any_story()) machine.say(said);
  machine.say({v1::FAULT_CHANGE_KIND_CLEARED, 1, 0, false});
  machine.pass(testing::kMorning + 24h * 365);
  RC_ASSERT(machine.opened == machine.ended);
}

}  // namespace
}  // namespace firstfix::casework
