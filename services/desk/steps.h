// The steps of the pipeline; see pipeline.cc for their order.
#pragma once

#include "desk/pipeline.h"

namespace firstfix::desk {

Status take_faults(Work& work);
Status diagnose_cases(Work& work);
Status weigh_warnings(Work& work);
Status choose_kits(Work& work);
Status choose_engineers(Work& work);
Status offer_visits(Work& work);

// How much is done without a person.
v1::AutomationLevel level_for(const v1::Territory* territory, const v1::Diagnosis& diagnosis);
// What the diagnosis says of the draft's codes on this asset.
Result<diagnosis::Answer> answer_of(Work& work, const Draft& draft, const std::string& asset_name);
// "cases/x/diagnoses/3" after "cases/x/diagnoses/2".
std::string next_name(const std::string& case_name, std::string_view collection, const std::string& last);
// Money in the currency's units.
double units(const v1::Money& money);

}  // namespace firstfix::desk
