// What of the change log concerns one engineer.
#pragma once

#include <string>
#include <vector>

#include "api/feed.h"
#include "firstfix/v1/engineer_service.pb.h"

namespace firstfix::api {

// The language in which a principal reads: an engineer's, a contact's or its customer's; empty if none is stated.
Result<std::string> language_of(const desk::View& view, const std::string& reader);

// The open offers, with all that is needed to answer them, and the visits that are accepted and not over.
Result<std::vector<v1::StreamWorkResponse>> open_work(const desk::View& view, const std::string& engineer);

// What one log entry means to the engineer: offers made, settled or taken back, own visits, their steps, and
// deviations asked for.
Result<std::vector<v1::StreamWorkResponse>> work_changes(Feed& feed, const std::string& tenant,
                                                         const std::string& engineer, const Entry& entry);

}  // namespace firstfix::api
