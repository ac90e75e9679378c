// Which index entries each kind of record stands for.
#include <string>

#include "casework/case.h"
#include "casework/convert.h"
#include "desk/unit_of_work.h"
#include "firstfix/v1/fleet.pb.h"
#include "firstfix/v1/growth.pb.h"
#include "firstfix/v1/inventory.pb.h"
#include "firstfix/v1/plan_proposal.pb.h"
#include "firstfix/v1/workforce.pb.h"
#include "visit/answer.h"
#include "visit/appointment.h"
#include "visit/deviation.h"
#include "visit/visit.h"

namespace firstfix::desk {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

// Collects the entries of one message.
class Collect {
 public:
  Collect(const std::string& tenant, Entries& out) : tenant_(tenant), out_(out) {}
  void add(std::string_view index, std::initializer_list<std::string_view> parts, std::string_view value = "") {
    out_.emplace_back(store::key({tenant_, index}, parts), value);
  }

 private:
  const std::string& tenant_;
  Entries& out_;
};

void entries(const v1::FaultEpisode& e, Collect& out) {
  out.add(index::kEpisodeOfAsset, {e.asset(), e.name()});
  if (e.state() != v1::EPISODE_STATE_CLEARED)
    out.add(index::kOpenEpisode, {e.asset(), e.code(), e.component()}, e.name());
  if (e.case_name().empty()) return;
  out.add(index::kEpisodeOfCase, {e.case_name(), e.name()});
  out.add(index::kLastCase, {e.asset(), e.code(), e.component()}, e.case_name());
}

void entries(const v1::Case& c, Collect& out) {
  out.add(index::kCaseOfAsset, {c.asset(), c.name()});
  if (casework::closed(c)) return;
  out.add(index::kOpenCase, {c.name()});
  // The machine's faults join the case that was there first, not what a check on its visit has opened.
  if (c.follow_up_of().empty()) out.add(index::kOpenCaseOfAsset, {c.asset()}, c.name());
  for (const auto& need : c.missing_skills()) out.add(index::kMissingSkill, {need.skill(), c.name()});
}

void entries(const v1::Visit& v, Collect& out) {
  out.add(index::kVisitOfCase, {v.case_name(), v.name()});
  if (!visit::open(v)) return;
  out.add(index::kOpenVisit, {v.name()});
  // A proposed visit is the dispatcher's business; an offered one is seen through its offer.
  if (v.crew().empty() && v.state() >= v1::VISIT_STATE_ACCEPTED) out.add(index::kOpenVisitOf, {v.engineer(), v.name()});
  for (const auto& member : v.crew())
    if (member.state() >= v1::VISIT_STATE_ACCEPTED) out.add(index::kOpenVisitOf, {member.engineer(), v.name()});
}

void entries(const v1::Offer& o, Collect& out) {
  out.add(index::kOfferOfVisit, {o.visit(), o.name()});
  if (o.state() == v1::OFFER_STATE_OPEN) out.add(index::kOpenOfferOf, {o.engineer(), o.name()});
}

void entries(const v1::StepEvidence& e, Collect& out) {
  const auto step = e.name().substr(0, e.name().find("/evidence/"));
  for (const auto& blob : visit::blobs_of(e.evidence())) out.add(index::kProves, {blob}, step);
}

void entries(const v1::Deviation& d, Collect& out) {
  if (visit::undecided(d)) out.add(index::kUndecided, {d.name()});
  if (!d.signature().empty()) out.add(index::kProves, {d.signature()}, d.name());
}

void entries(const v1::Appointment& a, Collect& out) {
  if (visit::open(a)) out.add(index::kOpenAppointment, {a.case_name(), a.name()});
}

void entries(const v1::PlanProposal& p, Collect& out) {
  if (p.state() == v1::PLAN_PROPOSAL_STATE_OPEN) out.add(index::kOpenProposal, {p.territory()}, p.name());
  if (p.state() == v1::PLAN_PROPOSAL_STATE_REJECTED) out.add(index::kRejectedProposal, {p.territory()}, p.name());
  if (p.has_settled_at())
    out.add(index::kSettledProposal, {p.territory(), sortable(to_instant(p.settled_at())), p.name()});
}

void entries(const v1::Asset& a, Collect& out) {
  for (const auto& device : a.devices()) out.add(index::kDeviceAsset, {device}, a.name());
}

void entries(const v1::Engineer& e, Collect& out) {
  out.add(index::kEngineerOf, {e.territory(), e.name()});
}

void entries(const v1::Shift& s, Collect& out) {
  out.add(index::kShiftOf, {s.engineer(), sortable(to_instant(s.starts_at())), s.name()});
}

void entries(const v1::Certificate& c, Collect& out) {
  out.add(index::kCertificateOf, {c.engineer(), c.name()});
}

void entries(const v1::SignOff& s, Collect& out) {
  out.add(index::kSignOffOf, {s.engineer(), s.skill(), s.name()});
}

void entries(const v1::LevelProposal& p, Collect& out) {
  if (p.state() == v1::LEVEL_PROPOSAL_STATE_WAITING)
    out.add(index::kWaitingProposal, {p.engineer(), p.skill()}, p.name());
}

void entries(const v1::Reservation& r, Collect& out) {
  out.add(index::kReservationOf, {r.visit().empty() ? r.appointment() : r.visit(), r.name()});
}

template <class M>
bool collect(const google::protobuf::Message& message, Collect& out) {
  if (message.GetDescriptor() != M::descriptor()) return false;
  entries(static_cast<const M&>(message), out);
  return true;
}

}  // namespace

Entries index_entries(const std::string& tenant, const google::protobuf::Message& message) {
  Entries out;
  Collect into(tenant, out);
  (void)(collect<v1::FaultEpisode>(message, into) || collect<v1::Case>(message, into) ||
         collect<v1::Visit>(message, into) || collect<v1::Offer>(message, into) || collect<v1::Asset>(message, into) ||
         collect<v1::Appointment>(message, into) || collect<v1::StepEvidence>(message, into) ||
         collect<v1::Deviation>(message, into) || collect<v1::Engineer>(message, into) ||
         collect<v1::Shift>(message, into) || collect<v1::Certificate>(message, into) ||
         collect<v1::SignOff>(message, into) || collect<v1::LevelProposal>(message, into) ||
         collect<v1::Reservation>(message, into) || collect<v1::PlanProposal>(message, into));
  return out;
}

}  // namespace firstfix::desk
