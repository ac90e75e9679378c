#include "base/ids.h"

namespace firstfix {

std::string new_id(Instant now, Entropy& entropy) {
  static constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  const auto millis = static_cast<std::uint64_t>(now.micros / 1000);
  const std::uint64_t a = entropy.next(), b = entropy.next();
  std::string id(26, '0');
  for (int i = 0; i < 10; ++i) id[static_cast<std::size_t>(i)] = kAlphabet[(millis >> (5 * (9 - i))) & 31];
  for (int i = 0; i < 8; ++i) id[10 + static_cast<std::size_t>(i)] = kAlphabet[(a >> (5 * i)) & 31];
  for (int i = 0; i < 8; ++i) id[18 + static_cast<std::size_t>(i)] = kAlphabet[(b >> (5 * i)) & 31];
  return id;
}

}  // namespace firstfix
