#include "planning/make_room.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "slots.h"

namespace firstfix::planning {
inline namespace one_job {
namespace {

constexpr Duration kSooner = std::chrono::minutes{1};    // less is no reason to disturb anybody
constexpr Duration kShifted = std::chrono::minutes{15};  // as in replan.h
constexpr std::size_t kMostTried = 200, kMostFollowed = 12;
constexpr std::size_t kMostCrewsTried = 24;  // a crew is dearer to look for

// Those who would give way, in one engineer's day.
struct Gone {
  std::vector<const Yielding*> who;
  double cost = 0;   // of the job, placed in that day, and of asking again who had agreed
  int priority = 0;  // of who goes, summed
};

std::string list(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : " and ") + name;
  return out;
}

bool same(const Booked& a, const Booked& b) {
  return a.starts == b.starts && a.ends == b.ends;
}

void take_out(const std::vector<const Yielding*>& who, std::vector<Candidate>& candidates) {
  for (const auto* one : who)
    for (auto& candidate : candidates)
      if (candidate.person.id == one->engineer)
        std::erase_if(candidate.route, [&](const Booked& stop) { return same(stop, one->stop); });
}

// What the choice takes of its people's time is booked.
void put_in(const Choice& choice, std::vector<Candidate>& candidates) {
  for (auto& candidate : candidates) {
    auto& route = candidate.route;
    for (const auto& member : choice.crew)
      if (member.engineer == candidate.person.id) route.push_back({choice.starts, choice.ends, member.position});
    if (candidate.person.id == choice.engineer)
      for (const auto& pickup : choice.pickups) route.push_back({pickup.when.from, pickup.when.to, pickup.position});
    std::stable_sort(route.begin(), route.end(), [](const auto& a, const auto& b) { return a.starts < b.starts; });
  }
}

class RoomMaker {
 public:
  RoomMaker(const Question& asked, int priority, const Result<Placement>& as_is, const Ask& ask, const Travel& travel,
            const Prices& prices, Instant now)
      : asked_(asked),
        priority_(priority),
        as_is_(as_is ? &as_is->choice : nullptr),
        ask_(ask),
        travel_(travel),
        prices_(prices),
        now_(now) {}

  Result<std::optional<Room>> run(const std::vector<Yielding>& yielding) {
    auto tries = all_tries(yielding);
    std::stable_sort(tries.begin(), tries.end(), [&](const Gone& a, const Gone& b) {
      return as_is_ == nullptr ? std::pair(static_cast<double>(a.priority), a.cost) <
                                     std::pair(static_cast<double>(b.priority), b.cost)
                               : a.cost < b.cost;
    });
    if (tries.size() > kMostFollowed) tries.resize(kMostFollowed);
    for (const auto& one : tries) {
      // Nobody gives way for nothing: what is dearer by itself is not better with that.
      if (as_is_ != nullptr && best_ && one.cost >= best_worth_.second) break;
      FIRSTFIX_CHECK(follow(one));
    }
    return std::move(best_);
  }

 private:
  // Who may go where that could bring somebody sooner, by themselves or with who comes next.
  std::vector<Gone> all_tries(const std::vector<Yielding>& yielding) {
    std::vector<Pair> pairs;
    for (const auto& who : asked_.candidates)
      if (who.on_site && may_help(who)) add_pairs(who, yielding, pairs);
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const auto& a, const auto& b) { return a.first->stop.starts < b.first->stop.starts; });
    if (pairs.size() > kMostTried) pairs.resize(kMostTried);
    std::vector<Gone> out;
    for (const auto& [who, first, next] : pairs) {
      Gone gone{{first}, 0, first->priority};
      if (!brings_sooner(*who, gone)) {
        if (next == nullptr) continue;
        gone.who.push_back(next);
        gone.priority += next->priority;
        if (!brings_sooner(*who, gone)) continue;
      }
      out.push_back(std::move(gone));
    }
    return out;
  }

  // Somebody's visit that may give way, and the one after it if that may too.
  struct Pair {
    const Candidate* who;
    const Yielding *first, *next;
  };

  // Of one engineer, as far as they stand before the job's time as it is.
  void add_pairs(const Candidate& who, const std::vector<Yielding>& yielding, std::vector<Pair>& out) const {
    const auto own = of(who, yielding);
    for (std::size_t stop = 0; stop < own.size(); ++stop) {
      if (as_is_ != nullptr && stop > 0 && who.route[stop - 1].ends >= as_is_->starts) return;
      if (own[stop] != nullptr) out.push_back({&who, own[stop], stop + 1 < own.size() ? own[stop + 1] : nullptr});
    }
  }

  // Of each stop of the engineer's route, who may give way; null for those who stay.
  std::vector<const Yielding*> of(const Candidate& who, const std::vector<Yielding>& yielding) const {
    std::vector<const Yielding*> out(who.route.size(), nullptr);
    for (const auto& one : yielding) {
      if (one.engineer != who.person.id || one.priority >= priority_) continue;
      for (std::size_t i = 0; i < out.size(); ++i)
        if (!who.route[i].begun && same(who.route[i], one.stop)) out[i] = &one;
    }
    return out;
  }

  bool knows(const Candidate& who, const SkillNeed& need) const { return ever_covers(who.person, need, now_); }
  bool goes_alone(const Candidate& who) const {
    const auto& needs = asked_.job.skills;
    return std::all_of(needs.begin(), needs.end(), [&](const auto& need) { return knows(who, need); });
  }
  bool may_help(const Candidate& who) const {
    const auto& needs = asked_.job.skills;
    return goes_alone(who) ||
           std::any_of(needs.begin(), needs.end(), [&](const auto& need) { return knows(who, need); });
  }

  // Is the job done sooner, and for less, with those out of the candidate's day? Fills in its cost.
  bool brings_sooner(const Candidate& who, Gone& gone) {
    const bool alone = goes_alone(who);
    if (!alone && ++crews_tried_ > kMostCrewsTried) return false;
    auto people = alone ? std::vector<Candidate>{who} : asked_.candidates;
    take_out(gone.who, people);
    const auto placed = place(asked_.job, people, travel_, prices_.one, now_);
    if (!placed || !is_better(placed->choice)) return false;
    gone.cost = placed->choice.cost;
    for (const auto* one : gone.who) gone.cost += one->agreed ? prices_.day.agreed : 0;
    return true;
  }
  bool is_better(const Choice& choice) const {
    return as_is_ == nullptr || (choice.starts + kSooner <= as_is_->starts && choice.cost < as_is_->cost);
  }

  // Places the job, then those who gave way to it; keeps it if that is the best so far.
  Status follow(const Gone& gone) {
    auto people = asked_.candidates;
    take_out(gone.who, people);
    auto placed = place(asked_.job, people, travel_, prices_.one, now_);
    if (!placed || !is_better(placed->choice)) return {};
    double loss = 0;
    int lost = 0;
    std::vector<const Choice*> booked{&placed->choice};
    std::vector<Choice> elsewhere;
    elsewhere.reserve(gone.who.size());
    for (const auto* one : worthiest_first(gone.who)) {
      FIRSTFIX_TRY(asked, question_of(*one));
      auto there = asked->candidates;
      take_out(gone.who, there);
      for (const auto* choice : booked) put_in(*choice, there);
      auto anew = place(asked->job, there, travel_, prices_.one, now_);
      if (!anew && (as_is_ != nullptr || one->promised)) return {};
      if (!anew) {
        lost += one->priority;
        continue;
      }
      loss += anew->choice.cost - cost_as_it_stands(*one, *asked) + disturbance(*one, anew->choice);
      elsewhere.push_back(std::move(anew->choice));
      booked.push_back(&elsewhere.back());
    }
    keep_if_best(gone, *std::move(placed), loss, lost);
    return {};
  }

  void keep_if_best(const Gone& gone, Placement placed, double loss, int lost) {
    const double cost = placed.choice.cost + loss;
    if (as_is_ != nullptr && as_is_->cost - cost < prices_.day.worth_per_move * static_cast<double>(gone.who.size()))
      return;
    if (best_ && std::pair(lost, cost) >= best_worth_) return;
    best_worth_ = {lost, cost};
    best_ = Room{std::move(placed), {}, {}, {}};
    for (const auto* one : worthiest_first(gone.who)) best_->gives_way.push_back(one->id);
    best_->who = list(best_->gives_way);
    best_->what_for = what_for(best_->placement.choice, cost);
  }

  std::string what_for(const Choice& choice, double cost) const {
    if (as_is_ == nullptr) return "nobody has time for it otherwise";
    char text[120];
    const auto sooner = std::chrono::duration_cast<std::chrono::minutes>(as_is_->starts - choice.starts).count();
    std::snprintf(text, sizeof text, "%ld min sooner than otherwise, %.1f saved in all", static_cast<long>(sooner),
                  as_is_->cost - cost);
    return text;
  }

  // What was promised before all else.
  static std::vector<const Yielding*> worthiest_first(std::vector<const Yielding*> who) {
    std::stable_sort(who.begin(), who.end(), [](const auto* a, const auto* b) {
      return std::pair(a->promised, a->priority) > std::pair(b->promised, b->priority);
    });
    return who;
  }

  Result<const Question*> question_of(const Yielding& one) {
    const auto known = questions_.find(one.id);
    if (known != questions_.end()) return &known->second;
    FIRSTFIX_TRY(asked, ask_(one));
    return &questions_.emplace(one.id, std::move(asked)).first->second;
  }

  // What it costs where it is, in the same prices; of one that could not be placed there now only its waiting.
  double cost_as_it_stands(const Yielding& one, const Question& asked) const {
    auto job = asked.job;
    job.not_before = job.not_after = one.stop.starts;
    job.only = one.engineer;
    std::vector<Candidate> own;
    for (const auto& who : asked.candidates)
      if (who.person.id == one.engineer) own.push_back(who);
    const auto there = place(job, own, travel_, prices_.one, now_);
    return there ? there->choice.cost : price_of_waiting({job, travel_, prices_.one, now_}, one.stop.starts);
  }

  double disturbance(const Yielding& one, const Choice& choice) const {
    const auto by = choice.starts - one.stop.starts;
    double price = one.agreed ? prices_.day.agreed : 0;
    if (choice.engineer != one.engineer) return price + prices_.day.moved;
    return by > kShifted || by < -kShifted ? price + prices_.day.shifted : price;
  }

  const Question& asked_;
  const int priority_;
  const Choice* as_is_;  // null: nobody can
  const Ask& ask_;
  const Travel& travel_;
  const Prices& prices_;
  const Instant now_;
  std::size_t crews_tried_ = 0;
  std::map<std::string, Question> questions_;
  std::optional<Room> best_;
  std::pair<int, double> best_worth_{};
};

}  // namespace

bool wants_room(const Job& job, const Result<Placement>& as_is) {
  if (!job.urgent || !job.only.empty()) return false;
  return as_is ? as_is->choice.starts > job.respond_by : as_is.error().code == Code::kUnavailable;
}

Result<std::optional<Room>> make_room(const Question& asked, int priority, const Result<Placement>& as_is,
                                      const std::vector<Yielding>& yielding, const Ask& ask, const Travel& travel,
                                      const Prices& prices, Instant now) {
  auto room = RoomMaker(asked, priority, as_is, ask, travel, prices, now).run(yielding);
  if (room && *room)
    (*room)->placement.reason += "; " + (*room)->who + ((*room)->gives_way.size() == 1 ? " gives" : " give") +
                                 " way to it: " + (*room)->what_for;
  return room;
}

}  // namespace one_job
}  // namespace firstfix::planning
