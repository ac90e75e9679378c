#include "desk/signal_facts.h"

#include <algorithm>

#include "casework/case.h"
#include "casework/convert.h"
#include "firstfix/v1/fleet.pb.h"
#include "firstfix/v1/knowledge.pb.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kKeyParts = 8;
constexpr std::size_t kMostCodes = 500;  // of one case; a flood says no more by the next one

// Gathers the facts of one case.
class Gather {
 public:
  Gather(const View& view, const v1::Case& record, const v1::Asset& asset)
      : view_(view), record_(record), asset_(asset) {}

  Result<Facts> all() {
    if (!asset_.model().empty()) FIRSTFIX_CHECK(codes());
    FIRSTFIX_CHECK(outcomes());
    return std::move(facts_);
  }

 private:
  void event(std::string_view kind, const std::string& subject, Instant at) {
    const auto day = learning::day_of(at);
    add(kind, subject, "0", day);
    if (!asset_.has_commissioned_at()) return;
    const auto age = day - learning::day_of(to_instant(asset_.commissioned_at()));
    for (std::size_t band = 0; band < learning::kAgeBands.size(); ++band)
      if (learning::kAgeBands[band].holds(age)) add(kind, subject, std::to_string(band + 1), day);
  }

  void add(std::string_view kind, const std::string& subject, std::string band, learning::Day day) {
    internal::v1::SignalFact fact;
    fact.set_asset(asset_.name());
    put({{std::string(kind), subject, asset_.model(), std::move(band)}, learning::start_of(day), record_.name()}, fact);
  }

  void put(const FactKey& key, const internal::v1::SignalFact& fact) {
    facts_.insert_or_assign(fact_key(view_.tenant(), key), fact);
  }

  Status codes() {
    std::vector<std::string> episodes;
    FIRSTFIX_CHECK(view_.each_entry(index::kEpisodeOfCase, {record_.name()}, [&](std::string_view name, auto) {
      episodes.emplace_back(name);
      return true;
    }));
    std::map<std::string, Instant> first;  // by code
    for (const auto& name : episodes) {
      FIRSTFIX_TRY(episode, view_.find<v1::FaultEpisode>(name));
      if (!episode) continue;
      const auto raised = to_instant(episode->raised_at());
      const auto at = first.try_emplace(episode->code(), raised).first;
      at->second = std::min(at->second, raised);
    }
    std::size_t counted = 0;
    for (const auto& [code, at] : first)
      if (++counted <= kMostCodes) event(signal_kind::kCode, code, at);
    return {};
  }

  // The parts of every visit were put in; what was found last is what it was.
  Status outcomes() {
    std::vector<std::string> visits;
    FIRSTFIX_CHECK(view_.each_entry(index::kVisitOfCase, {record_.name()}, [&](std::string_view name, auto) {
      visits.emplace_back(name);
      return true;
    }));
    for (const auto& visit : visits) {
      FIRSTFIX_TRY(outcome, view_.find<v1::Outcome>("outcomes/" + std::string(id_of(visit))));
      if (!outcome) continue;
      FIRSTFIX_CHECK(installed(visit, *outcome));
      if (visit == record_.visit() && !asset_.model().empty()) FIRSTFIX_CHECK(found(*outcome));
    }
    return {};
  }

  Status installed(const std::string& visit, const v1::Outcome& outcome) {
    FIRSTFIX_TRY(bytes,
                 view_.reader().get(store::Table::kSystem, store::key({view_.tenant(), system::kUsedParts, visit})));
    internal::v1::UsedParts used;
    if (bytes && !used.ParseFromString(*bytes))
      return fail(Code::kCorrupt, "the parts used on " + visit + " do not parse");
    for (const auto& part : outcome.parts()) {
      internal::v1::SignalFact fact;
      fact.set_asset(asset_.name());
      for (const auto& line : used.lines())
        if (line.part() == part) fact.set_lot(line.lot());
      put({{std::string(signal_kind::kLot), part, "", ""}, to_instant(outcome.completed_at()), visit}, fact);
    }
    return {};
  }

  Status found(const v1::Outcome& outcome) {
    const auto at = to_instant(outcome.completed_at());
    for (const auto& cause : outcome.causes()) event(signal_kind::kCause, cause, at);
    for (const auto& part : outcome.parts()) event(signal_kind::kPart, part, at);
    if (!casework::closed(record_) || outcome.causes().empty()) return {};
    FIRSTFIX_TRY(diagnosis, view_.find<v1::Diagnosis>(record_.diagnosis()));
    if (!diagnosis || diagnosis->causes().empty()) return {};
    const auto& best = diagnosis->causes(0);
    internal::v1::SignalFact fact;
    fact.set_asset(asset_.name());
    fact.set_probability(best.probability());
    fact.set_happened(std::find(outcome.causes().begin(), outcome.causes().end(), best.cause()) !=
                      outcome.causes().end());
    put({{std::string(signal_kind::kCalibration), asset_.model(), "", ""},
         to_instant(record_.closed_at()),
         record_.name()},
        fact);
    return {};
  }

  const View& view_;
  const v1::Case& record_;
  const v1::Asset& asset_;
  Facts facts_;
};

}  // namespace

std::string fact_key(const std::string& tenant, const FactKey& key) {
  const auto& [kind, subject, model, band] = key.stream;
  return store::key({tenant, system::kSignalFact, kind, subject, model, band, sortable(key.at), key.source});
}

Result<FactKey> parse_fact_key(std::string_view key) {
  FIRSTFIX_TRY(parts, store::decode_key(key));
  if (parts.size() != kKeyParts || parts[6].size() != 8)
    return fail(Code::kCorrupt, "the key of a fact does not decode");
  return FactKey{{parts[2], parts[3], parts[4], parts[5]}, instant_of(parts[6]), parts[7]};
}

std::string facts_prefix(const std::string& tenant, const StreamId& stream) {
  return store::key({tenant, system::kSignalFact, stream.kind, stream.subject, stream.model, stream.band});
}

Result<Facts> facts_of(const View& view, const std::string& case_name) {
  FIRSTFIX_TRY(record, view.find<v1::Case>(case_name));
  if (!record || record->resolution() == v1::CASE_RESOLUTION_CANCELLED) return Facts{};
  FIRSTFIX_TRY(asset, view.find<v1::Asset>(record->asset()));
  if (!asset) return Facts{};
  return Gather(view, *record, *asset).all();
}

}  // namespace firstfix::desk
