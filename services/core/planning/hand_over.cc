#include "hand_over.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "errand.h"
#include "state.h"
#include "to_plan.h"

namespace firstfix::planning {
namespace {

constexpr std::size_t kMostJobs = 100;     // that colleagues are asked for
constexpr std::size_t kMostMeetings = 12;  // that are looked at for one job, the nearest to it
constexpr std::size_t kMostOffers = 40;    // with one of each colleague, for parts that no one of them has all of

const Route* day_of(const Plan& plan, int engineer) {
  const auto found = std::find_if(plan.routes.begin(), plan.routes.end(),
                                  [&](const Route& route) { return route.engineer == engineer; });
  return found == plan.routes.end() ? nullptr : &*found;
}

// When the engineer starts a job in the plan; nothing if that is somebody else's.
std::optional<Seconds> start_of(const Plan& plan, int engineer, int job) {
  const auto* day = day_of(plan, engineer);
  if (day == nullptr) return std::nullopt;
  for (const auto& stop : day->stops)
    if (stop.kind == Stop::Kind::kJob && stop.what == job) return stop.start;
  return std::nullopt;
}

void add(std::vector<int>& sums, const std::vector<int>& more, int times = 1) {
  sums.resize(std::max(sums.size(), more.size()));
  for (std::size_t k = 0; k < more.size(); ++k) sums[k] += times * more[k];
}

// A depot that is open while the colleague, who began the job at `starts`, is at it.
Depot meeting_place(const Problem& p, int job, Seconds starts, std::vector<int> parts) {
  const auto& there = p.jobs[at(job)];
  return {.id = kNone,
          .place = there.place,
          .stock = std::move(parts),
          .pickup = p.hand_over,
          .open = {starts, starts + there.service - p.hand_over}};
}

// The job stays where it is, since somebody comes there.
void fix(Problem& p, int job, int engineer, Seconds start) {
  p.jobs[at(job)].fixed_engineer = engineer;
  p.jobs[at(job)].fixed_start = start;
}

// What the van holds that none of the day's jobs take out of it.
std::vector<int> left_in_van(const Problem& p, const Route& day) {
  std::vector<int> taken;
  for (const auto& stop : day.stops) {
    if (stop.kind == Stop::Kind::kJob) add(taken, p.jobs[at(stop.what)].parts);
    if (stop.kind == Stop::Kind::kPickup) add(taken, stop.parts, -1);
  }
  auto left = p.engineers[at(day.engineer)].van_stock;
  left.resize(at(p.part_count));
  for (std::size_t k = 0; k < left.size() && k < taken.size(); ++k) left[k] -= std::max(0, taken[k]);
  return left;
}

// Of what is needed, what is there.
std::vector<int> part_of(const std::vector<int>& needs, const std::vector<int>& stock) {
  auto out = needs;
  for (std::size_t k = 0; k < needs.size(); ++k) out[k] = std::clamp(k < stock.size() ? stock[k] : 0, 0, needs[k]);
  return out;
}

// Where a colleague may be met, who has some or all of what a job needs.
struct Offer {
  Met::Meeting meeting;
  Seconds starts = 0;
  std::vector<int> parts;
  bool all = false;
};

int lender(const Problem& p, const Offer& offer) {
  return person(p, offer.meeting.colleague);
}

bool may_wait_there(const Problem& p, const Stop& stop) {
  if (stop.kind != Stop::Kind::kJob) return false;
  const auto& there = p.jobs[at(stop.what)];
  return there.crew == 1 && !there.supervised && there.service >= p.hand_over &&
         stop.start + there.service - p.hand_over >= p.now;
}

std::vector<Offer> offers_for(const Problem& p, const Plan& plan, int job) {
  const auto& wanting = p.jobs[at(job)];
  std::vector<Offer> out;
  for (const auto& day : plan.routes) {
    const auto parts = part_of(wanting.parts, left_in_van(p, day));
    if (std::all_of(parts.begin(), parts.end(), [](int n) { return n == 0; })) continue;
    for (const auto& stop : day.stops)
      if (may_wait_there(p, stop))
        out.push_back({{day.engineer, stop.what}, stop.start, parts, parts == wanting.parts});
  }
  std::stable_sort(out.begin(), out.end(), [&](const Offer& a, const Offer& b) {
    const auto rank = [&](const Offer& o) {
      return std::pair(!o.all, p.travel(p.jobs[at(o.meeting.job)].place, wanting.place));
    };
    return rank(a) < rank(b);
  });
  return out;
}

// Those that are looked at: the best, and the best of each colleague.
std::vector<Offer> few_of(const Problem& p, std::vector<Offer> offers) {
  std::set<int> lenders;
  std::vector<Offer> out;
  for (auto& offer : offers)
    if (lenders.insert(lender(p, offer)).second || out.size() < kMostMeetings) out.push_back(std::move(offer));
  if (out.size() > kMostOffers) out.resize(kMostOffers);
  return out;
}

// One absent job, and the meetings that are tried for it.
class Lender {
 public:
  Lender(Met& met, Plan& plan, const LendOptions& options)
      : met_(met), plan_(plan), options_(options), first_(static_cast<int>(met.problem.depots.size())) {}

  void lend(int job) {
    offers_ = few_of(met_.problem, offers_for(met_.problem, plan_, job));
    if (offers_.empty()) return;
    for (const auto& offer : offers_) arrange(offer);
    serve(job);
    settle();
  }

 private:
  void arrange(const Offer& offer) {
    auto& p = met_.problem;
    const auto& [colleague, there] = offer.meeting;
    before_.emplace_back(there, p.jobs[at(there)]);
    fix(p, there, colleague, offer.starts);
    auto place = meeting_place(p, there, offer.starts, offer.parts);
    place.open.from = std::max(place.open.from, p.now);
    p.depots.push_back(std::move(place));
  }

  // Plans the job, if it can be served by one meeting, or else by several.
  void serve(int job) {
    const auto model = Model::compile(met_.problem, options_.current);
    auto state = state_of(model, plan_);
    if (state.absent.size() != plan_.unassigned.size() || state.engineer_of[at(job)] != kNone) return;
    auto best = best_of(model, state, job, false);
    if (!best.spot.possible()) best = best_of(model, state, job, true);
    if (!best.spot.possible()) return;
    auto& route = state.routes[at(best.engineer)];
    put_fetched(model, route, job, best.spot, state.depots);
    if (!schedule(model, route)) return;
    state.engineer_of[at(job)] = best.engineer;
    state.absent.erase(std::find(state.absent.begin(), state.absent.end(), job));
    plan_ = to_plan(model, state, options_.reasons);
  }

  struct Way {
    FetchSpot spot;
    int engineer = kNone;
  };

  Way best_of(const Model& model, const State& state, int job, bool several) const {
    const auto& p = met_.problem;
    DayRoute scratch;
    Way best;
    for (std::size_t i = 0; i < std::min(offers_.size(), kMostMeetings); ++i)
      for (const auto& suitor : model.suitors(job)) {
        const auto& route = state.routes[at(suitor.engineer)];
        if (model.day(suitor.engineer).tied() || stocked(model, route, job)) continue;
        const int who = person(p, suitor.engineer);
        if (lender(p, offers_[i]) == who) continue;
        const auto depots = with_meetings(model, state.depots, i, several ? who : kNone);
        const auto spot = fetch_from({model, route, job, suitor, depots, scratch}, first_ + static_cast<int>(i));
        if (spot.cost < best.spot.cost) best = {spot, suitor.engineer};
      }
    return best;
  }

  // What the depots have if one meeting is a place to fetch anything, and for `who`, unless that is nobody, one with
  // each other colleague too. What a colleague has cannot be handed over at two.
  DepotStock with_meetings(const Model& m, DepotStock depots, std::size_t meeting, int who) const {
    std::set<int> lenders{who, lender(met_.problem, offers_[meeting])};
    for (std::size_t i = 0; i < offers_.size(); ++i) {
      if (i == meeting || (who != kNone && lenders.insert(lender(met_.problem, offers_[i])).second)) continue;
      const auto stock = depots.left.begin() + static_cast<std::ptrdiff_t>((at(first_) + i) * m.kinds);
      std::fill(stock, stock + static_cast<std::ptrdiff_t>(m.kinds), 0);
    }
    return depots;
  }

  // Keeps the meetings that take place, with what is handed over there; the others never were.
  void settle() {
    auto& p = met_.problem;
    for (auto was = before_.rbegin(); was != before_.rend(); ++was) p.jobs[at(was->first)] = std::move(was->second);
    before_.clear();
    const auto tried = std::vector<Depot>(p.depots.begin() + first_, p.depots.end());
    p.depots.resize(at(first_));
    for (auto& route : plan_.routes)
      for (auto& stop : route.stops)
        if (stop.kind == Stop::Kind::kPickup && stop.what >= first_) keep(tried, stop);
  }

  void keep(const std::vector<Depot>& tried, Stop& stop) {
    auto& p = met_.problem;
    const auto number = at(stop.what - first_);
    const auto& [meeting, starts, parts, all] = offers_[number];
    stop.what = static_cast<int>(p.depots.size());
    p.depots.push_back(tried[number]);
    p.depots.back().stock = stop.parts;
    add(p.engineers[at(meeting.colleague)].van_stock, stop.parts, -1);
    fix(p, meeting.job, meeting.colleague, starts);
    met_.meetings.push_back(meeting);
  }

  Met& met_;
  Plan& plan_;
  const LendOptions& options_;
  int first_;  // of the depots that are meetings tried for the job
  std::vector<Offer> offers_;
  std::vector<std::pair<int, Job>> before_;  // the jobs at which a meeting is tried, as they were
};

// The absent jobs that need parts, the worthiest first.
std::vector<int> wanting(const Problem& p, const Plan& plan) {
  std::vector<int> out;
  for (const auto& left : plan.unassigned) {
    const auto& job = p.jobs[at(left.job)];
    const bool needs = std::any_of(job.parts.begin(), job.parts.end(), [](int n) { return n > 0; });
    if (needs && job.crew == 1 && !job.supervised) out.push_back(left.job);
  }
  std::stable_sort(out.begin(), out.end(), [&](int a, int b) {
    const auto& x = p.jobs[at(a)];
    const auto& y = p.jobs[at(b)];
    return std::pair(x.hazard, x.priority) > std::pair(y.hazard, y.priority);
  });
  if (out.size() > kMostJobs) out.resize(kMostJobs);
  return out;
}

}  // namespace

bool hands_over(const Plan& plan) {
  return std::any_of(plan.routes.begin(), plan.routes.end(), [](const Route& route) {
    return std::any_of(route.stops.begin(), route.stops.end(),
                       [](const Stop& stop) { return stop.kind == Stop::Kind::kHandOver; });
  });
}

Met meet(const Problem& problem, const Plan& plan) {
  Met met{problem, plan, static_cast<int>(problem.depots.size()), {}};
  auto& p = met.problem;
  for (auto& route : met.plan.routes) {
    std::vector<Stop> stops;
    for (auto& stop : route.stops) {
      if (stop.kind == Stop::Kind::kHandOver) {
        const Met::Meeting meeting{stop.colleague, stop.what};
        const auto starts = start_of(plan, meeting.colleague, meeting.job);
        if (!starts) continue;
        if (stop.state <= StopState::kLocked) fix(p, meeting.job, meeting.colleague, *starts);
        add(p.engineers[at(meeting.colleague)].van_stock, stop.parts, -1);
        stop.kind = Stop::Kind::kPickup;
        stop.what = static_cast<int>(p.depots.size());
        p.depots.push_back(meeting_place(p, meeting.job, *starts, stop.parts));
        met.meetings.push_back(meeting);
      }
      stops.push_back(std::move(stop));
    }
    route.stops = std::move(stops);
  }
  return met;
}

Plan part_again(const Met& met, Plan plan) {
  for (auto& route : plan.routes)
    for (auto& stop : route.stops) {
      if (stop.kind != Stop::Kind::kPickup || stop.what < met.own_depots) continue;
      const auto& meeting = met.meetings[at(stop.what - met.own_depots)];
      stop.kind = Stop::Kind::kHandOver;
      stop.what = meeting.job;
      stop.colleague = meeting.colleague;
    }
  return plan;
}

void lend(Met& met, Plan& plan, const LendOptions& options) {
  for (const int job : wanting(met.problem, plan)) {
    if (options.enough && options.enough()) return;
    Lender(met, plan, options).lend(job);
  }
}

}  // namespace firstfix::planning
