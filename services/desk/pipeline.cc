#include "desk/pipeline.h"

#include "steps.h"

namespace firstfix::desk {
namespace {

struct Step {
  const char* name;
  Status (*run)(Work&);
};

// The way of a fault. Each step reads and writes through the one unit of work; all of it is committed, or nothing.
constexpr Step kWay[] = {
    {"fault episodes", &take_faults},     // reports → episodes, and the cases that they open, join or reopen
    {"diagnosis", &diagnose_cases},       // codes → causes with probabilities
    {"warnings", &weigh_warnings},        // a machine that still works: watch it, look from afar, or go before it fails
    {"parts", &choose_kits},              // causes → the kit that is worth carrying
    {"planning", &choose_engineers},      // the qualified engineer who costs least; parts are reserved
    {"offer", &offer_visits},             // by automation level: propose, or offer to the engineer
    {"giving way", &plan_what_gave_way},  // what made room for a case that cannot wait is planned anew
};

}  // namespace

Status run_pipeline(Work& work) {
  for (const auto& step : kWay) {
    if (auto done = step.run(work); !done) {
      return fail(done.error().code, std::string(step.name) + ": " + done.error().message);
    }
  }
  return {};
}

Draft& Work::draft(const std::string& case_name) {
  for (auto& one : drafts)
    if (one.case_name == case_name) return one;
  drafts.push_back({.case_name = case_name});
  return drafts.back();
}

}  // namespace firstfix::desk
