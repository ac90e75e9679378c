#include "territory_day.h"

#include <algorithm>
#include <set>

#include "appointments.h"
#include "candidates.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/qualifications.h"
#include "desk/zones.h"
#include "familiar.h"
#include "visit/appointment.h"
#include "visit/crew.h"
#include "visit/visit.h"
#include "working_times.h"

namespace firstfix::desk {
namespace {

constexpr std::string_view kRosterOf = "rosters/";
constexpr Duration kSettled = std::chrono::minutes{30};  // who has agreed may get ready to set out so long before

void add_shifts(const Worker& worker, Instant now, planning::DayEngineer& who) {
  const auto [regular, on_call, breaks] = working_times(worker, now - std::chrono::hours{24});
  who.shifts = joined(regular);
  who.shifts.insert(who.shifts.end(), on_call.begin(), on_call.end());
  std::sort(who.shifts.begin(), who.shifts.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  for (std::size_t i = 0; i < who.shifts.size(); ++i)
    if (std::any_of(on_call.begin(), on_call.end(),
                    [from = who.shifts[i].from](const auto& one) { return one.from == from; }))
      who.on_call.insert(i);
  for (const auto& rest : breaks) who.breaks.try_emplace(planning::shift_of(who, rest.begins.from), rest);
}

// When the engineer will be free, who is on the way or at work.
Instant free_at(const v1::Visit& visit, const std::string& engineer, const internal::v1::RosterStop& stop,
                Instant now) {
  const Instant starts{stop.starts_us()}, ends{stop.ends_us()};
  const auto* member = visit::member_of(visit, engineer);
  if (visit.has_expected_done_at()) return std::max(to_instant(visit.expected_done_at()), now);
  if (member != nullptr && member->has_arrived_at())
    return std::max(to_instant(member->arrived_at()) + (ends - starts), now);
  return std::max(ends, now + (ends - starts));
}

bool is_excluded(const v1::Site& site, const std::string& engineer) {
  const auto& all = site.excluded_engineers();
  return std::find(all.begin(), all.end(), engineer) != all.end();
}

class Reader {
 public:
  Reader(Command& command, const std::string& territory, bool agreed_too)
      : command_(command), uow_(command.uow), territory_(territory), agreed_too_(agreed_too) {}

  Result<TerritoryNow> read() {
    FIRSTFIX_TRY(rest, min_rest_in(uow_, territory_));
    rest_ = rest;
    FIRSTFIX_TRY(zone, zone_in(uow_, territory_));
    zone_ = std::move(zone);
    FIRSTFIX_TRY(workforce, command_.minds.workforce(uow_));
    FIRSTFIX_TRY(knowledge, command_.minds.knowledge(uow_));
    knowledge_ = knowledge;
    const auto workers = workforce->by_territory.find(territory_);
    if (workers == workforce->by_territory.end()) return std::move(out_);
    for (const auto& worker : workers->second) FIRSTFIX_CHECK(add(worker));
    for (const auto& worker : workers->second) FIRSTFIX_CHECK(add_stops(worker));
    FIRSTFIX_CHECK(add_parts(workers->second, *workforce));
    return std::move(out_);
  }

 private:
  Status add(const Worker& worker) {
    const auto& engineer = worker.engineer;
    out_.day.engineers.push_back({.person = person_of(engineer, worker.certificates, *knowledge_),
                                  .home = position_of(engineer.home()),
                                  .min_rest = rest_});
    if (engineer.has_end_location()) out_.day.engineers.back().end = position_of(engineer.end_location());
    add_shifts(worker, uow_.now(), out_.day.engineers.back());
    FIRSTFIX_TRY(roster, roster_of(uow_, engineer.name()));
    auto& rests = out_.rests_of[engineer.name()];
    rests[std::string(kRosterOf) + std::string(id_of(engineer.name()))] = std::to_string(roster.version());
    rests[engineer.name()] = engineer.etag();
    for (const auto& shift : worker.shifts)
      if (to_instant(shift.ends_at()) > uow_.now() &&
          to_instant(shift.starts_at()) < uow_.now() + planning::ReplanOptions{}.horizon)
        rests[shift.name()] = shift.etag();
    for (const auto& stop : roster.stops())
      if (!stop.beside().empty()) asked_about_.insert(stop.beside());
    return {};
  }

  Status add_stops(const Worker& worker) {
    const auto& engineer = worker.engineer.name();
    FIRSTFIX_TRY(roster, roster_of(uow_, engineer));
    const auto in_place_of = [&](const auto& held) {
      return std::any_of(roster.stops().begin(), roster.stops().end(), [&](const auto& other) {
        return !held.beside().empty() && other.visit() == held.beside() && other.starts_us() < held.ends_us() &&
               held.starts_us() < other.ends_us();
      });
    };
    for (const auto& booked : roster.stops()) {
      if (in_place_of(booked)) continue;
      planning::DayStop stop{.id = booked.visit(),
                             .engineer = engineer,
                             .starts = Instant{booked.starts_us()},
                             .ends = Instant{booked.ends_us()},
                             .position = {booked.latitude_deg(), booked.longitude_deg()},
                             .begun = booked.frozen()};
      FIRSTFIX_TRY(visit, uow_.find<v1::Visit>(booked.visit()));
      if (visit) FIRSTFIX_CHECK(describe(*visit, booked, stop));
      out_.day.stops.push_back(std::move(stop));
      if (!booked.frozen())
        for (int i = 0; i < booked.meets_size(); ++i) out_.day.stops.push_back(errand(booked, i, engineer));
    }
    return {};
  }

  // Where somebody is met, or one of several depots, stays like all else that takes an engineer's time.
  static planning::DayStop errand(const internal::v1::RosterStop& booked, int number, const std::string& engineer) {
    const auto& meets = booked.meets(number);
    return {.id = booked.visit() + ", its parts at place " + std::to_string(number + 1),
            .engineer = engineer,
            .starts = Instant{meets.starts_us()},
            .ends = Instant{meets.ends_us()},
            .position = {meets.latitude_deg(), meets.longitude_deg()}};
  }

  Status describe(const v1::Visit& visit, const internal::v1::RosterStop& booked, planning::DayStop& stop) {
    if (stop.begun) stop.ends = free_at(visit, stop.engineer, booked, uow_.now());
    if (visit.engineer() == stop.engineer && !visit.pickups().empty() && booked.meets().empty())
      stop.depot = visit.pickups(0).location();
    FIRSTFIX_TRY(record, uow_.get<v1::Case>(visit.case_name()));
    FIRSTFIX_TRY(moves, may_move(visit, record, stop));
    return moves ? open(visit, record, stop) : Status{};
  }

  Result<bool> may_move(const v1::Visit& visit, const v1::Case& record, const planning::DayStop& stop) {
    const bool agreed = visit.state() == v1::VISIT_STATE_ACCEPTED;
    if (visit.state() != v1::VISIT_STATE_PROPOSED && visit.state() != v1::VISIT_STATE_OFFERED && !agreed) return false;
    if (agreed && (!agreed_too_ || to_instant(visit.travel_starts_at()) < uow_.now() + kSettled)) return false;
    if (stop.begun || visit.engineer() != stop.engineer || visit.crew_size() > 1) return false;
    if (!visit.hand_overs().empty()) return false;
    if (visit.pickups_size() > 1 || (visit.pickups_size() == 1 && !visit.pickups(0).at_visit().empty())) return false;
    if (!visit.named_by().empty() || visit.territory() != territory_ || asked_about_.count(visit.name()) > 0)
      return false;
    const auto& declined = record.declined_by();
    if (std::find(declined.begin(), declined.end(), stop.engineer) != declined.end()) return false;
    if (on_call_at(stop)) return false;
    FIRSTFIX_TRY(site, uow_.find<v1::Site>(visit.site()));
    if (site && is_excluded(*site, stop.engineer)) return false;  // booked before that was written
    FIRSTFIX_TRY(reason, unfit(uow_, *knowledge_, visit, needs_of(*knowledge_, visit),
                               planning::Interval{stop.starts, stop.ends}));
    return reason.empty();
  }

  bool on_call_at(const planning::DayStop& stop) const {
    for (const auto& who : out_.day.engineers)
      if (who.person.id == stop.engineer)
        return who.on_call.count(planning::shift_of(who, std::max(stop.starts, uow_.now()))) > 0;
    return false;
  }

  void obey_site(const v1::Site& site, planning::DayStop& stop) const {
    stop.excluded.insert(stop.excluded.end(), site.excluded_engineers().begin(), site.excluded_engineers().end());
    stop.access = access_ahead(site, zone_, uow_.now());
  }

  Status open(const v1::Visit& visit, const v1::Case& record, planning::DayStop& stop) {
    stop.stays = false;
    stop.agreed = visit.state() == v1::VISIT_STATE_ACCEPTED;
    stop.skills = needs_of(*knowledge_, visit);
    stop.excluded.assign(record.declined_by().begin(), record.declined_by().end());
    stop.priority = priority_of(record.severity());
    stop.hazard = record.severity() == v1::SEVERITY_HAZARD;
    stop.respond_by = late_from(record, uow_.now());
    for (const auto& shipment : visit.shipments())
      stop.not_before = std::max(stop.not_before, to_instant(shipment.arrives_at()));
    auto& rests = out_.rests_of[visit.name()];
    rests[visit.name()] = visit.etag();
    FIRSTFIX_TRY(site, uow_.find<v1::Site>(visit.site()));
    if (site) {
      obey_site(*site, stop);
      rests[site->name()] = site->etag();
    }
    FIRSTFIX_TRY(familiar, familiar_with(uow_, record, site ? &*site : nullptr));
    stop.preferred = std::move(familiar);
    FIRSTFIX_TRY(promise, promised_to(uow_, record));
    if (promise) {
      const auto window = visit::window_of(*promise);
      stop.not_before = std::max(stop.not_before, window.from);
      stop.not_after = window.to;
      rests[promise->name()] = promise->etag();
    }
    FIRSTFIX_TRY(reserved, reserved_for(uow_, visit.name()));
    for (const auto& one : reserved) {
      stop.parts[one.part()] += static_cast<int>(one.quantity());
      set_aside_[{one.location(), one.part()}] += static_cast<int>(one.quantity());
      kinds_.insert(one.part());
    }
    out_.case_of[visit.name()] = record.name();
    return {};
  }

  // What is free of the parts that may move, and what is set aside for those visits.
  Result<std::map<std::string, int>> parts_at(const std::string& location) {
    std::map<std::string, int> out;
    if (location.empty()) return out;
    for (const auto& part : kinds_) {
      FIRSTFIX_TRY(free, available(uow_, location, part));
      const int all = static_cast<int>(std::min<std::uint32_t>(free, 1'000'000)) + set_aside_[{location, part}];
      if (all > 0) out[part] = all;
    }
    return out;
  }

  Status add_parts(const std::vector<Worker>& workers, const Workforce& workforce) {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      FIRSTFIX_TRY(parts, parts_at(workers[i].engineer.van()));
      out_.day.engineers[i].parts = std::move(parts);
    }
    const auto depots = workforce.depots.find(territory_);
    if (depots == workforce.depots.end()) return {};
    for (const auto& depot : depots->second) {
      FIRSTFIX_TRY(parts, parts_at(depot.name()));
      out_.day.depots.push_back({depot.name(), position_of(depot.position()), std::move(parts)});
    }
    return {};
  }

  Command& command_;
  UnitOfWork& uow_;
  const std::string& territory_;
  const bool agreed_too_;
  std::shared_ptr<const Knowledge> knowledge_;
  TerritoryNow out_;
  Duration rest_{};
  Zone zone_;
  std::set<std::string> asked_about_;  // visits whose customers think about another time
  std::set<std::string> kinds_;        // of parts
  std::map<std::pair<std::string, std::string>, int> set_aside_;
};

template <class M>
Result<std::string> etag_of(const View& view, const std::string& name) {
  FIRSTFIX_TRY(found, view.find<M>(name));
  return found ? found->etag() : std::string();
}

bool begins(const std::string& name, std::string_view with) {
  return name.rfind(with, 0) == 0;
}

}  // namespace

Result<TerritoryNow> territory_now(Command& command, const std::string& territory, bool agreed_too) {
  return Reader(command, territory, agreed_too).read();
}

Result<std::string> version_of(const View& view, const std::string& record) {
  if (begins(record, kRosterOf)) {
    FIRSTFIX_TRY(roster, roster_of(view, "engineers/" + record.substr(kRosterOf.size())));
    return std::to_string(roster.version());
  }
  if (begins(record, "visits/")) return etag_of<v1::Visit>(view, record);
  if (begins(record, "appointments/")) return etag_of<v1::Appointment>(view, record);
  if (begins(record, "sites/")) return etag_of<v1::Site>(view, record);
  if (begins(record, "engineers/")) return etag_of<v1::Engineer>(view, record);
  if (begins(record, "shifts/")) return etag_of<v1::Shift>(view, record);
  return std::string();
}

}  // namespace firstfix::desk
