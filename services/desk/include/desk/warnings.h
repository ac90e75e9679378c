// A machine that warns but still does its work: will it fail, and is that worth a visit?
#pragma once

#include "desk/pipeline.h"
#include "firstfix/v1/knowledge.pb.h"

namespace firstfix::desk {

// What is asked about the case's faults now.
Result<v1::DiagnosisQuestion> question_about(const View& view, const v1::Case& record);

// How probable a failure is, and what to do about it, as the diagnosis states it.
Status weigh_warning(Work& work, const v1::Case& record, const Seen& seen, v1::Diagnosis& diagnosis);

// A fault of a watched case has changed: a graver one is asked about again, and when all are gone the machine has to
// prove that it works.
Status watched_fault_changed(Work& work, const std::string& case_name);

// Copies what the diagnosis rests on, for learning.
void keep_seen(const v1::Diagnosis& diagnosis, v1::Outcome& outcome);

// Adds when it was asked whether the machine would fail, and what was seen then; nothing if it was not asked.
Status add_warning(const View& view, v1::Outcome& outcome);

}  // namespace firstfix::desk
