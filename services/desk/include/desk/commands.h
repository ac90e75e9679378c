// What people may ask for. Each runs within one unit of work; see desk.h.
#pragma once

#include <string>

#include "desk/desk.h"
#include "firstfix/v1/case.pb.h"
#include "firstfix/v1/inventory.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/visit.pb.h"
#include "firstfix/v1/workforce.pb.h"
#include "visit/appointment.h"
#include "visit/checklist.h"
#include "visit/deviation.h"
#include "visit/overruled.h"
#include "visit/visit.h"

namespace firstfix::desk {

// --- cases ---
struct ByHand {
  std::string asset, summary;
  v1::Severity severity = v1::SEVERITY_MAJOR;
  std::vector<std::string> codes;
};
Result<v1::Case> create_case(Command& command, const ByHand& wanted);
// `make_room`: what is less urgent may give way. kState for a case that can wait.
Result<v1::Case> approve_case(Command& command, const std::string& name, bool make_room = false);
Result<v1::Case> cancel_case(Command& command, const std::string& name, const std::string& reason);
// What was seen from afar on a machine that warns; if it will fail, a visit is planned.
Result<v1::Case> record_remote_check(Command& command, const std::string& name, bool will_fail,
                                     const std::string& finding);
Result<v1::Case> confirm_case(Command& command, const std::string& name, bool solved, const std::string& comment,
                              const std::string& channel);

// --- visits, as a dispatcher steers them ---
Result<v1::Visit> reassign_visit(Command& command, const std::string& name, const std::string& engineer,
                                 const std::string& reason);
Result<v1::Visit> cancel_visit(Command& command, const std::string& name, const std::string& reason);

// --- appointments ---
struct SlotSearch {
  std::string case_name;
  std::optional<Instant> earliest, latest;  // none: now; 3 days later
  std::optional<Duration> window;           // none: 2 hours
  int most = 0;                             // 0: 5; at most 20
};
// The windows that cost least, in order of time. kUnavailable with the reason if there is none. Reads only.
Result<std::vector<v1::Slot>> search_slots(Command& command, const SlotSearch& search);
Result<v1::Appointment> hold_slot(Command& command, const std::string& case_name, const visit::Window& window);
// An etag that is not empty has to be the appointment's.
Result<v1::Appointment> book_appointment(Command& command, const std::string& name, const std::string& etag);
Result<v1::Appointment> reschedule_appointment(Command& command, const std::string& name, const visit::Window& window,
                                               const std::string& etag);
Result<v1::Appointment> cancel_appointment(Command& command, const std::string& name, const std::string& reason,
                                           const std::string& etag);

// --- visits, as an engineer carries them out; `actor` is the engineer's resource name ---
Result<v1::Offer> accept_offer(Command& command, const std::string& name);
Result<v1::Offer> decline_offer(Command& command, const std::string& name, const std::string& reason);
// Who sets out or arrives but is no longer qualified gets the visit without a state: it was taken back and planned
// anew.
Result<v1::Visit> start_travel(Command& command, const std::string& name, Instant at);
Result<v1::Visit> arrive(Command& command, const std::string& name, Instant at);
// The roster's stop ends then, and who waits for the engineer next is told if it is news.
Result<v1::Visit> estimate_completion(Command& command, const std::string& name, Instant done_at);
Result<v1::ChecklistStep> complete_step(Command& command, const std::string& name, const v1::Evidence& evidence);
// Returns the whole checklist, in the order of work.
Result<std::vector<v1::ChecklistStep>> add_repair(Command& command, const std::string& visit, const std::string& cause);
Result<internal::v1::UsedParts> record_parts(Command& command, const std::string& visit,
                                             const internal::v1::UsedParts& parts);
// What is asked, with the step, the last deviation and the signature's facts still to be looked up; `signature` is a
// blob's name, or empty.
Result<v1::Deviation> request_deviation(Command& command, visit::DeviationRequest request,
                                        const std::string& signature);
Result<v1::Visit> complete_visit(Command& command, const std::string& name, visit::Completion completion);

// --- deviations, as a lead or the customer decides them ---
Result<v1::Deviation> decide_deviation(Command& command, const std::string& name,
                                       const visit::DeviationDecision& decision);

// --- knowledge and stock ---
Result<v1::Outcome> correct_outcome(Command& command, const v1::Outcome& wanted);
Result<v1::StockLine> set_stock(Command& command, const std::string& location, const std::string& part,
                                std::uint32_t on_hand);

// --- shared ---
// The visit with its case.
Result<visit::Job> job_of(const View& view, const std::string& visit);
// The steps of a visit, in the order of work.
Result<std::vector<v1::ChecklistStep>> steps_of(const View& view, const std::string& visit);
// Runs the pipeline for one case, from diagnosis on.
Status replan(Command& command, const std::string& case_name, bool forced);
// A visit without its crew: gives the reserved parts back, takes the stops off the rosters, and takes back what an
// engineer was still waiting for.
Status release_visit(UnitOfWork& uow, const v1::Visit& visit);
// An offer was declined or has expired, with these effects: the visit is planned anew, or the others go without.
Status not_taken(Command& command, const visit::Job& job, const v1::Offer& offer, Effects effects);
// Takes back the deviations that an engineer on the visit still waits for.
Status withdraw_deviations(UnitOfWork& uow, const std::string& visit, std::string_view why);
// The blobs as they are kept, and what each proves already.
Result<std::vector<visit::Proof>> proofs_of(const View& view, const std::vector<std::string>& blobs);
// Opens a case for what a step on a case's visit has left to do, and plans it. The step keeps its name.
Status open_follow_up(Command& command, const v1::Case& from, const std::string& step, const v1::FollowUp& wanted);
// The offer by which the visit was the actor's until it was taken back, for what was done at that time without having
// heard of it; none if the visit is the actor's now, or never was. kState with the reason for what happens now: who has
// a connection is told.
Result<std::optional<v1::Offer>> taken_back_from(const Command& command, const v1::Visit& visit, Instant at);
// What the visit's engineer said was used.
Result<internal::v1::UsedParts> used_on(const View& view, const std::string& visit);

}  // namespace firstfix::desk
