#include "planning/relax.h"

#include <algorithm>
#include <utility>

#include "together.h"

namespace firstfix::planning {
inline namespace one_job {
namespace {

using Gives = Relaxation::Gives;

std::string minutes(Duration d) {
  const auto count = std::chrono::ceil<std::chrono::minutes>(d).count();
  return std::to_string(count) + (count == 1 ? " minute" : " minutes");
}

class Relaxer {
 public:
  Relaxer(const Question& asked, const Travel& travel, const Prices& prices, Instant now)
      : asked_(asked), job_(asked.job), travel_(travel), prices_(prices), now_(now) {}

  std::optional<Relaxation> run() {
    if (place(job_, asked_.candidates, travel_, prices_.one, now_)) return std::nullopt;
    for (const auto& who : asked_.candidates)
      if (who.on_site && unqualified(job_, who, now_).empty()) longer_shifts(who);
    call_out();
    after_the_promise();
    outside_access();
    who_has_declined();
    if (!best_) other_skills();
    return std::move(best_);
  }

 private:
  void offer(double cost, Gives gives, const Choice& choice, Duration by, std::string text) {
    if (best_ && cost >= best_cost_) return;
    best_cost_ = cost;
    best_ = Relaxation{gives, choice.engineer, by, std::move(text)};
  }

  std::string at(Instant t) const { return in_words(t, job_.zone); }
  std::string who_comes(const Choice& choice) const { return "with " + choice.engineer + " at " + at(choice.starts); }

  // Each shift by itself, since a little overtime tomorrow may be less than much today.
  void longer_shifts(const Candidate& who) {
    for (std::size_t s = 0; s < who.shifts.size(); ++s) {
      auto longer = who;
      longer.shifts = {who.shifts[s]};
      auto& shift = longer.shifts.front();
      shift.to = shift.to + kMostOvertime;
      if (s + 1 < who.shifts.size()) shift.to = std::min(shift.to, who.shifts[s + 1].from);
      longer.on_call.clear();
      const auto choice = alone({job_, travel_, prices_.one, now_}, longer);
      if (!choice) continue;
      const auto home = choice->ends + travel_.time(job_.position, who.end.value_or(who.home), choice->ends);
      const auto over = home - who.shifts[s].to;
      if (over <= Duration{0}) continue;  // a break that the longer shift has room for made room elsewhere
      offer(choice->cost + prices_.day.overtime_per_hour * hours(over), Gives::kShift, *choice, over,
            "with " + choice->engineer + " until " + at(home) + ": " + minutes(over) + " of overtime");
    }
  }

  std::optional<Choice> could(const Job& other) const {
    auto placed = place(other, asked_.candidates, travel_, prices_.one, now_);
    return placed ? std::optional(std::move(placed->choice)) : std::nullopt;
  }

  void call_out() {
    if (job_.urgent) return;
    auto other = job_;
    other.urgent = true;
    if (const auto choice = could(other))
      offer(choice->cost, Gives::kCallOut, *choice, {}, who_comes(*choice) + ", called out");
  }

  void after_the_promise() {
    if (job_.not_after == kNever) return;
    auto other = job_;
    other.not_after = job_.not_after + kMostLate;
    const auto choice = could(other);
    if (!choice) return;
    const auto late = choice->starts - job_.not_after;
    offer(choice->cost + prices_.day.broken_promise + prices_.day.late_per_hour * hours(late), Gives::kPromise, *choice,
          late, who_comes(*choice) + ": " + minutes(late) + " after the window");
  }

  void outside_access() {
    if (job_.access.empty()) return;
    auto other = job_;
    other.access.clear();
    if (const auto choice = could(other))
      offer(choice->cost + prices_.day.broken_promise, Gives::kAccess, *choice, {},
            who_comes(*choice) + ", if work may begin at the site then");
  }

  void who_has_declined() {
    if (job_.excluded.empty()) return;
    auto other = job_;
    other.excluded.clear();
    if (const auto choice = could(other))
      offer(choice->cost + prices_.day.agreed, Gives::kDecline, *choice, {},
            who_comes(*choice) + ", if who has declined did it after all");
  }

  // Who lacks the fewest of the skills and has time for the rest.
  void other_skills() {
    std::size_t fewest = job_.skills.size() + 1;
    for (const auto& who : asked_.candidates) {
      if (!who.on_site) continue;
      auto other = job_;
      std::string missing;
      std::erase_if(other.skills, [&](const SkillNeed& need) {
        if (ever_covers(who.person, need, now_)) return false;
        missing += (missing.empty() ? "" : " and ") + in_words(need);
        return true;
      });
      const auto lacks = job_.skills.size() - other.skills.size();
      if (lacks == 0 || lacks > fewest || !unqualified(other, who, now_).empty()) continue;
      const auto choice = alone({other, travel_, prices_.one, now_}, who);
      if (!choice || (lacks == fewest && choice->cost >= best_cost_)) continue;
      best_.reset();
      offer(choice->cost, Gives::kSkill, *choice, {}, who_comes(*choice) + ", if they had " + missing);
      fewest = lacks;
    }
  }

  const Question& asked_;
  const Job& job_;
  const Travel& travel_;
  const Prices& prices_;
  const Instant now_;
  std::optional<Relaxation> best_;
  double best_cost_ = 0;
};

}  // namespace

std::optional<Relaxation> cheapest_relaxation(const Question& asked, const Travel& travel, const Prices& prices,
                                              Instant now) {
  return Relaxer(asked, travel, prices, now).run();
}

}  // namespace one_job
}  // namespace firstfix::planning
