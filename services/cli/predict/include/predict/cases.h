// Cases and predictions as JSON, one object a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "diagnosis/diagnose.h"
#include "learning/history.h"

namespace firstfix::predict {

struct Case {
  std::string id;
  bool warning = false;  // it still runs; otherwise it has stopped
  Instant as_of;
  learning::Machine machine;  // of which nothing after as_of is kept
};

// kInvalid says which field is wrong.
Result<Case> parse_case(std::string_view line);

struct Prediction {
  std::string case_id;
  diagnosis::Answer answer;
  std::vector<std::string> kit;
};

// One line without its end. Probabilities below one in a million are left out.
std::string to_json(const Prediction& prediction);

}  // namespace firstfix::predict
