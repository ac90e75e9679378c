#include "predict/history_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <unordered_map>

#include "predict/csv.h"
#include "predict/readings.h"

namespace firstfix::predict {
namespace {

constexpr const char *kAssets = "assets.csv", *kFaults = "faults.csv", *kOrders = "work_orders.csv",
                     *kParts = "parts.csv", *kFamilies = "families.csv";

// The names between semicolons, without empty ones and repetitions.
std::vector<std::string> split_names(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const auto end = std::min(list.find(';'), list.size());
    const auto name = list.substr(0, end);
    if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

Result<double> not_negative(const std::string& text, const char* what) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value < 0)
    return fail(Code::kInvalid, "'" + text + "' is not " + what);
  return value;
}

Status read_file(const std::filesystem::path& path, bool required, HistoryReader& reader,
                 Status (HistoryReader::*read)(std::istream&)) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    if (!required && !std::filesystem::exists(path)) return {};
    return fail(Code::kNotFound, path.string() + " cannot be read");
  }
  if (auto status = (reader.*read)(in); !status)
    return fail(status.error().code, path.string() + " " + status.error().message);
  return {};
}

}  // namespace

void HistoryReader::refuse(const char* file, int line, std::string reason) {
  history_.bad.push_back({file, line, std::move(reason)});
}

Result<Instant> HistoryReader::time(const std::string& text) const {
  auto at = parse_iso8601(text);
  if (!at) return fail(Code::kInvalid, "'" + text.substr(0, 40) + "' is not a time such as 2026-03-01T08:15:30Z");
  if (*at > now_) return fail(Code::kInvalid, text + " is in the future");
  return at;
}

Status HistoryReader::read_assets(std::istream& in) {
  FIRSTFIX_TRY(csv, CsvReader::open(in, {"asset_id", "model"}, {"age_years"}));
  std::map<std::string, int> lines;
  while (csv.next()) {
    ++history_.rows;
    if (!csv.status()) {
      refuse(kAssets, csv.line(), csv.status().error().message);
    } else if (csv[0].empty()) {
      refuse(kAssets, csv.line(), "has no asset_id");
    } else if (const auto [known, fresh] = lines.emplace(csv[0], csv.line()); !fresh) {
      refuse(kAssets, csv.line(), csv[0] + " is already in line " + std::to_string(known->second));
    } else {
      auto& machine = history_.machines[csv[0]];
      machine.model = csv[1];
      if (csv[2].empty()) continue;
      if (const auto age = not_negative(csv[2], "an age"))
        machine.age_years = *age;
      else
        refuse(kAssets, csv.line(), age.error().message + ", and unknown");
    }
  }
  return {};
}

// What cannot be right of what may be told besides is told, and the fault taken without it.
learning::Fault HistoryReader::fault_of(const CsvReader& csv, Instant at) {
  learning::Fault out{at, csv[1]};
  if (!csv[3].empty()) {
    const auto cleared = time(csv[3]);
    if (!cleared)
      refuse(kFaults, csv.line(), cleared.error().message + ", and the fault taken for one that is still there");
    else if (*cleared < at)
      refuse(kFaults, csv.line(), "is cleared before it occurred, and taken for one that is still there");
    else
      out.cleared_at = *cleared;
  }
  if (auto readings = parse_readings(csv[4]))
    out.readings = std::move(*readings);
  else
    refuse(kFaults, csv.line(), readings.error().message + ", and the fault taken without readings");
  return out;
}

Status HistoryReader::read_faults(std::istream& in) {
  FIRSTFIX_TRY(csv, CsvReader::open(in, {"asset_id", "code", "occurred_at"}, {"cleared_at", "readings"}));
  std::unordered_map<std::string, int> lines;
  while (csv.next()) {
    ++history_.rows;
    if (!csv.status()) {
      refuse(kFaults, csv.line(), csv.status().error().message);
      continue;
    }
    const auto machine = history_.machines.find(csv[0]);
    auto at = time(csv[2]);
    if (machine == history_.machines.end())
      refuse(kFaults, csv.line(), "'" + csv[0] + "' is not in assets.csv");
    else if (csv[1].empty())
      refuse(kFaults, csv.line(), "has no code");
    else if (!at)
      refuse(kFaults, csv.line(), at.error().message);
    else if (const auto [known, fresh] = lines.emplace(csv[0] + ',' + csv[1] + ',' + csv[2], csv.line()); !fresh)
      refuse(kFaults, csv.line(), "repeats line " + std::to_string(known->second));
    else
      machine->second.faults.push_back(fault_of(csv, *at));
  }
  return {};
}

Status HistoryReader::read_work_orders(std::istream& in) {
  FIRSTFIX_TRY(csv, CsvReader::open(in, {"work_order_id", "asset_id", "completed_at", "kind", "causes", "parts"}));
  std::unordered_map<std::string, int> by_content;
  while (csv.next()) {
    ++history_.rows;
    if (!csv.status()) {
      refuse(kOrders, csv.line(), csv.status().error().message);
      continue;
    }
    const auto machine = history_.machines.find(csv[1]);
    auto at = time(csv[2]);
    learning::Work work{at ? *at : Instant{}, csv[3] == "corrective", split_names(csv[4]), split_names(csv[5])};
    const auto content = csv[1] + ',' + csv[2] + ',' + csv[3] + ',' + csv[4] + ',' + csv[5];
    if (machine == history_.machines.end()) {
      refuse(kOrders, csv.line(), "'" + csv[1] + "' is not in assets.csv");
    } else if (!at) {
      refuse(kOrders, csv.line(), at.error().message);
    } else if (!work.corrective && csv[3] != "preventive") {
      refuse(kOrders, csv.line(), "kind '" + csv[3] + "' is neither corrective nor preventive");
    } else if (work.corrective && work.causes.empty()) {
      refuse(kOrders, csv.line(), "is corrective, but names no cause");
    } else if (!work.corrective && !work.causes.empty()) {
      refuse(kOrders, csv.line(), "is preventive, but names a cause");
    } else if (const auto [known, fresh] = orders_.try_emplace(csv[0], csv.line(), content); !fresh) {
      refuse(kOrders, csv.line(),
             csv[0] + (known->second.second == content ? " repeats line " : " contradicts line ") +
                 std::to_string(known->second.first));
    } else if (const auto [same, first] = by_content.emplace(content, csv.line()); !first) {
      refuse(kOrders, csv.line(), "repeats line " + std::to_string(same->second) + " under another work_order_id");
    } else {
      machine->second.works.push_back(std::move(work));
    }
  }
  return {};
}

Status HistoryReader::read_parts(std::istream& in) {
  FIRSTFIX_TRY(csv, CsvReader::open(in, {"part", "carry_cost", "miss_cost"}));
  while (csv.next()) {
    ++history_.rows;
    if (!csv.status()) {
      refuse(kParts, csv.line(), csv.status().error().message);
      continue;
    }
    auto carry = not_negative(csv[1], "a cost"), miss = not_negative(csv[2], "a cost");
    if (csv[0].empty())
      refuse(kParts, csv.line(), "has no part");
    else if (!carry || !miss)
      refuse(kParts, csv.line(), (carry ? miss : carry).error().message);
    else if (!history_.costs.emplace(csv[0], PartCost{*carry, *miss}).second)
      refuse(kParts, csv.line(), csv[0] + " is listed already");
  }
  return {};
}

Status HistoryReader::read_families(std::istream& in) {
  using Kind = diagnosis::Families::Kind;
  FIRSTFIX_TRY(csv, CsvReader::open(in, {"kind", "member", "family"}));
  while (csv.next()) {
    ++history_.rows;
    const auto kind = csv.status() ? csv[0] : "";
    if (!csv.status())
      refuse(kFamilies, csv.line(), csv.status().error().message);
    else if (kind == "standards")
      history_.families.follow_standards();
    else if (kind != "model" && kind != "code" && kind != "part")
      refuse(kFamilies, csv.line(), "kind '" + kind + "' is none of model, code, part, standards");
    else if (csv[1].empty() || csv[2].empty())
      refuse(kFamilies, csv.line(), csv[1].empty() ? "has no member" : "has no family");
    else
      history_.families.add(kind == "model"  ? Kind::kModel
                            : kind == "code" ? Kind::kCode
                                             : Kind::kPart,
                            csv[1], csv[2]);
  }
  return {};
}

History HistoryReader::finish() {
  for (auto& [asset, machine] : history_.machines) {
    std::stable_sort(machine.faults.begin(), machine.faults.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    std::stable_sort(machine.works.begin(), machine.works.end(),
                     [](const auto& a, const auto& b) { return a.completed_at < b.completed_at; });
  }
  return std::move(history_);
}

Result<History> read_history(const std::string& folder, Instant now) {
  HistoryReader reader(now);
  const std::filesystem::path path(folder);
  FIRSTFIX_CHECK(read_file(path / kAssets, true, reader, &HistoryReader::read_assets));
  FIRSTFIX_CHECK(read_file(path / kFaults, true, reader, &HistoryReader::read_faults));
  FIRSTFIX_CHECK(read_file(path / kOrders, true, reader, &HistoryReader::read_work_orders));
  FIRSTFIX_CHECK(read_file(path / kParts, false, reader, &HistoryReader::read_parts));
  FIRSTFIX_CHECK(read_file(path / kFamilies, false, reader, &HistoryReader::read_families));
  return reader.finish();
}

}  // namespace firstfix::predict
