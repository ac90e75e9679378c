// Cases: opening, faults that join, visits that move them, reopening and cancelling. Closing is in closure.h.
//
// All functions are pure: they take the case as it is and return the effects, in which effects.cases.back() is the
// case as it shall be.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "casework/effects.h"
#include "firstfix/v1/fleet.pb.h"

namespace firstfix::casework {

// A fault that comes back within this time after its case was closed opens the same case again.
inline constexpr Duration kRecurrenceWindow = std::chrono::hours{24 * 14};

struct Opening {
  std::string name;  // the new case's
  const v1::Asset* asset = nullptr;
  const v1::Site* site = nullptr;          // null if the asset has none
  const v1::Customer* customer = nullptr;  // null if the site has none
  std::string summary;
  v1::Severity severity = v1::SEVERITY_MAJOR;
  Instant opened_at;  // the clock runs from here
  std::string actor;
  bool by_machine = false;  // else a person says that something is wrong: no warning
};

Effects open(const Opening& opening, Instant now);

// An episode of the case's asset became active, or was cleared, or changed. A fault that comes while the repair is
// being proven, or after the end, opens the case again with its clock still running.
Effects fault_active(const v1::Case& current, const v1::FaultEpisode& episode, Instant now);
Effects fault_cleared(const v1::Case& current, const v1::FaultEpisode& episode, Instant now);
Effects fault_changed(const v1::Case& current, const v1::FaultEpisode& episode, Instant now);

// The case goes back to the beginning of its way, with a reason. Its clock has not stopped.
void reopen(v1::Case& record, Effects& effects, std::string_view reason, std::string_view actor, Instant now);

// Sets the state, and what happens next with it; tells the timeline.
void enter(v1::Case& record, Effects& effects, v1::CaseState state, std::string_view why, std::string_view actor,
           Instant now);

Result<Effects> cancel(const v1::Case& current, std::string_view reason, std::string_view actor, Instant now);

// Planning failed or took too long: the case keeps a durable note and a timer to try again, at growing distances.
void plan_due(v1::Case& record, Effects& effects, std::string_view reason, Instant now);

bool closed(const v1::Case& record);
// Is the work done, so that only proof and confirmation are missing?
bool work_done(const v1::Case& record);
// May the case be planned (again) without disturbing a visit that somebody relies on?
bool plannable(const v1::Case& record);

std::string_view state_name(v1::CaseState state);  // "scheduled", for people

}  // namespace firstfix::casework
