// The steps of the pipeline; see pipeline.cc for their order.
#pragma once

#include "candidates.h"
#include "desk/pipeline.h"

namespace firstfix::desk {

Status take_faults(Work& work);
Status diagnose_cases(Work& work);
Status weigh_warnings(Work& work);
Status choose_kits(Work& work);
Status choose_engineers(Work& work);
Status offer_visits(Work& work);
Status plan_what_gave_way(Work& work);

// --- parts of planning, for appointments ---
// What the case's episodes show.
Result<Seen> seen_of(const View& view, const std::string& case_name, Instant now);
// The parts to take along or to send, as the draft's case is diagnosed; not written yet.
Status choose_kit(Work& work, Draft& draft);
// The plan for the draft's case, within the draft's window. kConflict, by Plans::miss, if it has to be made outside the
// transaction first. A plan that says that nobody can is a plan too.
Result<const Plan*> plan_case(Work& work, const Draft& draft, const v1::Case& record);
// All that planning the draft's case asks of the workforce: a job, and who could do it.
Result<planning::Question> question_of(Work& work, const Draft& draft, const v1::Case& record);
// The stops of a choice, one for each of its crew; `visit` is still to be set.
std::vector<std::pair<std::string, internal::v1::RosterStop>> stops_of(const planning::Choice& choice);
// Books what was planned: parts, checklist, stops, and the visit as proposed.
Status book_planned(Work& work, Draft& draft, const v1::Case& record, const Plan& plan);

// How much is done without a person.
v1::AutomationLevel level_for(const v1::Territory* territory, const v1::Diagnosis& diagnosis);
// What the diagnosis says of the draft's codes on this asset.
Result<diagnosis::Answer> answer_of(Work& work, const Draft& draft, const std::string& asset_name);
// "cases/x/diagnoses/3" after "cases/x/diagnoses/2".
std::string next_name(const std::string& case_name, std::string_view collection, const std::string& last);
// What a second visit costs the customer; a usual one if they do not say, or are not known.
Result<double> second_visit_cost(const View& view, const std::string& customer);
// Money in the currency's units.
double units(const v1::Money& money);

}  // namespace firstfix::desk
