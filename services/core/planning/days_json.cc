// An engineer with several shifts is read into one entry a day.
#include "json_in.h"

namespace firstfix::planning {
namespace {

constexpr std::size_t kMostDays = 62;

Seconds home_by(const Engineer& day) {
  return day.overtime ? day.overtime->until : day.shift.to;
}

// `overtime` says for how long after each shift; breaks go with the shift in which they begin.
Engineer day_of(const Engineer& all, const Span& shift) {
  Engineer day = all;
  day.shift = shift;
  if (day.overtime) day.overtime->until = shift.to + all.overtime->until;
  day.breaks.clear();
  for (const auto& rest : all.breaks)
    if (rest.from >= shift.from && rest.from <= shift.to) day.breaks.push_back(rest);
  return day;
}

Status every_break_has_a_shift(const In& in, const std::vector<Engineer>& days) {
  for (std::size_t b = 0; in.present() && b < in.size(); ++b) {
    FIRSTFIX_TRY(from, in.item(b).member("from").seconds());
    bool found = false;
    for (const auto& day : days) found = found || (from >= day.shift.from && from <= day.shift.to);
    if (!found) return in.item(b).bad("begins in no shift");
  }
  return {};
}

}  // namespace

Result<std::vector<Engineer>> read_days(const In& in, Engineer all, int entry) {
  FIRSTFIX_TRY(min_rest, in.member("min_rest").seconds_or(0));
  all.min_rest = min_rest;
  const auto shifts = in.member("shifts");
  if (!shifts.present()) return std::vector<Engineer>{std::move(all)};
  if (in.member("shift").present()) return shifts.bad("contradicts `shift`");
  FIRSTFIX_CHECK(shifts.array(1, kMostDays));
  all.first_day = shifts.size() > 1 ? entry : kNone;
  std::vector<Engineer> days;
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    FIRSTFIX_TRY(shift, read_span(shifts.item(i)));
    if (i > 0 && shift.from < home_by(days.back()))
      return shifts.item(i).bad("begins before the shift before, with its overtime, ends");
    days.push_back(day_of(all, shift));
  }
  FIRSTFIX_CHECK(every_break_has_a_shift(in.member("breaks"), days));
  return days;
}

}  // namespace firstfix::planning
