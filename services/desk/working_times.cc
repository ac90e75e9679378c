#include "working_times.h"

#include <algorithm>

#include "casework/convert.h"

namespace firstfix::desk {
namespace {

using Intervals = std::vector<planning::Interval>;

Intervals without(const Intervals& spans, const Intervals& others) {
  Intervals out;
  const auto taken = joined(others);
  for (const auto& span : joined(spans)) {
    auto from = span.from;
    for (const auto& other : taken) {
      if (other.to <= from || other.from >= span.to) continue;
      if (other.from > from) out.push_back({from, other.from});
      from = other.to;
    }
    if (from < span.to) out.push_back({from, span.to});
  }
  return out;
}

}  // namespace

WorkingTimes working_times(const Worker& worker, Instant after, Instant before) {
  WorkingTimes out;
  Intervals on_call;
  for (const auto& shift : worker.shifts) {
    const planning::Interval span{to_instant(shift.starts_at()), to_instant(shift.ends_at())};
    if (span.to <= after || span.from >= before || span.to < span.from) continue;
    (shift.on_call() ? on_call : out.regular).push_back(span);
    if (const auto rest = break_of(shift)) out.breaks.push_back(*rest);
  }
  out.on_call = without(on_call, out.regular);
  return out;
}

std::optional<planning::ShiftBreak> break_of(const v1::Shift& shift) {
  if (!shift.has_meal_break() || shift.on_call()) return std::nullopt;
  const auto& rest = shift.meal_break();
  return planning::ShiftBreak{{to_instant(rest.earliest_at()), to_instant(rest.latest_at())},
                              to_duration(rest.takes())};
}

Intervals joined(Intervals spans, Duration apart) {
  std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  Intervals out;
  for (const auto& span : spans)
    if (!out.empty() && span.from <= out.back().to + apart)
      out.back().to = std::max(out.back().to, span.to);
    else
      out.push_back(span);
  return out;
}

}  // namespace firstfix::desk
