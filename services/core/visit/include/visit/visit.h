// Visits and offers: who goes, asked politely, and what happens on the way.
//
// All functions are pure. Each takes the visit and its case (and offer) as they are, refuses what the visit's state
// does not allow with the state in the message, and returns the effects; effects.cases.back() and
// effects.visits.back() are the two as they shall be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/zone.h"
#include "casework/effects.h"

namespace firstfix::visit {

inline constexpr Duration kDefaultOfferTimeout = std::chrono::minutes{15};

// A visit with the case that it serves, and the offers made to its present crew.
struct Job {
  v1::Visit visit;
  v1::Case record;
  std::vector<v1::Offer> offers;
  Zone zone;  // of the machine, in which times are said
};

// What planning decided; goes into the visit.
struct Plan {
  std::string engineer;
  Instant travel_starts_at, starts_at, ends_at;
  v1::Assignment assignment;
  std::vector<v1::CrewMember> crew;  // the engineer, as lead, first; empty: the engineer goes alone
};

// Puts the plan into the visit (a new one, or one whose engineer declined): it waits for approval.
Effects propose(const Job& job, const Plan& plan, Instant now);
// Offers the planned visit to its engineer, and to everybody else of the crew. `offer_name` names the engineer's offer;
// those to the others are "{offer_name}.2" and so on.
Result<Effects> offer(const Job& job, std::string_view offer_name, Duration timeout, std::string_view actor,
                      Instant now);

// One says yes. The visit is accepted when all have who do not only come to learn.
Result<Effects> accept(const Job& job, const v1::Offer& offer, std::string_view engineer, Instant now);
// One says no, does not answer in time, or the visit is taken back. It is left without an engineer, the offers to the
// others of the crew are taken back, and it has to be planned again; who declined or let it expire is not asked again.
// But if the one only comes to learn, the others go without.
Result<Effects> decline(const Job& job, const v1::Offer& offer, std::string_view reason, std::string_view engineer,
                        Instant now);
Effects expire(const Job& job, const v1::Offer& offer, Instant now);
Effects withdraw(const Job& job, std::string_view reason, std::string_view actor, Instant now);

// Each of a crew sets out and arrives, at their time by their own clock. The visit is on the way with the first who
// sets out, and begins when its lead is there; an expert who helps from afar does not set out, and arrives by being on
// the line. The word of setting out may come after that of arriving; it then only fills its time.
Result<Effects> travel(const Job& job, std::string_view engineer, Instant at, Instant now);
Result<Effects> arrive(const Job& job, std::string_view engineer, Instant at, Instant now);

// The lead, who is at the machine, expects to be done then: from now on, at most kFarthestEstimate ahead.
inline constexpr Duration kFarthestEstimate = std::chrono::hours{24};
Result<Effects> estimate(const Job& job, std::string_view engineer, Instant done_at, Instant now);

// The work will begin then, with the same crew: what comes before takes longer, or less long again. Nobody has set out.
Result<Effects> postpone(const Job& job, Instant travel_starts, Instant starts, std::string_view why, Instant now);

struct Completion {
  std::vector<std::string> found_causes;
  std::string work_summary;
  bool restored = true;
  Instant at;
  std::vector<std::string> at_risk;  // those of the causes found whose repair puts data at risk
};
// Refused while a mandatory step is open, and if data was at risk without a back-up in the checklist. What becomes of
// the case (proving, or a further visit) is decided by casework; here only the visit ends.
Result<Effects> complete(const Job& job, const std::vector<v1::ChecklistStep>& steps, const Completion& completion,
                         std::string_view engineer, Instant now);

Result<Effects> cancel(const Job& job, std::string_view reason, std::string_view actor, Instant now);

// Is it neither completed nor cancelled?
bool open(const v1::Visit& visit);
// Has anybody set out?
bool begun(const v1::Visit& visit);

// "on site", for people.
std::string_view state_name(v1::VisitState state);

}  // namespace firstfix::visit
