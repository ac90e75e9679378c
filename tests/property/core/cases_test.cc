// Whatever happens to a case, in whatever order: it keeps its story, an owner, a next action and an end that fits.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "casework/case.h"
#include "casework/closure.h"
#include "casework/convert.h"
#include "support/fakes.h"

namespace firstfix::casework {
namespace {

using namespace std::chrono_literals;

enum class Happening {
  kFault,
  kCleared,
  kGraver,
  kWorkDone,
  kWorks,
  kStands,
  kVanishes,
  kSolved,
  kDenied,
  kReminder,
  kPlanDue,
  kCancelled
};

class Life {
 public:
  Life() {
    asset_.set_name("assets/a");
    keep(open({"cases/1", &asset_, nullptr, nullptr, "it hums", v1::SEVERITY_MAJOR, now_, "firstfix"}, now_));
    device_.set_epoch(1);
    device_.set_connected(true);
  }

  void happens(Happening what) {
    now_ = now_ + 20min;
    switch (what) {
      case Happening::kFault:
        return keep(fault_active(record, episode_, now_));
      case Happening::kCleared:
        return keep(fault_cleared(record, episode_, now_));
      case Happening::kGraver:
        episode_.set_severity(v1::SEVERITY_CRITICAL);
        return keep(fault_changed(record, episode_, now_));
      case Happening::kWorkDone:
        if (closed(record) || work_done(record)) return;  // no visit is under way
        return keep(
            work_done_on(record, nullptr, *rc::gen::arbitrary<bool>() ? &device_ : nullptr, "engineers/li", now_));
      case Happening::kWorks:
        device_.set_connected(true);
        device_.set_working(true);
        device_.set_operating_s(device_.operating_s() + 1200);
        return keep(machine_reported(record, device_, now_, now_));
      case Happening::kStands:
        device_.set_working(false);
        return keep(machine_reported(record, device_, now_, now_));
      case Happening::kVanishes:
        device_.set_connected(false);
        device_.set_working(false);
        return keep(machine_reported(record, device_, now_, now_));
      case Happening::kSolved:
        return keep(customer_says(record, true, "", "contacts/ann", now_));
      case Happening::kDenied:
        return keep(customer_says(record, false, "no", "contacts/ann", now_));
      case Happening::kReminder:
        return keep(reminder_due(record, now_));
      case Happening::kPlanDue: {
        if (!plannable(record)) return;
        Effects effects;
        auto again = record;
        plan_due(again, effects, "nobody", now_);
        effects.cases.push_back(again);
        return keep(effects);
      }
      case Happening::kCancelled:
        return keep(cancel(record, "sold", "dispatch/ann", now_));
    }
  }

  v1::Case record;
  std::vector<std::string> story;

 private:
  void keep(const Effects& effects) {
    record = effects.cases.back();
    for (const auto& entry : effects.timeline) story.push_back(entry.name());
  }
  template <class MaybeEffects>
  void keep(const MaybeEffects& effects) {
    if (effects) keep(*effects);
  }

  Instant now_ = testing::kMorning;
  v1::Asset asset_;
  v1::Device device_;
  v1::FaultEpisode episode_;
};

RC_GTEST_PROP(Cases, HangTogetherWhateverHappens, ()) {
  Life life;
  const auto happenings = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12));
  for (const int one : happenings) {
    const auto before = life.record;
    life.happens(static_cast<Happening>(one));
    const auto& record = life.record;

    RC_ASSERT(record.timeline_count() == life.story.size());
    RC_ASSERT(record.opened_at().seconds() == before.opened_at().seconds());  // the clock runs on
    RC_ASSERT(record.active_episode_count() <= record.episode_count());
    RC_ASSERT(!record.owner().empty());
    if (closed(record)) {
      RC_ASSERT(record.resolution() != v1::CASE_RESOLUTION_UNSPECIFIED);
      RC_ASSERT(record.has_closed_at());
      RC_ASSERT(record.next_action().empty());
    } else {
      RC_ASSERT(record.resolution() == v1::CASE_RESOLUTION_UNSPECIFIED);
      RC_ASSERT(!record.has_closed_at());
      RC_ASSERT(!record.next_action().empty());
      RC_ASSERT(record.has_next_action_at());
    }
    if (record.resolution() == v1::CASE_RESOLUTION_CONFIRMED) {
      RC_ASSERT(record.confirmation().state() == v1::CONFIRMATION_STATE_CONFIRMED);
      RC_ASSERT(record.has_proven_at());
    }
    if (record.has_proven_at() && !record.proving().without_telemetry())
      RC_ASSERT(to_duration(record.proving().worked()) >= to_duration(record.proving().required()));
  }
  for (std::size_t i = 0; i < life.story.size(); ++i) {
    const auto number = std::to_string(i);
    RC_ASSERT(life.story[i] == "cases/1/timeline/" + std::string(12 - number.size(), '0') + number);
  }
}

}  // namespace
}  // namespace firstfix::casework
