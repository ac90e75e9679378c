#include "meetings.h"

#include <algorithm>

#include "candidates.h"
#include "casework/case.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "desk/zones.h"

namespace firstfix::desk {
namespace {

constexpr int kMostHandOvers = 4;  // at one visit
constexpr Duration kMeetingsAhead = std::chrono::hours{24};

bool agreed(const v1::Visit& visit) {
  return visit.state() == v1::VISIT_STATE_ACCEPTED || visit::begun(visit);
}

// When the engineer of a visit is there, as far as is known.
planning::Interval presence(const v1::Visit& visit, Instant now) {
  const auto starts = to_instant(visit.starts_at()), ends = to_instant(visit.ends_at());
  planning::Interval out{starts, ends};
  if (visit.has_arrived_at()) out = {now, to_instant(visit.arrived_at()) + (ends - starts)};
  if (visit.has_expected_done_at()) out.to = to_instant(visit.expected_done_at());
  return out;
}

// The colleague's visits at which somebody may come.
Status add_meetings(const UnitOfWork& uow, const v1::Engineer& colleague, Duration takes,
                    const std::vector<std::string>& parts, std::vector<planning::Meeting>& out) {
  FIRSTFIX_TRY(roster, roster_of(uow, colleague.name()));
  for (const auto& stop : roster.stops()) {
    if (holds_time(stop) || Instant{stop.starts_us()} > uow.now() + kMeetingsAhead) continue;
    FIRSTFIX_TRY(visit, uow.get<v1::Visit>(stop.visit()));
    if (!agreed(visit) || visit.engineer() != colleague.name() || visit.crew_size() > 1) continue;
    if (visit.hand_overs_size() >= kMostHandOvers) continue;
    const auto open = presence(visit, uow.now());
    if (open.to < open.from + takes) continue;
    out.push_back({colleague.name(),
                   colleague.van(),
                   visit.name(),
                   {stop.latitude_deg(), stop.longitude_deg()},
                   open,
                   takes,
                   parts});
  }
  return {};
}

// Which of the visit's pick-ups is at that other visit; -1 if none is. No colleague is met twice: it is one at most.
int pickup_at(const v1::Visit& visit, const std::string& at_visit) {
  for (int i = 0; i < visit.pickups_size(); ++i)
    if (visit.pickups(i).at_visit() == at_visit) return i;
  return -1;
}

Status note(UnitOfWork& uow, const v1::Visit& visit, const std::string& line) {
  FIRSTFIX_TRY(record, uow.get<v1::Case>(visit.case_name()));
  Effects effects;
  tell(record, effects, v1::TIMELINE_KIND_DECISION, line, kFirstFix, visit.name(), uow.now());
  effects.cases.push_back(std::move(record));
  return uow.apply(std::move(effects));
}

// Nobody comes to `at_visit` for the parts of the visit any more, and its engineer is told.
Status call_off(UnitOfWork& uow, const v1::Visit& visit, const std::string& at_visit) {
  FIRSTFIX_TRY(there, uow.find<v1::Visit>(at_visit));
  if (!there) return {};
  auto& all = *there->mutable_hand_overs();
  const auto gone =
      std::remove_if(all.begin(), all.end(), [&](const auto& one) { return one.visit() == visit.name(); });
  if (gone == all.end()) return {};
  all.erase(gone, all.end());
  FIRSTFIX_CHECK(uow.put(*there));
  return visit::open(*there) ? note(uow, *there, "nobody comes for parts for " + visit.name() + " any more") : Status{};
}

using Points = std::vector<internal::v1::MeetingPoint>;

// One visit that has its parts at another.
class Review {
 public:
  Review(Command& command, v1::Visit there, visit::Job job, int pickup)
      : command_(command),
        uow_(command.uow),
        there_(std::move(there)),
        job_(std::move(job)),
        number_(pickup),
        pickup_(job_.visit.pickups(pickup)) {}

  Status run() {
    FIRSTFIX_TRY(points, as_they_are_now());
    const auto point = number_ < static_cast<int>(points.size()) ? points[static_cast<std::size_t>(number_)]
                                                                 : internal::v1::MeetingPoint{};
    const auto why = pickup_.colleague() + " cannot hand over its parts at " + there_.name() + " any more";
    if (visit::begun(job_.visit)) {
      const bool met = job_.visit.has_arrived_at() || point.ends_us() <= command_.now().micros;
      return met || possible(point) ? Status{} : go_without(points, why);
    }
    if (!possible(point)) return plan_anew(command_, job_, why);
    return point.starts_us() == to_instant(pickup_.at()).micros ? Status{} : move_to(points, point);
  }

 private:
  // Who comes sets out with the visit: where parts are fetched moves with its time, the last first. Who has set out
  // goes by the times that it was for, though a place on the way has been left out since.
  Result<Points> as_they_are_now() const {
    FIRSTFIX_TRY(roster, roster_of(uow_, job_.visit.engineer()));
    for (const auto& stop : roster.stops()) {
      if (stop.visit() != job_.visit.name()) continue;
      Points points(stop.meets().begin(), stop.meets().end());
      if (visit::begun(job_.visit)) return points;
      Position to{stop.latitude_deg(), stop.longitude_deg()};
      auto arrives = stop.starts_us();
      for (auto point = points.rbegin(); point != points.rend(); ++point) {
        const Position from{point->latitude_deg(), point->longitude_deg()};
        const auto takes = point->ends_us() - point->starts_us();
        point->set_ends_us(arrives - command_.travel.time(from, to, Instant{point->ends_us()}).count());
        point->set_starts_us(point->ends_us() - takes);
        to = from;
        arrives = point->starts_us();
      }
      return points;
    }
    return Points{};
  }

  bool possible(const internal::v1::MeetingPoint& point) const {
    if (point.ends_us() == 0 || there_.engineer() != pickup_.colleague() || !agreed(there_)) return false;
    const auto open = presence(there_, command_.now());
    return (there_.has_arrived_at() || open.from.micros <= point.starts_us()) && point.ends_us() <= open.to.micros;
  }

  // Nobody is sent back who is under way: the parts are not fetched, which the phone shows and the case says once.
  Status go_without(Points points, const std::string& why) {
    FIRSTFIX_CHECK(call_off(uow_, job_.visit, there_.name()));
    if (number_ < static_cast<int>(points.size())) points.erase(points.begin() + number_);
    FIRSTFIX_CHECK(set_meets(uow_, job_.visit.engineer(), job_.visit.name(), points));
    FIRSTFIX_CHECK(release_parts(uow_, job_.visit.name(), pickup_.location()));
    auto& all = *job_.visit.mutable_pickups();
    all.erase(all.begin() + number_);
    FIRSTFIX_CHECK(uow_.put(job_.visit));
    return note(uow_, job_.visit, why + ": " + job_.visit.engineer() + " is under way, and comes without them");
  }

  Status move_to(const Points& points, const internal::v1::MeetingPoint& point) {
    const auto at = to_proto(Instant{point.starts_us()});
    *job_.visit.mutable_pickups(number_)->mutable_at() = at;
    for (auto& one : *there_.mutable_hand_overs())
      if (one.visit() == job_.visit.name()) *one.mutable_at() = at;
    FIRSTFIX_CHECK(set_meets(uow_, job_.visit.engineer(), job_.visit.name(), points));
    FIRSTFIX_CHECK(uow_.put(job_.visit));
    return uow_.put(there_);
  }

  Command& command_;
  UnitOfWork& uow_;
  v1::Visit there_;
  visit::Job job_;
  const int number_;
  const v1::Pickup pickup_;
};

}  // namespace

Result<std::vector<planning::Meeting>> meetings_for(Work& work, const Draft& draft, const v1::Territory* territory) {
  std::vector<planning::Meeting> out;
  if (territory == nullptr) return out;
  const auto takes = to_duration(territory->hand_over());
  if (takes <= Duration{0}) return out;
  FIRSTFIX_TRY(workforce, work.minds.workforce(work.uow));
  const auto workers = workforce->by_territory.find(territory->name());
  if (workers == workforce->by_territory.end()) return out;
  for (const auto& worker : workers->second) {
    FIRSTFIX_TRY(parts, free_parts(work.uow, worker.engineer.van(), draft));
    if (!parts.empty()) FIRSTFIX_CHECK(add_meetings(work.uow, worker.engineer, takes, parts, out));
  }
  return out;
}

std::vector<internal::v1::MeetingPoint> meeting_points(const planning::Choice& choice) {
  std::vector<internal::v1::MeetingPoint> out;
  if (choice.pickups.empty() || (choice.pickups.size() == 1 && choice.pickups.front().visit.empty())) return out;
  for (const auto& pickup : choice.pickups) {
    auto& point = out.emplace_back();
    point.set_starts_us(pickup.when.from.micros);
    point.set_ends_us(pickup.when.to.micros);
    point.set_latitude_deg(pickup.position.latitude_deg);
    point.set_longitude_deg(pickup.position.longitude_deg);
  }
  return out;
}

Status arrange_meeting(UnitOfWork& uow, const planning::Pickup& planned, const std::string& engineer,
                       const std::string& visit, v1::Pickup& pickup) {
  FIRSTFIX_TRY(there, uow.get<v1::Visit>(planned.visit));
  pickup.set_colleague(planned.colleague);
  pickup.set_at_visit(there.name());
  pickup.set_site(there.site());
  *pickup.mutable_at() = to_proto(planned.when.from);
  auto& told = *there.add_hand_overs();
  told.set_visit(visit);
  told.set_engineer(engineer);
  *told.mutable_parts() = pickup.parts();
  *told.mutable_at() = pickup.at();
  FIRSTFIX_TRY(zone, zone_in(uow, there.territory()));
  FIRSTFIX_CHECK(note(uow, there,
                      engineer + " comes at " + in_words(planned.when.from, zone) + " for " +
                          std::to_string(pickup.parts_size()) + " part(s) out of the van of " + planned.colleague));
  return uow.put(std::move(there));
}

Status call_off_meetings(UnitOfWork& uow, const v1::Visit& visit) {
  for (const auto& pickup : visit.pickups())
    if (!pickup.at_visit().empty()) FIRSTFIX_CHECK(call_off(uow, visit, pickup.at_visit()));
  return {};
}

Status review_meetings(Command& command, const std::string& at_visit) {
  FIRSTFIX_TRY(there, command.uow.get<v1::Visit>(at_visit));
  for (const auto& one : there.hand_overs()) {
    FIRSTFIX_TRY(job, job_of(command.uow, one.visit()));
    const auto pickup = pickup_at(job.visit, at_visit);
    if (pickup < 0 || !visit::open(job.visit) || job.visit.engineer().empty()) continue;
    FIRSTFIX_TRY(now, command.uow.get<v1::Visit>(at_visit));
    FIRSTFIX_CHECK(Review(command, std::move(now), std::move(job), pickup).run());
  }
  return {};
}

}  // namespace firstfix::desk
