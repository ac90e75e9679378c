// The embedded engine: RocksDB, one directory, one process.
//
// Transactions run one after the other, on whichever caller's thread leads at the moment; all that wait together are
// made durable by one sync. So they are serialisable without conflicts, and a caller alone pays no thread hop.
#pragma once

#include <memory>
#include <string>

#include "store/store.h"

namespace firstfix::store {

enum class Durability {
  kSync,     // survives the machine's death
  kProcess,  // survives the process's death only
};

struct Options {
  std::string directory;
  const Clock* clock = nullptr;     // stamps the log's entries; outlives the store
  std::uint64_t identity_seed = 0;  // random; becomes the identity of a new store
  Durability durability = Durability::kSync;
};

// kUnavailable if another process has it open; kState if a newer version wrote it; kCorrupt if it cannot be read.
Result<std::unique_ptr<Store>> open_rocksdb(const Options& options);

}  // namespace firstfix::store
