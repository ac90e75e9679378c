// The configuration of `firstfixd`: one typed table, read from TOML. Unknown keys, wrong types and values out of range
// are errors that name the key.
#pragma once

#include <string>

#include "api/services.h"
#include "base/result.h"
#include "desk/prices.h"
#include "ingest/mqtt_ingest.h"
#include "store/rocksdb_store.h"
#include "travel/options.h"

namespace firstfix::firstfixd {

struct Config {
  bool production = true;
  bool manual_clock = false;
  std::string clock_start;  // ISO 8601; where a manual clock begins if the store is new
  std::string log_level = "info";
  std::string store_directory;
  store::Durability durability = store::Durability::kSync;
  std::string token_key_file;
  api::ListenOptions grpc;
  bool mqtt_enabled = true;
  ingest::Options mqtt;
  std::string mqtt_password_file;
  int log_retention_days = 30;
  travel::Options travel;
  desk::Prices prices;
};

// `path` names the file in errors. Relative paths in it are relative to the working directory.
Result<Config> read_config(const std::string& path);
Result<Config> parse_config(std::string_view text, const std::string& path);

// Can the files that it names be read, and is the token key long enough?
Status check_files(const Config& config);

Result<std::string> read_text_file(const std::string& path);

}  // namespace firstfix::firstfixd
