#include "desk/minds.h"

#include <algorithm>

#include "casework/convert.h"
#include "diagnosis/model.h"
#include "diagnosis/urgency.h"

namespace firstfix::desk {
namespace {

using Kind = diagnosis::Families::Kind;

// Who is alike, as the catalogue says; codes of a standard as that says.
diagnosis::Families families_of(const Knowledge& knowledge) {
  diagnosis::Families out;
  out.follow_standards();
  const auto add = [&](Kind kind, std::string_view name, const std::string& family) {
    if (!family.empty()) out.add(kind, std::string(name), family);
  };
  for (const auto& [name, model] : knowledge.models) add(Kind::kModel, name, model.family());
  for (const auto& [code, record] : knowledge.codes) add(Kind::kCode, code, record.family());
  for (const auto& [name, part] : knowledge.parts) add(Kind::kPart, name, part.family());
  return out;
}

template <class M>
Status read_all(const View& view, const std::function<void(M&)>& take) {
  return view.each<M>("", "", [&](M& message) {
    take(message);
    return true;
  });
}

diagnosis::Cause plain(const v1::Cause& cause) {
  diagnosis::Cause out{.name = cause.name(), .rate = cause.has_rate() ? cause.rate() : 1.0};
  for (const auto& link : cause.codes()) out.codes.push_back({std::string(id_of(link.code())), link.probability()});
  for (const auto& link : cause.parts()) out.parts.push_back({link.part(), link.probability()});
  out.models.assign(cause.models().begin(), cause.models().end());
  return out;
}

Result<std::shared_ptr<const Knowledge>> read_knowledge(const View& view) {
  auto out = std::make_shared<Knowledge>();
  FIRSTFIX_CHECK(read_all<v1::FaultCode>(view, [&](auto& m) { out->codes.emplace(id_of(m.name()), std::move(m)); }));
  FIRSTFIX_CHECK(read_all<v1::Cause>(view, [&](auto& m) { out->causes.emplace(m.name(), std::move(m)); }));
  FIRSTFIX_CHECK(read_all<v1::Skill>(view, [&](auto& m) { out->skills.emplace(m.name(), std::move(m)); }));
  FIRSTFIX_CHECK(read_all<v1::AssetModel>(view, [&](auto& m) { out->models.emplace(m.name(), std::move(m)); }));
  FIRSTFIX_CHECK(read_all<v1::Part>(view, [&](auto& m) { out->parts.emplace(m.name(), std::move(m)); }));
  FIRSTFIX_CHECK(read_all<v1::ServiceStandard>(view, [&](auto& m) { out->standards.push_back(std::move(m)); }));
  for (const auto& [name, cause] : out->causes) out->catalogue.causes.push_back(plain(cause));
  out->catalogue.families = families_of(*out);
  return std::shared_ptr<const Knowledge>(std::move(out));
}

Result<std::shared_ptr<const Workforce>> read_workforce(const View& view) {
  auto out = std::make_shared<Workforce>();
  std::map<std::string, std::vector<v1::Shift>> shifts;
  FIRSTFIX_CHECK(read_all<v1::Shift>(view, [&](auto& m) { shifts[m.engineer()].push_back(std::move(m)); }));
  for (auto& [engineer, list] : shifts)
    std::sort(list.begin(), list.end(),
              [](const auto& a, const auto& b) { return to_instant(a.starts_at()) < to_instant(b.starts_at()); });
  std::map<std::string, std::vector<v1::Certificate>> certificates;
  FIRSTFIX_CHECK(read_all<v1::Certificate>(view, [&](auto& m) { certificates[m.engineer()].push_back(std::move(m)); }));
  FIRSTFIX_CHECK(read_all<v1::Engineer>(view, [&](auto& m) {
    if (m.inactive()) return;
    auto own = std::move(shifts[m.name()]);
    const auto territory = m.territory();
    auto papers = std::move(certificates[m.name()]);
    out->by_territory[territory].push_back({std::move(m), std::move(own), std::move(papers)});
  }));
  FIRSTFIX_CHECK(read_all<v1::StockLocation>(view, [&](auto& m) {
    if (m.kind() != v1::STOCK_LOCATION_KIND_DEPOT) return;
    const auto territory = m.territory();
    out->depots[territory].push_back(std::move(m));
  }));
  return std::shared_ptr<const Workforce>(std::move(out));
}

}  // namespace

const v1::FaultCode* Knowledge::code(std::string_view code) const {
  const auto found = codes.find(code);
  return found == codes.end() ? nullptr : &found->second;
}

const v1::Cause* Knowledge::cause(std::string_view name) const {
  const auto found = causes.find(name);
  return found == causes.end() ? nullptr : &found->second;
}

template <class T, class Read>
Result<std::shared_ptr<const T>> Minds::cached(std::map<std::string, Cached<T>>& all, const View& view,
                                               std::string_view group, Read read) {
  FIRSTFIX_TRY(version, view.version(group));
  {
    std::shared_lock lock(mutex_);
    const auto found = all.find(view.tenant());
    if (found != all.end() && found->second.version == version) return found->second.value;
  }
  FIRSTFIX_TRY(fresh, read(view));
  std::unique_lock lock(mutex_);
  auto& entry = all[view.tenant()];
  entry.version = version;
  entry.value = fresh;
  return fresh;
}

Result<std::shared_ptr<const Knowledge>> Minds::knowledge(const View& view) {
  return cached(knowledge_, view, kCatalogueGroup, read_knowledge);
}

Result<std::shared_ptr<const Workforce>> Minds::workforce(const View& view) {
  return cached(workforce_, view, kWorkforceGroup, read_workforce);
}

Result<Minds::Models> Minds::models(const View& view) {
  FIRSTFIX_TRY(known, knowledge(view));
  {
    std::lock_guard lock(estimates_mutex_);
    const auto& last = estimates_[view.tenant()];
    if (last.knowledge == known) return last.models;
  }
  return estimated(view.tenant(), std::move(known));
}

Result<std::shared_ptr<const diagnosis::Model>> Minds::model(const View& view) {
  FIRSTFIX_TRY(both, models(view));
  return std::move(both.stops);
}

Result<double> Minds::fails(const View& view, const learning::Sight& sight) {
  FIRSTFIX_TRY(both, models(view));
  return both.warnings ? diagnosis::fails(diagnosis::diagnose(*both.warnings, sight)) : 1.0;
}

Status Minds::estimate(const View& view) {
  FIRSTFIX_TRY(known, knowledge(view));
  static_cast<void>(estimated(view.tenant(), std::move(known)));
  return {};
}

Minds::Models Minds::estimated(const std::string& tenant, std::shared_ptr<const Knowledge> known) {
  // Who only reads what was learnt goes on meanwhile.
  std::shared_lock reading(learnt_mutex_);
  static const Learnt kNothing;
  const auto found = learnt_.find(tenant);
  const auto& learnt = found == learnt_.end() ? kNothing : found->second;
  {
    std::lock_guard lock(estimates_mutex_);
    const auto& last = estimates_[tenant];
    if (last.knowledge == known && last.version == learnt.version) return last.models;
  }
  const auto& [counts, warnings, repairs] = learnt.experience;
  Models models{std::make_shared<const diagnosis::Model>(known->catalogue, counts), nullptr};
  if (warnings.visits() > 0) models.warnings = std::make_shared<const diagnosis::Model>(known->catalogue, warnings);
  std::lock_guard lock(estimates_mutex_);
  estimates_[tenant] = {std::move(known), learnt.version, models};
  return models;
}

learning::Sight Minds::sight(const std::string& tenant, const v1::Asset& asset, const Seen& seen, Instant now) const {
  learning::Sight out{.model = asset.model(), .signs = seen.codes};
  out.marks = seen.marks;
  out.readings = seen.readings;
  if (asset.has_commissioned_at()) {
    out.days_known = learning::days(now - to_instant(asset.commissioned_at()));
    out.age_years = std::max(0.0, out.days_known / learning::kDaysAYear);
  }
  std::shared_lock lock(learnt_mutex_);
  if (const auto learnt = learnt_.find(tenant); learnt != learnt_.end()) {
    const auto& repairs = learnt->second.experience.repairs;
    if (const auto past = repairs.find(asset.name()); past != repairs.end())
      learning::add_repairs(out, past->second, now);
  }
  return out;
}

std::optional<Instant> Minds::last_replaced(const std::string& tenant, const std::string& asset,
                                            const std::string& part) const {
  std::shared_lock lock(learnt_mutex_);
  const auto learnt = learnt_.find(tenant);
  if (learnt == learnt_.end()) return std::nullopt;
  const auto& repairs = learnt->second.experience.repairs;
  const auto past = repairs.find(asset);
  if (past == repairs.end()) return std::nullopt;
  for (auto work = past->second.rbegin(); work != past->second.rend(); ++work)
    if (std::find(work->parts.begin(), work->parts.end(), part) != work->parts.end()) return work->completed_at;
  return std::nullopt;
}

std::int64_t Minds::visits_learnt(const std::string& tenant, std::string_view cause) const {
  std::shared_lock lock(learnt_mutex_);
  const auto learnt = learnt_.find(tenant);
  return learnt == learnt_.end() ? 0 : learnt->second.experience.counts.visits(cause);
}

void Minds::learn(const std::string& tenant, const std::function<void(Experience&)>& change) {
  std::unique_lock lock(learnt_mutex_);
  auto& learnt = learnt_[tenant];
  change(learnt.experience);
  ++learnt.version;
}

}  // namespace firstfix::desk
