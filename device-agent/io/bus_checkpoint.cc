#include "agent_io/bus_checkpoint.h"

namespace firstfix::agent {
namespace {

void save(const TrackerState& state, checkpoint::Bus& out) {
  for (const auto& source : state.sources) {
    auto& to = *out.add_sources();
    to.set_address(source.address);
    to.set_heard(source.heard.micros);
    to.set_lamps_heard(source.lamps_heard);
    to.set_lamps(source.lamps);
    if (source.erase_asked) to.set_erase_asked(source.erase_asked->micros);
  }
  for (const auto& code : state.codes) {
    auto& to = *out.add_codes();
    to.set_source(code.key.source);
    to.set_spn(code.key.spn);
    to.set_fmi(code.key.fmi);
    to.set_active(code.active);
    to.set_occurrences(code.now.occurrences);
    to.set_old_conversion(code.now.old_conversion);
    to.set_seen(code.seen.micros);
    if (code.told_count) to.set_told_count(*code.told_count);
    to.set_told_lamps(code.told_lamps);
    if (code.told) to.set_told(code.told->micros);
    to.set_told_count_at(code.told_count_at.micros);
    if (code.missing_since) to.set_missing_since(code.missing_since->micros);
    to.set_missed(code.missed);
  }
}

void save(const OperationState& state, checkpoint::Operation& out) {
  out.set_working(state.working);
  out.set_told_working(state.told_working);
  out.set_operating(state.operating.count());
  if (state.engine_hours) out.set_engine_hours(*state.engine_hours);
  if (state.began) out.set_began(state.began->micros);
  if (state.proven) out.set_proven(state.proven->micros);
  if (state.told) out.set_told(state.told->micros);
  out.set_engines(std::string(state.engines.begin(), state.engines.end()));
  out.set_engine_heard(state.engine_heard);
}

TrackerState restore_faults(const checkpoint::Bus& in) {
  TrackerState state;
  for (const auto& from : in.sources()) {
    TrackerState::Source source{.address = static_cast<std::uint8_t>(from.address()),
                                .heard = Instant{from.heard()},
                                .lamps_heard = static_cast<std::uint8_t>(from.lamps_heard()),
                                .lamps = static_cast<std::uint8_t>(from.lamps()),
                                .erase_asked = {}};
    if (from.has_erase_asked()) source.erase_asked = Instant{from.erase_asked()};
    state.sources.push_back(source);
  }
  for (const auto& from : in.codes()) {
    TrackerState::Code code;
    code.key = {static_cast<std::uint8_t>(from.source()), from.spn(), static_cast<std::uint8_t>(from.fmi())};
    code.active = from.active();
    code.now = {from.spn(), code.key.fmi, static_cast<std::uint8_t>(from.occurrences()), from.old_conversion()};
    code.seen = Instant{from.seen()};
    if (from.has_told_count()) code.told_count = static_cast<std::uint8_t>(from.told_count());
    code.told_lamps = static_cast<std::uint8_t>(from.told_lamps());
    if (from.has_told()) code.told = Instant{from.told()};
    code.told_count_at = Instant{from.told_count_at()};
    if (from.has_missing_since()) code.missing_since = Instant{from.missing_since()};
    code.missed = from.missed();
    state.codes.push_back(code);
  }
  return state;
}

OperationState restore_operation(const checkpoint::Operation& in) {
  OperationState state;
  state.working = in.working();
  state.told_working = in.told_working();
  state.operating = Duration{in.operating()};
  if (in.has_engine_hours()) state.engine_hours = in.engine_hours();
  if (in.has_began()) state.began = Instant{in.began()};
  if (in.has_proven()) state.proven = Instant{in.proven()};
  if (in.has_told()) state.told = Instant{in.told()};
  state.engines.assign(in.engines().begin(), in.engines().end());
  state.engine_heard = in.engine_heard();
  return state;
}

}  // namespace

void save(const Bus& bus, checkpoint::Bus& out) {
  save(bus.tracker().state(), out);
  save(bus.operation().state(), *out.mutable_operation());
}

Bus restore(const checkpoint::Bus& in) {
  return {restore_faults(in), restore_operation(in.operation())};
}

}  // namespace firstfix::agent
