// What to do about a machine that still runs but warns: watch it, check it from afar, or plan a visit before it fails.
// The action with the least expected cost. Pure and thread-safe.
#pragma once

#include <string>

#include "diagnosis/diagnose.h"

namespace firstfix::diagnosis {

enum class Action { kWatch, kRemoteCheck, kVisit };

// In one money.
struct WarningCosts {
  double failure = 2000;        // of a stop that comes unprepared: downtime, and the urgent visit
  double visit = 300;           // of a planned visit
  double remote_check = 20;     // of somebody looking from afar
  double check_accuracy = 0.8;  // 0.5 to 1: how often a look from afar tells rightly whether it will fail
};

struct Advice {
  Action action = Action::kWatch;
  double watch_cost = 0, check_cost = 0, visit_cost = 0;  // expected
  std::string reason;
};

// The probability that it fails, from the answer to whether it will: where few warnings have been learnt, a fault is
// taken for what the catalogue says that it is, as if ten had all ended in a failure.
double fails(const Answer& warning);

// `fails` is the probability that it fails within the horizon if nothing is done; a visit in time prevents that.
Advice advise(double fails, const WarningCosts& costs);

}  // namespace firstfix::diagnosis
