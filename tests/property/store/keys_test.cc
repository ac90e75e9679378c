// Keys are the tuples that they were made of: they go back to them, and sort as they do.
#include "store/keys.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace firstfix::store {
namespace {

using Parts = std::vector<std::string>;

std::string key_of(const Parts& parts) {
  std::string made;
  for (const auto& part : parts) made += key({part});
  return made;
}

// Few and mean bytes, so that parts are often prefixes of one another.
rc::Gen<Parts> any_parts() {
  return rc::gen::container<Parts>(
      rc::gen::container<std::string>(rc::gen::element('\0', '\x01', 'a', '\xFE', '\xFF')));
}

// As bytes without a sign, which is how keys are compared.
bool less(const Parts& a, const Parts& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

RC_GTEST_PROP(Keys, GoBackToTheirParts, ()) {
  const auto parts = *any_parts();
  const auto decoded = decode_key(key_of(parts));
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(*decoded == parts);
}

RC_GTEST_PROP(Keys, SortAsTheirPartsDo, ()) {
  const auto a = *any_parts(), b = *any_parts();
  RC_ASSERT((key_of(a) < key_of(b)) == less(a, b));
}

RC_GTEST_PROP(Keys, OnlyWhatTheyMadeDecodes, (const std::string& bytes)) {
  if (const auto decoded = decode_key(bytes)) RC_ASSERT(key_of(*decoded) == bytes);
}

RC_GTEST_PROP(Keys, ThePrefixEndIsTheFirstBeyond, ()) {
  const auto parts = *any_parts(), more = *any_parts();
  const auto prefix = key_of(parts), end = prefix_end(prefix);
  RC_ASSERT(prefix + key_of(more) >= prefix);
  if (!end.empty()) RC_ASSERT(prefix + key_of(more) < end);
}

}  // namespace
}  // namespace firstfix::store
