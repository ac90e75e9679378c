// What holds whoever gives way: nobody of equal worth, no promise, and nobody is in two places when all is booked anew.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "planning/make_room.h"
#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;

constexpr int kWorth = 90;

// A day with gaps, in which visits follow each other with time for the ways.
struct FullDay {
  Question asked;
  std::vector<Yielding> visits;
  std::map<std::string, Job> jobs;

  std::vector<Candidate> without(const Yielding& one) const {
    auto out = asked.candidates;
    for (auto& who : out)
      if (who.person.id == one.engineer)
        std::erase_if(who.route, [&](const Booked& stop) { return stop.starts == one.stop.starts; });
    return out;
  }
};

void fill(FullDay& day, Candidate& who) {
  const Street street;
  auto from = who.home;
  Instant free = at(8);
  for (int i = 0; i < 5; ++i) {
    const auto where = along(*rc::gen::inRange(0, 60));
    const auto starts = free + street.time(from, where, free) + *rc::gen::inRange(0, 40) * 1min;
    const auto ends = starts + *rc::gen::inRange(20, 150) * 1min;
    if (ends + street.time(where, who.home, ends) > at(18)) return;
    const auto id = who.person.id + "/" + std::to_string(i);
    who.route.push_back({starts, ends, where, i == 0 && *rc::gen::inRange(0, 3) == 0});
    Job job{.position = where, .service = ends - starts, .skills = {{"gas", 1}}};
    Yielding visit{.id = id, .engineer = who.person.id, .stop = who.route.back()};
    visit.priority = *rc::gen::element(20, 60, 90, 100);
    visit.agreed = *rc::gen::arbitrary<bool>();
    visit.promised = *rc::gen::inRange(0, 3) == 0;
    if (visit.promised) job.not_before = starts - 1h, job.not_after = starts + 1h;
    if (*rc::gen::arbitrary<bool>()) job.respond_by = starts + *rc::gen::inRange(0, 180) * 1min;
    day.jobs[id] = job;
    day.visits.push_back(visit);
    from = where;
    free = ends;
  }
}

FullDay some_day() {
  FullDay out;
  out.asked.job = job({{"gas", 1}});
  if (*rc::gen::inRange(0, 3) == 0) out.asked.job.skills.push_back({"power", 1});
  out.asked.job.urgent = true;
  out.asked.job.hazard = *rc::gen::arbitrary<bool>();
  out.asked.job.respond_by = at(8, *rc::gen::inRange(0, 180));
  out.asked.job.service = *rc::gen::inRange(30, 240) * 1min;
  const int many = *rc::gen::inRange(1, 5);
  for (int i = 0; i < many; ++i) {
    std::map<std::string, int> skills{{*rc::gen::element<std::string>("gas", "power"), 1}};
    if (*rc::gen::arbitrary<bool>()) skills["gas"] = 2;
    auto who = candidate(person("e" + std::to_string(i), skills), *rc::gen::inRange(0, 60));
    fill(out, who);
    out.asked.candidates.push_back(std::move(who));
  }
  return out;
}

const Yielding& visit_named(const FullDay& day, const std::string& id) {
  return *std::find_if(day.visits.begin(), day.visits.end(), [&](const auto& one) { return one.id == id; });
}

// Books the choice with everybody of it who is there; false if somebody could not be.
bool booked(const Choice& choice, std::vector<Candidate>& people) {
  const Street street;
  for (auto& who : people) {
    for (const auto& member : choice.crew) {
      if (member.engineer != who.person.id) continue;
      for (const auto& stop : who.route)
        if (stop.ends > member.travel_starts &&
            choice.ends + street.time(member.position, stop.position, choice.ends) > stop.starts)
          return false;
      who.route.push_back({choice.starts, choice.ends, member.position});
    }
    std::sort(who.route.begin(), who.route.end(), [](const auto& a, const auto& b) { return a.starts < b.starts; });
  }
  return true;
}

RC_GTEST_PROP(MakeRoom, NobodyOfEqualWorthGivesWayAndAllWhoDoHaveAPlaceOrMayBeLost, ()) {
  const auto day = some_day();
  const Street street;
  const auto as_is = place(day.asked.job, day.asked.candidates, street, Weights{}, kEight);
  if (!wants_room(day.asked.job, as_is)) return;
  const Ask ask = [&](const Yielding& one) -> Result<Question> {
    return Question{day.jobs.at(one.id), day.without(one)};
  };
  const auto found = make_room(day.asked, kWorth, as_is, day.visits, ask, street, {}, kEight);
  RC_ASSERT(found.has_value());
  RC_CLASSIFY(found->has_value(), "room is made");
  RC_CLASSIFY(found->has_value() && (*found)->gives_way.size() == 2, "by two");
  RC_CLASSIFY(found->has_value() && !as_is, "for what nobody had time for");
  if (!*found) return;
  const auto& room = **found;
  RC_ASSERT(!room.gives_way.empty() && room.gives_way.size() <= kMostGiveWay);
  if (as_is) RC_ASSERT(room.placement.choice.starts < as_is->choice.starts);
  auto people = day.asked.candidates;
  for (const auto& id : room.gives_way) {
    const auto& visit = visit_named(day, id);
    RC_ASSERT(visit.priority < kWorth);
    RC_ASSERT(!visit.stop.begun);
    for (auto& who : people)
      if (who.person.id == visit.engineer)
        std::erase_if(who.route, [&](const Booked& stop) { return stop.starts == visit.stop.starts; });
  }
  RC_ASSERT(booked(room.placement.choice, people));
  for (const auto& id : room.gives_way) {
    const auto anew = place(day.jobs.at(id), people, street, Weights{}, kEight);
    RC_ASSERT(anew || (!as_is && !visit_named(day, id).promised));
    if (anew) RC_ASSERT(booked(anew->choice, people));
  }
}

}  // namespace
}  // namespace firstfix::planning
