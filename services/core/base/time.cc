#include "base/time.h"

#include <cstdio>

namespace firstfix {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

// Reads exactly `digits` decimal digits at `at`, or -1.
int digits_at(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::string to_iso8601(Instant t) {
  using namespace std::chrono;
  const sys_time<microseconds> point{microseconds{t.micros}};
  const auto day = floor<days>(point);
  const year_month_day date{day};
  const hh_mm_ss clock{point - day};
  char text[48];
  int n = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                        static_cast<int>(clock.seconds().count()));
  std::string out(text, static_cast<std::size_t>(n));
  if (const auto micros = clock.subseconds().count(); micros != 0) {
    n = std::snprintf(text, sizeof text, ".%06d", static_cast<int>(micros));
    out.append(text, static_cast<std::size_t>(n));
    while (out.back() == '0') out.pop_back();
  }
  return out + 'Z';
}

Result<Instant> parse_iso8601(std::string_view text) {
  using namespace std::chrono;
  const auto bad = [&] {
    return fail(Code::kInvalid, "not an ISO 8601 UTC time: '" + std::string(text.substr(0, 40)) + "'");
  };
  const int y = digits_at(text, 0, 4), mo = digits_at(text, 5, 2), d = digits_at(text, 8, 2);
  const int h = digits_at(text, 11, 2), mi = digits_at(text, 14, 2), s = digits_at(text, 17, 2);
  if (y < 0 || mo < 0 || d < 0 || h < 0 || mi < 0 || s < 0) return bad();
  if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':')
    return bad();
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!date.ok() || h > 23 || mi > 59 || s > 60) return bad();
  std::int64_t micros = duration_cast<microseconds>(sys_days{date}.time_since_epoch()).count() +
                        ((h * 60LL + mi) * 60 + s) * kMicrosPerSecond;
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    std::int64_t unit = kMicrosPerSecond / 10;
    std::size_t digits = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits, unit /= 10)
      micros += (text[at] - '0') * unit;
    if (digits == 0) return bad();
  }
  if (at < text.size() && text[at] == 'Z') ++at;
  if (at != text.size()) return bad();
  return Instant{micros};
}

}  // namespace firstfix
