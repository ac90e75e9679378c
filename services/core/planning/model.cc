#include "model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace firstfix::planning {
namespace {

constexpr std::size_t kNear = 100;
constexpr int kManyPlaces = 500;
constexpr Value kHazardPoints = 1'000'000, kCommittedPoints = 10'000, kEmergencyPoints = 1'000;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

Units units(double money) {
  return std::llround(money * kUnitsPerMoney);
}
Units per_second(double money_per_hour) {
  return std::llround(money_per_hour * kUnitsPerSecond);
}

bool contains(const std::vector<int>& list, int item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// In order and apart, cut to the limits.
std::vector<Span> tidy(std::vector<Span> windows, Span limits) {
  if (windows.empty()) windows.push_back({0, kForever});
  std::sort(windows.begin(), windows.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
  std::vector<Span> out;
  for (auto window : windows) {
    window = {std::max(window.from, limits.from), std::min(window.to, limits.to)};
    if (window.from > window.to) continue;
    if (!out.empty() && window.from <= out.back().to) {
      out.back().to = std::max(out.back().to, window.to);
    } else {
      out.push_back(window);
    }
  }
  return out;
}

// Places in an order in which near ones are near, by halving: those nearer to one pole than to another come first.
class PlaceOrder {
 public:
  explicit PlaceOrder(const Matrix& travel) : travel_(travel), order_(at(travel.size())) {
    std::iota(order_.begin(), order_.end(), 0);
    halve(order_.begin(), order_.end());
  }
  const std::vector<int>& order() const { return order_; }

 private:
  using Iterator = std::vector<int>::iterator;
  static constexpr std::ptrdiff_t kFew = 32;

  void halve(Iterator first, Iterator last) {
    if (last - first <= kFew) return;
    const auto farthest = [&](int from) {
      return *std::max_element(first, last, [&](int a, int b) { return travel_(from, a) < travel_(from, b); });
    };
    const int north = farthest(*first), south = farthest(north);
    const auto side = [&](int place) { return std::pair(travel_(north, place) - travel_(south, place), place); };
    const auto middle = first + (last - first) / 2;
    std::nth_element(first, middle, last, [&](int a, int b) { return side(a) < side(b); });
    halve(first, middle);
    halve(middle, last);
  }

  const Matrix& travel_;
  std::vector<int> order_;
};

class Compiler {
 public:
  Compiler(const Problem& problem, const Plan* current) : p_(problem), current_(current) {}

  Model run() {
    m_.problem = &p_;
    m_.job_count = static_cast<int>(p_.jobs.size());
    m_.travel_per_second = per_second(p_.weights.travel);
    m_.waiting_per_second = per_second(p_.weights.waiting);
    m_.kinds = at(p_.part_count);
    m_.first_depot = m_.job_count;
    for (const auto& engineer : p_.engineers) {
      first_break_.push_back(m_.first_depot);
      m_.first_depot += static_cast<int>(engineer.breaks.size());
    }
    limits_.assign(p_.jobs.size(), Span{p_.now, kForever});
    planned_for_.resize(p_.jobs.size());
    planned_starts_.resize(p_.jobs.size());
    pinned_.assign(p_.jobs.size(), false);
    promised_.assign(p_.jobs.size(), false);
    read_current();
    m_.shift_price = current_ != nullptr ? units(std::min(p_.weights.shifted_stops, p_.weights.moved_stops)) : 0;
    copy_travel();
    for (int j = 0; j < m_.job_count; ++j) add_job(j);
    for (int e = 0; e < static_cast<int>(p_.engineers.size()); ++e) add_day(e);
    add_depots();
    tie_days();
    find_twins();
    find_suitors();
    find_neighbours();
    m_.timed = m_.waiting_per_second > 0 || std::any_of(m_.tasks.begin(), m_.tasks.end(), [](const Task& task) {
                 return task.due < task.to && task.late_per_second > 0;
               });
    return std::move(m_);
  }

 private:
  void read_current() {
    m_.pins.resize(p_.engineers.size());
    m_.start.resize(p_.engineers.size());
    if (current_ == nullptr) return;
    for (const auto& route : current_->routes) {
      int place = kNone;
      Seconds free = 0;
      for (const auto& stop : route.stops) {
        const bool at_time = follow(route.engineer, stop, place, free);
        if (stop.kind == Stop::Kind::kPickup)
          m_.start[at(route.engineer)].push_back({m_.depot_task(stop.what), stop.start, false, stop.parts, false});
        if (stop.kind == Stop::Kind::kBreak)
          m_.start[at(route.engineer)].push_back(
              {first_break_[at(route.engineer)] + stop.what, stop.start, false, {}, false});
        if (stop.kind != Stop::Kind::kJob) continue;
        const auto job = at(stop.what);
        planned_for_[job].push_back(route.engineer);
        if (at_time) planned_starts_[job].emplace_back(route.engineer, stop.start);
        if (stop.state == StopState::kPromised) {
          promised_[job] = true;
          limits_[job] = {std::max(p_.now, stop.promised.from), std::max(p_.now, stop.promised.to)};
        }
        if (stop.state >= StopState::kLocked) pinned_[job] = true;
        m_.start[at(route.engineer)].push_back({stop.what, stop.start, false, {}, false});
      }
    }
  }

  // From one stop of the current plan to the next. False if it starts before its engineer can be there: that is no time
  // that anybody goes by.
  bool follow(int engineer, const Stop& stop, int& place, Seconds& free) const {
    const bool job = stop.kind == Stop::Kind::kJob, rests = stop.kind == Stop::Kind::kBreak;
    int where = place;
    if (!rests) where = job ? p_.jobs[at(stop.what)].place : p_.depots[at(stop.what)].place;
    const auto arrives = free + (place != kNone ? p_.travel(place, where) : 0);
    place = where;
    if (rests) {
      free = stop.start + p_.engineers[at(engineer)].breaks[at(stop.what)].duration;
    } else {
      free = stop.start + (job ? p_.jobs[at(stop.what)].service : p_.depots[at(stop.what)].pickup);
    }
    return stop.start >= arrives;
  }

  void add_depots() {
    if (p_.depots.empty()) return;
    std::vector<std::int64_t> demand(m_.kinds);
    for (const auto& need : m_.parts) demand[at(need.part)] += need.quantity;
    for (const auto& depot : p_.depots) {
      m_.tasks.push_back({.place = renamed(depot.place), .service = depot.pickup});
      for (std::size_t k = 0; k < depot.stock.size(); ++k)
        m_.scarce = m_.scarce || (depot.stock[k] > 0 && depot.stock[k] < demand[k]);
    }
    m_.near_depots.resize(p_.jobs.size());
    for (int j = 0; j < m_.job_count; ++j) {
      if (m_.task(j).part_count == 0) continue;
      auto& near = m_.near_depots[at(j)];
      near.resize(p_.depots.size());
      std::iota(near.begin(), near.end(), 0);
      const auto* to = m_.to_place(m_.task(j).place);
      std::stable_sort(near.begin(), near.end(), [&](int a, int b) {
        return to[renamed(p_.depots[at(a)].place)] < to[renamed(p_.depots[at(b)].place)];
      });
    }
  }

  // The table of travel, where it is large with near places beside each other, so that what a part of the search looks
  // at fits into the fast memory; and its transpose, where it is another.
  void copy_travel() {
    const int n = p_.travel.size();
    m_.places = at(n);
    m_.out_of = n > 0 ? p_.travel.row(0) : nullptr;
    if (n >= kManyPlaces) {
      const auto order = PlaceOrder(p_.travel).order();
      renamed_.resize(at(n));
      for (int i = 0; i < n; ++i) renamed_[at(order[at(i)])] = i;
      m_.table = std::make_unique_for_overwrite<Seconds[]>(at(n) * at(n));
      auto* to = m_.table.get();
      for (const int from : order) {
        const auto* row = p_.travel.row(from);
        for (const int there : order) *to++ = row[there];
      }
      m_.out_of = m_.table.get();
    }
    m_.into = m_.out_of;
    if (symmetric()) return;
    m_.transposed = std::make_unique_for_overwrite<Seconds[]>(at(n) * at(n));
    in_blocks([&](std::size_t i, std::size_t j) {
      m_.transposed[j * m_.places + i] = m_.out_of[i * m_.places + j];
      return true;
    });
    m_.into = m_.transposed.get();
  }

  // Every pair of places, in an order in which rows and columns stay in the fast memory, until one says no.
  template <class Pair>
  bool in_blocks(Pair pair) const {
    constexpr std::size_t kBlock = 64;
    for (std::size_t i = 0; i < m_.places; i += kBlock)
      for (std::size_t j = 0; j < m_.places; j += kBlock)
        for (auto k = i; k < std::min(i + kBlock, m_.places); ++k)
          for (auto l = j; l < std::min(j + kBlock, m_.places); ++l)
            if (!pair(k, l)) return false;
    return true;
  }

  bool symmetric() const {
    return in_blocks([&](std::size_t i, std::size_t j) {
      return j >= i || m_.out_of[i * m_.places + j] == m_.out_of[j * m_.places + i];
    });
  }

  int renamed(int place) const { return renamed_.empty() || place == kNone ? place : renamed_[at(place)]; }

  void add_job(int j) {
    const auto& job = p_.jobs[at(j)];
    Task task{.place = renamed(job.place), .service = job.service};
    auto limits = limits_[at(j)];
    if (job.fixed_start) limits = {*job.fixed_start, *job.fixed_start};
    if (pinned_[at(j)]) limits = {0, kForever};  // it stands where it stands
    auto windows = tidy(job.windows, limits);
    if (windows.empty()) windows.push_back({kForever, kForever - 1});  // never
    task.from = windows.front().from;
    task.to = windows.back().to;
    task.first_window = static_cast<int>(m_.windows.size());
    task.window_count = static_cast<int>(windows.size());
    task.simple = windows.size() == 1;
    task.urgent = job.hazard || job.priority >= kEmergencyPriority;
    m_.windows.insert(m_.windows.end(), windows.begin(), windows.end());
    task.due = job.due;
    task.late_per_second = per_second(job.late_cost_per_hour * p_.weights.lateness);
    Value points = job.priority;
    if (job.hazard) points += kHazardPoints;
    if (job.fixed_engineer != kNone || promised_[at(j)] || pinned_[at(j)]) points += kCommittedPoints;
    if (job.priority >= kEmergencyPriority) points += kEmergencyPoints;
    task.value = points * kValuePerPoint + 1;
    task.first_part = static_cast<int>(m_.parts.size());
    for (int k = 0; k < static_cast<int>(job.parts.size()); ++k)
      if (job.parts[at(k)] > 0) m_.parts.push_back({k, job.parts[at(k)]});
    task.part_count = static_cast<int>(m_.parts.size()) - task.first_part;
    m_.tasks.push_back(task);
    if (job.crew > 1) m_.crews.push_back(j);
  }

  void add_day(int e) {
    const auto& engineer = p_.engineers[at(e)];
    Day day{.start = renamed(engineer.start),
            .end = renamed(engineer.end),
            .from = std::max(engineer.shift.from, p_.now),
            .to = engineer.shift.to,
            .shift_end = engineer.shift.to,
            .max_work = engineer.max_work};
    if (engineer.overtime) {
      day.to = engineer.overtime->until;
      day.overtime_per_second = per_second(engineer.overtime->cost_per_hour * p_.weights.overtime);
    }
    for (const auto& rest : engineer.breaks) {
      day.breaks.push_back(static_cast<int>(m_.tasks.size()));
      m_.tasks.push_back({.service = rest.duration, .from = rest.from, .to = rest.to});
    }
    add_pins(e, day);
    if (!m_.pins[at(e)].empty() && m_.pins[at(e)].front().begun) day.from = engineer.shift.from;
    day.simple = day.breaks.empty() && day.max_work >= kForever && day.overtime_per_second == 0;
    m_.days.push_back(std::move(day));
  }

  // Stops that may not change and the pick-ups before them, and breaks that are over.
  void add_pins(int e, const Day& day) {
    if (current_ == nullptr) return;
    auto& pins = m_.pins[at(e)];
    for (const auto& route : current_->routes) {
      if (route.engineer != e) continue;
      std::size_t fixed = 0;  // pins up to the last job that may not change
      for (const auto& stop : route.stops) {
        const bool begun = stop.state > StopState::kLocked;
        if (stop.kind == Stop::Kind::kPickup) {
          pins.push_back({m_.depot_task(stop.what), stop.start, begun, stop.parts, false});
          if (begun) fixed = pins.size();
        } else if (stop.kind == Stop::Kind::kBreak) {
          if (stop.start >= p_.now) continue;
          pins.push_back({day.breaks[at(stop.what)], stop.start, true, {}, false});
          fixed = pins.size();
        } else if (stop.state >= StopState::kLocked) {
          pins.push_back({stop.what, stop.start, begun, {}, false});
          fixed = pins.size();
        }
      }
      pins.resize(fixed);
    }
  }

  // Whether the engineer can still take every break; who cannot gets no work.
  bool can_rest(int e) const {
    const auto& day = m_.days[at(e)];
    return std::all_of(day.breaks.begin(), day.breaks.end(), [&](int rest) {
      const auto& task = m_.tasks[at(rest)];
      const auto& pins = m_.pins[at(e)];
      const bool over = std::any_of(pins.begin(), pins.end(), [&](const Pin& pin) { return pin.task == rest; });
      return over || (std::max(task.from, day.from) <= task.to && task.from <= day.to);
    });
  }

  // The days between which rest may be short, and those about them.
  void tie_days() {
    for (int first = 0, end = 0; first < m_.engineers(); first = end) {
      bool short_rest = false;
      for (end = first + 1; end < m_.engineers() && p_.engineers[at(end)].first_day == first; ++end)
        for (int e = first; e < end; ++e)
          short_rest = short_rest || m_.day(end).from - p_.engineers[at(e)].min_rest < m_.day(e).to;
      if (!short_rest) continue;
      m_.has_ties = true;
      for (int e = first; e < end; ++e) {
        auto& day = m_.days[at(e)];
        day.kin_begin = first;
        day.kin_end = end;
        day.min_rest = p_.engineers[at(e)].min_rest;
        if (e > first) respect_pins(e);
      }
    }
  }

  // What is pinned on a day is no later for the days before it.
  void respect_pins(int e) {
    const auto& pins = m_.pins[at(e)];
    const auto pin =
        std::find_if(pins.begin(), pins.end(), [&](const Pin& p) { return m_.tasks[at(p.task)].place != kNone; });
    if (pin == pins.end() || pins.front().begun) return;
    const auto& day = m_.days[at(e)];
    const auto leaves = pin->start - m_.travel(day.start, m_.tasks[at(pin->task)].place);
    for (int before = day.kin_begin; before < e; ++before) {
      auto& to = m_.days[at(before)].to;
      to = std::max(begun_until(before), std::min(to, leaves - day.min_rest));
    }
  }

  // When the engineer can be home after what has begun on a day.
  Seconds begun_until(int e) const {
    const auto& day = m_.days[at(e)];
    auto until = day.from;
    for (const auto& pin : m_.pins[at(e)]) {
      const auto& task = m_.tasks[at(pin.task)];
      if (pin.begun && task.place != kNone)
        until = std::max(until, pin.start + task.service + m_.travel(task.place, day.end));
    }
    return until;
  }

  void find_twins() {
    for (int e = 0; e < m_.engineers(); ++e) {
      auto& day = m_.days[at(e)];
      day.twin = e;
      if (!day.simple || day.tied()) continue;
      for (int other = 0; other < e; ++other)
        if (m_.days[at(other)].twin == other && !m_.days[at(other)].tied() && same(e, other)) {
          day.twin = other;
          break;
        }
    }
  }

  bool same(int e, int f) const {
    const auto &a = p_.engineers[at(e)], &b = p_.engineers[at(f)];
    const auto skills = [](const Engineer& x) {
      std::vector<std::tuple<int, int, Seconds>> out;
      for (const auto& held : x.skills) out.emplace_back(held.skill, held.level, held.certified_until);
      return out;
    };
    return a.start == b.start && a.end == b.end && a.shift == b.shift && m_.days[at(f)].simple &&
           a.van_stock == b.van_stock && a.territory == b.territory && a.mentor_of == b.mentor_of &&
           skills(a) == skills(b);
  }

  void find_suitors() {
    m_.crew_of.reserve(p_.jobs.size());
    for (int j = 0; j < m_.job_count; ++j) m_.crew_of.push_back(crew_of(j));
    m_.who_from.push_back(0);
    for (int j = 0; j < m_.job_count; ++j) {
      for (int e = 0; e < m_.engineers(); ++e)
        if (auto suitor = suit(p_.jobs[at(j)], j, e); suitor.latest >= m_.tasks[at(j)].from) m_.who.push_back(suitor);
      m_.who_from.push_back(m_.who.size());
    }
    m_.growth = units(p_.weights.growth);
    for (int j = 0; j < m_.job_count; ++j)
      if (p_.jobs[at(j)].supervised && (m_.growth > 0 || m_.is_lesson(j))) find_novices(j);
  }

  Model::Crew crew_of(int j) const {
    const auto& job = p_.jobs[at(j)];
    if (job.crew > 1) return Model::Crew::kTwo;
    bool able = false, learns = false;
    for (int e = 0; job.supervised && e < m_.engineers(); ++e) {
      if (job.fixed_engineer == kNone || person(p_, e) != person(p_, job.fixed_engineer)) continue;
      able = able || suit(job, j, e).latest >= 0;
      learns = learns || suit(job, j, e, true).latest >= 0;
    }
    const bool lesson = learns && !able;
    return lesson ? Model::Crew::kLesson : Model::Crew::kOne;
  }

  // Who may come, if the job is fixed to somebody: at a supervised one also who learns from them, or teaches them.
  bool fixed_to_others(const Job& job, int j, int e, bool learns) const {
    if (job.fixed_engineer == kNone || person(p_, job.fixed_engineer) == person(p_, e)) return false;
    if (learns) return m_.is_lesson(j);
    return !m_.is_lesson(j) || !m_.teaches(j, e);
  }

  // Those who lack a skill, if somebody else may teach it.
  void find_novices(int j) {
    const auto suitors = m_.suitors(j);
    if (std::none_of(suitors.begin(), suitors.end(), [&](const Suitor& s) { return m_.teaches(j, s.engineer); }))
      return;
    if (m_.learners.empty()) m_.learners.resize(p_.jobs.size());
    for (int e = 0; e < m_.engineers(); ++e)
      if (auto novice = suit(p_.jobs[at(j)], j, e, true); novice.latest >= 0 && m_.find_suitor(j, e) == nullptr)
        m_.learners[at(j)].push_back(novice);
    if (!m_.learners[at(j)].empty()) m_.crews.push_back(j);
  }

  // `latest` is -1 for an engineer who may not do the job, nor learn at it.
  Suitor suit(const Job& job, int j, int e, bool learns = false) const {
    const auto& engineer = p_.engineers[at(e)];
    Suitor out{e, 0, -1};
    if (!can_rest(e)) return out;
    if (names(p_, job.excluded, e) || fixed_to_others(job, j, e, learns)) return out;
    if (job.territory != kNone && engineer.territory != kNone && job.territory != engineer.territory) return out;
    if (pinned_[at(j)] && !contains(planned_for_[at(j)], e)) return out;
    Seconds latest = kForever;
    const auto& w = p_.weights;
    double money = 0;
    for (const auto& need : job.skills) {
      const auto held = std::find_if(engineer.skills.begin(), engineer.skills.end(),
                                     [&](const HeldSkill& has) { return has.skill == need.skill; });
      const bool able = held != engineer.skills.end() && held->level >= need.level;
      if (!able && learns) continue;
      if (!able) return out;
      if (held->certified_until < kForever && !learns) latest = std::min(latest, held->certified_until - job.service);
      money += w.over_qualification * (held->level - need.level);
    }
    const bool preferred = names(p_, job.preferred, e);
    const bool stranger =
        (!job.preferred.empty() && !preferred) ||
        (job.previous_engineer != kNone && person(p_, job.previous_engineer) != person(p_, e) && !preferred);
    if (stranger) money += w.continuity;
    if (!planned_for_[at(j)].empty() && !contains(planned_for_[at(j)], e)) money += w.moved_stops;
    for (const auto& [who, start] : planned_starts_[at(j)])
      if (who == e) out.planned = start;
    if (job.supervised && !learns) money += w.growth;
    out.extra = units(money);
    out.latest = latest;
    return out;
  }

  void find_neighbours() {
    // The way there and back, and in the low bits the job: half as wide as a pair.
    constexpr int kJobBits = 20;
    static_assert(kMaxJobs < 1 << kJobBits);
    std::vector<std::uint64_t> order(at(m_.job_count));
    m_.near.resize(order.size());
    const auto count = std::min(order.size(), kNear);
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(count);
    for (int j = 0; j < m_.job_count; ++j) {
      const auto* from = m_.from_place(m_.tasks[at(j)].place);
      const auto* to = m_.to_place(m_.tasks[at(j)].place);
      for (int k = 0; k < m_.job_count; ++k) {
        const auto place = m_.tasks[at(k)].place;
        const auto way =
            k == j ? 0 : static_cast<std::uint64_t>(from[place]) + static_cast<std::uint64_t>(to[place]) + 1;
        order[at(k)] = way << kJobBits | static_cast<std::uint64_t>(k);
      }
      if (count < order.size()) std::nth_element(order.begin(), end, order.end());
      std::sort(order.begin(), end);
      constexpr std::uint64_t kJob = (1 << kJobBits) - 1;
      for (auto it = order.begin(); it != end; ++it) m_.near[at(j)].push_back(static_cast<int>(*it & kJob));
    }
  }

  const Problem& p_;
  const Plan* current_;
  Model m_;
  std::vector<int> first_break_;  // of each engineer: its task
  std::vector<Span> limits_;
  std::vector<int> renamed_;                                          // places, in the search; empty: as they are
  std::vector<std::vector<int>> planned_for_;                         // by whom, in the current plan
  std::vector<std::vector<std::pair<int, Seconds>>> planned_starts_;  // and when
  std::vector<bool> pinned_, promised_;
};

}  // namespace

Model Model::compile(const Problem& problem, const Plan* current) {
  return Compiler(problem, current).run();
}

Seconds Model::open_from(const Task& task, Seconds t) const {
  if (task.simple) return t <= task.to ? std::max(t, task.from) : kForever;
  for (int w = 0; w < task.window_count; ++w) {
    const auto& window = windows[at(task.first_window + w)];
    if (t <= window.to) return std::max(t, window.from);
  }
  return kForever;
}

Seconds Model::open_until(const Task& task, Seconds t) const {
  if (task.simple) return t >= task.from ? std::min(t, task.to) : -1;
  for (int w = task.window_count; w-- > 0;) {
    const auto& window = windows[at(task.first_window + w)];
    if (t >= window.from) return std::min(t, window.to);
  }
  return -1;
}

bool Model::teaches(int job, int engineer) const {
  const auto& mentor_of = problem->engineers[at(engineer)].mentor_of;
  const auto& skills = problem->jobs[at(job)].skills;
  return std::all_of(skills.begin(), skills.end(),
                     [&](const NeededSkill& need) { return contains(mentor_of, need.skill); });
}

const Suitor* Model::find_member(int job, int engineer) const {
  const auto* suitor = find_suitor(job, engineer);
  if (suitor != nullptr || !may_teach(job)) return suitor;
  for (const auto& novice : novices(job))
    if (novice.engineer == engineer) return &novice;
  return nullptr;
}

const Suitor* Model::find_suitor(int job, int engineer) const {
  const auto range = suitors(job);
  const auto* found =
      std::lower_bound(range.first, range.last, engineer, [](const Suitor& s, int e) { return s.engineer < e; });
  return found != range.last && found->engineer == engineer ? found : nullptr;
}

}  // namespace firstfix::planning
