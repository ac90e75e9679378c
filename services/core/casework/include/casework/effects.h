// What a decision of the core writes and sets. The desk applies all of it in one transaction, or none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "firstfix/internal/v1/records.pb.h"
#include "firstfix/v1/appointment.pb.h"
#include "firstfix/v1/case.pb.h"
#include "firstfix/v1/visit.pb.h"

namespace firstfix {

inline constexpr std::string_view kFirstFix = "firstfix";  // the actor of automatic decisions

// A timer to set (due), or to take away (no due).
struct TimerChange {
  internal::v1::TimerKind kind{};
  std::string subject;   // the resource that it is about
  Instant due = kNever;  // kNever takes the timer away
};

// Resources as they shall be after the commit. Applied in this order; a resource named twice ends as its last version.
struct Effects {
  std::vector<v1::FaultEpisode> episodes;
  std::vector<v1::Case> cases;
  std::vector<v1::Visit> visits;
  std::vector<v1::Offer> offers;
  std::vector<v1::ChecklistStep> steps;
  std::vector<v1::StepEvidence> evidence;
  std::vector<v1::Deviation> deviations;
  std::vector<v1::OverruledWork> overruled;
  std::vector<v1::Appointment> appointments;
  std::vector<v1::TimelineEntry> timeline;
  std::vector<TimerChange> timers;
};

// Adds one line to the case's story: numbers it in `record`, which the caller puts into the effects afterwards.
void tell(v1::Case& record, Effects& effects, v1::TimelineKind kind, std::string text, std::string_view actor,
          std::string_view subject, Instant now);

}  // namespace firstfix
