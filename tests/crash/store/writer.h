// What the writer writes and the test looks for: transaction `id` of the partition below is kParts records, one index
// entry and one entry of the change log, all of which bear the id.
#pragma once

#include <string>

#include "store/keys.h"
#include "store/store.h"

namespace firstfix::store {

inline const Partition kWritten{"acme", 0};
inline constexpr int kParts = 7;

inline std::string record_key(const std::string& id, int part) {
  return key({"acme", "record", id, std::to_string(part)});
}
inline std::string index_key(const std::string& id) {
  return key({"acme", "index", id});
}

}  // namespace firstfix::store
