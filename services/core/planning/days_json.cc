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

// The days, counted from 0 as in `shifts`, on which the engineer is at home until called.
Status read_on_call(const In& in, std::vector<Engineer>& days) {
  if (!in.present()) return {};
  FIRSTFIX_CHECK(in.array(0, kMostDays));
  for (std::size_t i = 0; i < in.size(); ++i) {
    FIRSTFIX_TRY(day, in.item(i).integer(0, static_cast<std::int64_t>(days.size()) - 1));
    days[static_cast<std::size_t>(day)].on_call = true;
  }
  return {};
}

}  // namespace

Result<std::vector<Engineer>> read_days(const In& in, Engineer all, int entry) {
  FIRSTFIX_TRY(min_rest, in.member("min_rest").seconds_or(0));
  all.min_rest = min_rest;
  const auto shifts = in.member("shifts"), on_call = in.member("on_call");
  std::vector<Engineer> days;
  if (!shifts.present()) {
    days.push_back(std::move(all));
    FIRSTFIX_CHECK(read_on_call(on_call, days));
    return days;
  }
  if (in.member("shift").present()) return shifts.bad("contradicts `shift`");
  FIRSTFIX_CHECK(shifts.array(1, kMostDays));
  all.first_day = shifts.size() > 1 ? entry : kNone;
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    FIRSTFIX_TRY(shift, read_span(shifts.item(i)));
    if (i > 0 && shift.from < home_by(days.back()))
      return shifts.item(i).bad("begins before the shift before, with its overtime, ends");
    days.push_back(day_of(all, shift));
  }
  FIRSTFIX_CHECK(every_break_has_a_shift(in.member("breaks"), days));
  FIRSTFIX_CHECK(read_on_call(on_call, days));
  return days;
}

}  // namespace firstfix::planning
