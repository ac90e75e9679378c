// A service history as a folder of CSV files: assets.csv, faults.csv, work_orders.csv, parts.csv, families.csv.
//
// A row that cannot be right is not learnt from, nor is what it need not tell if that cannot be right; what was wrong
// is kept, by file and line.
#pragma once

#include <istream>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "diagnosis/families.h"
#include "learning/history.h"

namespace firstfix::predict {

class CsvReader;

struct BadRow {
  std::string file;
  int line = 0;
  std::string reason;
};

struct PartCost {
  double carry = 0;  // of taking it for nothing
  double miss = 0;   // of a second visit
};

struct History {
  std::map<std::string, learning::Machine> machines;  // by asset, records in order of time
  std::map<std::string, PartCost> costs;              // by part; empty if the history tells none
  diagnosis::Families families;                       // who is alike; nobody if the history tells of none
  std::vector<BadRow> bad;
  std::size_t rows = 0;  // read, bad ones among them
};

// Reads one history; the order of the calls is assets, faults, work orders, parts. An error is of the whole file; rows
// that are later than `now` are bad.
class HistoryReader {
 public:
  explicit HistoryReader(Instant now) : now_(now) {}
  Status read_assets(std::istream& in);
  Status read_faults(std::istream& in);
  Status read_work_orders(std::istream& in);
  Status read_parts(std::istream& in);
  Status read_families(std::istream& in);
  History finish();

 private:
  Result<Instant> time(const std::string& text) const;
  learning::Fault fault_of(const CsvReader& csv, Instant at);
  void refuse(const char* file, int line, std::string reason);

  Instant now_;
  History history_;
  std::map<std::string, std::pair<int, std::string>> orders_;  // by id: line and content
};

Result<History> read_history(const std::string& folder, Instant now);

}  // namespace firstfix::predict
