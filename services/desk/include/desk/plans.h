// Plans that are made outside the transaction that takes them.
//
// A store's transactions run one after another, so nothing may think long within one. What must plan is run thus:
//
//   1. in the transaction, taking plans: there is none yet, so the transaction is given up and nothing is written (what
//      is known to plan begins with 2);
//   2. over a snapshot, making plans (see rehearsal.h);
//   3. in the transaction again: if nothing that the rehearsal read has changed, what it wrote is written. Else once
//      more, taking the plans: each is taken only if what it rests on is as it was (the case, the engineer's roster,
//      the workforce, the kit and its stock), else back to 2;
//   4. after some rounds in vain, in the transaction, putting off: the case is kept with a durable plan_due.
//
// Lives within one call of the Desk. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "planning/place.h"
#include "planning/replan.h"

namespace firstfix::desk {

// So many of a part are taken from there.
struct Taking {
  std::string part, location;
  std::uint32_t quantity = 1;
  bool operator==(const Taking&) const = default;
};

// A plan for one case, with all that it rests on.
struct Plan {
  Result<planning::Placement> placement = fail(Code::kInternal, "not planned");
  std::string case_etag;  // as it was when it was planned, what the same transaction wrote before included
  std::string site_etag;  // whose rules it keeps; empty if the place of work is not known
  std::string cause;
  std::vector<planning::SkillNeed> needs;    // what the work takes
  std::vector<planning::SkillNeed> missing;  // of those, what nobody has; if there is no placement
  std::string relaxation;                    // what would have to give then
  std::uint64_t workforce_version = 0;
  std::map<std::string, std::uint64_t> roster_versions;        // of everybody in the crew, and who is met
  std::vector<std::pair<std::string, std::string>> gives_way;  // visits that make room for it, with their etags
  std::vector<Taking> kit;  // every part that was wanted; no location if it cannot be had
};

// A better plan for a territory's days, or that there is none.
struct DayPlan {
  planning::BetterDay day;
  std::map<std::string, std::string> cases;     // of the visits that move, by visit
  std::set<std::string> agreed;                 // of those, what its engineer has agreed to
  std::map<std::string, std::string> rests_on;  // records, and rosters by engineer, with their versions
};

class Plans {
 public:
  enum class Mode { kTake, kMake, kPutOff };

  Mode mode() const { return mode_; }
  void begin(Mode mode) {
    mode_ = mode;
    missing_ = false;
  }

  // The plan for the asset's case; null if none was made.
  const Plan* find(const std::string& asset) const {
    const auto found = plans_.find(asset);
    return found == plans_.end() ? nullptr : &found->second;
  }
  const Plan& keep(const std::string& asset, Plan plan) {
    return plans_.insert_or_assign(asset, std::move(plan)).first->second;
  }

  // Likewise for a territory.
  const DayPlan* find_day(const std::string& territory) const {
    const auto found = days_.find(territory);
    return found == days_.end() ? nullptr : &found->second;
  }
  const DayPlan& keep_day(const std::string& territory, DayPlan plan) {
    return days_.insert_or_assign(territory, std::move(plan)).first->second;
  }

  // Gives the transaction up, to plan outside.
  tl::unexpected<Error> miss(const std::string& why) {
    missing_ = true;
    return fail(Code::kConflict, why);
  }
  bool missing() const { return missing_; }

 private:
  Mode mode_ = Mode::kTake;
  bool missing_ = false;
  std::map<std::string, Plan> plans_;
  std::map<std::string, DayPlan> days_;
};

}  // namespace firstfix::desk
