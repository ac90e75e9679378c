#include "agent_io/feeder.h"

#include <fcntl.h>
#include <linux/can.h>
#include <linux/can/raw.h>
#include <net/if.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

#include "agent/capture.h"
#include "agent_io/bus_checkpoint.h"
#include "agent_io/line_reader.h"
#include "agent_io/records.h"

namespace firstfix::agent {
namespace {

constexpr Duration kSilenceAfterEnd{15'000'000};  // what follows a capture's end is a machine that stands still
constexpr int kPollMs = 200;

// Where frames come from: a capture or a socket. Tells where each stands, so that reading can go on there.
class Frames {
 public:
  struct Placed {
    CanFrame frame;
    std::uint64_t begin = 0, end = 0, lines = 0;
  };
  virtual ~Frames() = default;
  // Nothing at the end.
  virtual Result<std::optional<Placed>> next() = 0;
  virtual Status seek(std::uint64_t, std::uint64_t) { return {}; }
};

class CaptureFrames final : public Frames {
 public:
  explicit CaptureFrames(LineReader reader) : reader_(std::move(reader)) {}
  Status seek(std::uint64_t offset, std::uint64_t lines) override { return reader_.seek(offset, lines); }
  Result<std::optional<Placed>> next() override {
    for (;;) {
      FIRSTFIX_TRY(line, reader_.next());
      if (!line) return std::optional<Placed>{};
      const auto frame = parse_capture_line(line->text);
      if (!frame) spdlog::warn("line {}: skipped: {}", line->number, frame.error().message);
      if (!frame || !*frame) continue;
      return std::optional<Placed>{{**frame, line->begin, line->end, line->number}};
    }
  }

 private:
  LineReader reader_;
};

// A classic CAN socket of Linux. The frames' time is ours.
class SocketFrames final : public Frames {
 public:
  SocketFrames(File socket, const Clock& clock, std::function<bool()> stopped)
      : socket_(std::move(socket)), clock_(clock), stopped_(std::move(stopped)) {}

  static Result<File> open(const std::string& interface) {
    File socket(::socket(PF_CAN, SOCK_RAW | SOCK_CLOEXEC, CAN_RAW));
    sockaddr_can address{};
    address.can_family = AF_CAN;
    address.can_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
    if (!socket || address.can_ifindex == 0 ||
        ::bind(socket.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      return fail(Code::kUnavailable,
                  "cannot listen on the CAN interface '" + interface + "': " + std::strerror(errno));
    return socket;
  }

  Result<std::optional<Placed>> next() override {
    while (!stopped_()) {
      pollfd wait{socket_.fd(), POLLIN, 0};
      if (::poll(&wait, 1, kPollMs) <= 0) continue;
      can_frame raw{};
      if (::read(socket_.fd(), &raw, sizeof raw) != static_cast<ssize_t>(sizeof raw))
        return fail(Code::kUnavailable, std::string("the CAN interface went away: ") + std::strerror(errno));
      if ((raw.can_id & (CAN_RTR_FLAG | CAN_ERR_FLAG)) != 0) continue;
      Placed placed;
      placed.frame.at = clock_.now();
      placed.frame.extended = (raw.can_id & CAN_EFF_FLAG) != 0;
      placed.frame.id = raw.can_id & (placed.frame.extended ? CAN_EFF_MASK : CAN_SFF_MASK);
      placed.frame.size = std::min<std::uint8_t>(raw.can_dlc, 8);
      std::memcpy(placed.frame.data.data(), raw.data, placed.frame.size);
      return std::optional<Placed>{std::move(placed)};
    }
    return std::optional<Placed>{};
  }

 private:
  File socket_;
  const Clock& clock_;
  std::function<bool()> stopped_;
};

// Capture time as the time that it stands for.
Instant shifted(Instant at, const checkpoint::Checkpoint& kept) {
  return Instant{at.micros - kept.first_at() + kept.first_means()};
}

void add_records(BusReports&& reports, const checkpoint::Checkpoint& kept, std::vector<v1::DeviceRecord>& out) {
  for (auto& fault : reports.faults) {
    fault.at = shifted(fault.at, kept);
    out.push_back(to_record(fault));
  }
  if (reports.operation) {
    reports.operation->at = shifted(reports.operation->at, kept);
    out.push_back(to_record(*reports.operation));
  }
}

// Brings the active set of ready-made changes to what a change says. It is written with every record, so it holds what
// tells a fault from another and how it stands, not its words and readings.
void follow(const v1::FaultChange& change, checkpoint::Checkpoint& kept) {
  auto& active = *kept.mutable_active();
  for (int i = 0; i < active.size(); ++i) {
    if (active[i].code() != change.code() || active[i].component() != change.component()) continue;
    active.DeleteSubrange(i, 1);
    break;
  }
  if (change.kind() != v1::FAULT_CHANGE_KIND_CLEARED && active.size() < static_cast<int>(kMaxTrackedCodes)) {
    auto& still = *active.Add();
    still = change;
    still.clear_text();
    still.clear_readings();
  }
}

}  // namespace

Result<SourceSpec> parse_source(const std::string& text) {
  const auto colon = text.find(':');
  SourceSpec spec;
  spec.text = text;
  const auto kind = text.substr(0, colon);
  if (kind == "can-log")
    spec.kind = SourceKind::kCanLog;
  else if (kind == "can")
    spec.kind = SourceKind::kCan;
  else if (kind == "json")
    spec.kind = SourceKind::kJson;
  else if (kind == "csv")
    spec.kind = SourceKind::kCsv;
  else
    return fail(Code::kInvalid, "source '" + text + "' is none of can-log:FILE, can:INTERFACE, json:FILE, csv:FILE");
  auto rest = colon == std::string::npos ? std::string() : text.substr(colon + 1);
  for (auto comma = rest.rfind(','); comma != std::string::npos && rest.find('=', comma) != std::string::npos;
       comma = rest.rfind(',')) {
    const auto option = rest.substr(comma + 1);
    rest.erase(comma);
    if (option == "speed=max") {
      spec.speed = 0;
    } else if (option.rfind("speed=", 0) == 0) {
      const auto [end, error] = std::from_chars(option.data() + 6, option.data() + option.size(), spec.speed);
      if (error != std::errc{} || end != option.data() + option.size() || !(spec.speed > 0))
        return fail(Code::kInvalid, "'" + option + "' is neither speed=max nor a positive number");
    } else if (option.rfind("at=", 0) == 0) {
      FIRSTFIX_TRY(at, parse_iso8601(option.substr(3)));
      spec.at = at;
    } else {
      return fail(Code::kInvalid, "source option '" + option + "' is neither speed= nor at=");
    }
  }
  if (rest.empty()) return fail(Code::kInvalid, "source '" + text + "' names no file or interface");
  spec.path = rest;
  return spec;
}

Feeder::Feeder(SourceSpec spec, Spool& spool, const Clock& clock, std::function<void()> told)
    : spec_(std::move(spec)), spool_(spool), clock_(clock), told_(std::move(told)) {}

Status Feeder::run() {
  return spec_.kind == SourceKind::kCanLog || spec_.kind == SourceKind::kCan ? run_bus() : run_changes();
}

void Feeder::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

void Feeder::want_snapshot() {
  {
    std::lock_guard lock(mutex_);
    snapshot_wanted_ = true;
  }
  wake_.notify_all();
}

bool Feeder::wait_until(std::chrono::steady_clock::time_point due) {
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, due, [&] { return stopping_ || snapshot_wanted_; });
  return !stopping_;
}

bool Feeder::take_snapshot_wish() {
  std::lock_guard lock(mutex_);
  return std::exchange(snapshot_wanted_, false);
}

Status Feeder::keep(const std::vector<v1::DeviceRecord>& records, const checkpoint::Checkpoint& checkpoint) {
  std::vector<std::string> bytes;
  for (const auto& record : records) bytes.push_back(record.SerializeAsString());
  FIRSTFIX_CHECK(spool_.append(bytes, checkpoint.SerializeAsString()));
  FIRSTFIX_CHECK(spool_.sync());
  told_();
  return {};
}

checkpoint::Checkpoint Feeder::restored() const {
  checkpoint::Checkpoint kept;
  const bool same = kept.ParseFromString(spool_.checkpoint()) && kept.source() == spec_.text;
  if (same) return kept;
  // Another source of the same machine begins at its beginning, but what is active stays so until it is seen to go,
  // and what has been worked stays worked.
  checkpoint::Checkpoint fresh;
  fresh.set_source(spec_.text);
  for (const auto& change : kept.active()) *fresh.add_active() = change;
  for (const auto& code : kept.bus().codes()) {
    if (!code.active()) continue;
    auto& carried = *fresh.mutable_bus()->add_codes();
    carried = code;
    // Times of the other source mean nothing here.
    carried.set_seen(0), carried.set_told_count_at(0);
    carried.clear_told(), carried.clear_missing_since(), carried.clear_missed();
  }
  fresh.mutable_bus()->mutable_operation()->set_operating(kept.bus().operation().operating());
  return fresh;
}

Status Feeder::run_bus() {
  auto kept = restored();
  std::unique_ptr<Frames> frames;
  if (spec_.kind == SourceKind::kCan) {
    FIRSTFIX_TRY(socket, SocketFrames::open(spec_.path));
    frames = std::make_unique<SocketFrames>(std::move(socket), clock_, [this] { return !wait_until({}); });
  } else {
    FIRSTFIX_TRY(reader, LineReader::open(spec_.path, kMaxCaptureLine));
    frames = std::make_unique<CaptureFrames>(std::move(reader));
    if (kept.offset() > 0) FIRSTFIX_CHECK(frames->seek(kept.session_offset(), kept.session_lines()));
  }
  Bus bus = restore(kept.bus());
  const auto began = std::chrono::steady_clock::now();
  std::optional<Instant> pace_from;
  Instant last{kept.last_at()};
  for (;;) {
    FIRSTFIX_TRY(placed, frames->next());
    std::vector<v1::DeviceRecord> records;
    if (take_snapshot_wish())
      for (auto& fault : bus.tracker().active(last)) {
        fault.at = shifted(fault.at, kept);
        records.push_back(to_record(fault));
      }
    if (!placed) {
      if (spec_.kind == SourceKind::kCanLog && kept.has_first_at())
        add_records(bus.on_time(last + kSilenceAfterEnd), kept, records);
      if (!records.empty()) {
        save(bus, *kept.mutable_bus());
        FIRSTFIX_CHECK(keep(records, kept));
      }
      return {};
    }
    if (placed->end <= kept.offset() && kept.offset() > 0) {
      bus.replay(placed->frame, placed->begin);
      continue;
    }
    const auto& frame = placed->frame;
    if (!kept.has_first_at()) {
      kept.set_first_at(frame.at.micros);
      kept.set_first_means(spec_.kind == SourceKind::kCan ? frame.at.micros : spec_.at.value_or(clock_.now()).micros);
    }
    if (spec_.kind == SourceKind::kCanLog && spec_.speed > 0) {
      if (!pace_from) pace_from = frame.at;
      const auto offset =
          std::chrono::duration<double, std::micro>(static_cast<double>((frame.at - *pace_from).count()) / spec_.speed);
      if (!wait_until(began + std::chrono::duration_cast<std::chrono::steady_clock::duration>(offset))) return {};
    } else if (!wait_until({})) {
      return {};
    }
    last = frame.at;
    add_records(bus.on_frame(frame, placed->begin), kept, records);
    if (records.empty()) continue;
    kept.clear_bus();
    save(bus, *kept.mutable_bus());
    kept.set_last_at(last.micros);
    kept.set_offset(placed->end);
    kept.set_lines(placed->lines);
    const auto session = bus.transport().oldest_open(last);
    kept.set_session_offset(session.value_or(placed->end));
    kept.set_session_lines(placed->lines);
    FIRSTFIX_CHECK(keep(records, kept));
  }
}

Status Feeder::run_changes() {
  auto kept = restored();
  FIRSTFIX_TRY(reader, LineReader::open(spec_.path, kMaxChangeLine));
  std::vector<std::string> columns;
  if (spec_.kind == SourceKind::kCsv) {
    FIRSTFIX_TRY(header, reader.next());
    if (!header) return fail(Code::kInvalid, spec_.path + " is empty: its first row names the columns");
    FIRSTFIX_TRY(names, split_csv(header->text));
    columns = std::move(names);
  }
  if (kept.offset() > 0 && spec_.path != "-") FIRSTFIX_CHECK(reader.seek(kept.offset(), kept.lines()));
  for (;;) {
    FIRSTFIX_TRY(line, reader.next());
    std::vector<v1::DeviceRecord> records;
    if (take_snapshot_wish())
      for (const auto& change : kept.active()) {
        auto& record = records.emplace_back();
        *record.mutable_occurred_at() = to_timestamp(clock_.now());
        *record.mutable_fault() = change;
        record.mutable_fault()->set_kind(v1::FAULT_CHANGE_KIND_UPDATED);
      }
    if (!line) return records.empty() ? Status{} : keep(records, kept);
    if (line->text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto parse = [&]() -> Result<ChangeLine> {
      if (columns.empty()) return parse_change(line->text);
      FIRSTFIX_TRY(cells, split_csv(line->text));
      return parse_change(columns, cells);
    };
    auto change = parse();
    if (!change) {
      spdlog::warn("{}:{}: skipped: {}", spec_.path, line->number, change.error().message);
      continue;
    }
    if (!wait_until(std::chrono::steady_clock::now() + change->after)) return {};
    *change->record.mutable_occurred_at() = to_timestamp(change->at.value_or(clock_.now()));
    if (change->record.has_fault()) follow(change->record.fault(), kept);
    records.push_back(std::move(change->record));
    kept.set_offset(line->end);
    kept.set_lines(line->number);
    FIRSTFIX_CHECK(keep(records, kept));
  }
}

}  // namespace firstfix::agent
