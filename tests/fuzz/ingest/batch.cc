// Any payload of a device, as protobuf or as JSON, down to the records that are kept of it: an error or a receipt, and
// whatever is written can be read again. The same payload a second time changes no receipt.
//
// All of it happens in rehearsals over a small town in memory.
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/text_format.h>

#include <cstdlib>

#include "casework/convert.h"
#include "desk/devices.h"
#include "desk/rehearsal.h"
#include "firstfix/v1/fleet.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/visit.pb.h"
#include "firstfix/v1/workforce.pb.h"
#include "ingest/payload.h"

namespace firstfix {
namespace {

constexpr Instant kNow{1'780'300'800'000'000};
const std::string kTenant = "acme", kActor = "devices/d";

void require(bool so) {
  if (!so) std::abort();
}

class Nothing final : public store::Snapshot {
 public:
  Result<std::optional<std::string>> get(store::Table, std::string_view) const override {
    return std::optional<std::string>{};
  }
  Status scan(store::Table, std::string_view, std::string_view, const store::Visitor&) const override { return {}; }
};

// What a rehearsal has written, as the beginning of others.
class Founded final : public store::Snapshot {
 public:
  explicit Founded(std::unique_ptr<const desk::Rehearsal> town) : town_(std::move(town)) {}
  Result<std::optional<std::string>> get(store::Table table, std::string_view key) const override {
    return town_->get(table, key);
  }
  Status scan(store::Table table, std::string_view from, std::string_view to,
              const store::Visitor& visit) const override {
    return town_->scan(table, from, to, visit);
  }

 private:
  std::unique_ptr<const desk::Rehearsal> town_;
};

class CountingEntropy final : public Entropy {
 public:
  std::uint64_t next() override { return ++count_ * 0x9E37'79B9'7F4A'7C15u; }

 private:
  std::uint64_t count_ = 0;
};

template <class M>
void put(desk::UnitOfWork& uow, const std::string& text) {
  M message;
  require(google::protobuf::TextFormat::ParseFromString(text, &message) && uow.put(message));
}

// A machine with a device and somebody who can mend it.
void found_town(store::Transaction& txn) {
  desk::UnitOfWork uow(txn, kTenant, "admin", kNow);
  put<v1::Territory>(uow, "name: 'territories/t' automation: AUTOMATION_LEVEL_AUTOMATIC");
  put<v1::Site>(uow, "name: 'sites/s' territory: 'territories/t'");
  put<v1::Asset>(uow, "name: 'assets/a' site: 'sites/s' devices: 'd'");
  put<v1::FaultCode>(uow, "name: 'faultCodes/x' severity: SEVERITY_MAJOR on_delay { seconds: 5 }");
  put<v1::FaultCode>(uow, "name: 'faultCodes/e' alarm_class: ALARM_CLASS_EVENT");
  put<v1::Cause>(uow, "name: 'causes/c' codes { code: 'faultCodes/y' probability: 0.5 }");
  put<v1::Engineer>(uow, "name: 'engineers/e' territory: 'territories/t'");
  put<v1::Shift>(
      uow,
      "name: 'shifts/s' engineer: 'engineers/e' starts_at { seconds: 1780300000 } ends_at { seconds: 1780400000 }");
  require(uow.finish().has_value());
}

template <class M>
void readable(const desk::View& view) {
  require(view.each<M>("", "", [](M&) { return true; }).has_value());
}

Result<v1::Receipt> take(store::Transaction& txn, const v1::FaultBatch& batch) {
  static desk::Minds minds;
  static CountingEntropy entropy;
  static const planning::GreatCircleTravel kTravel;
  desk::Plans plans;
  plans.begin(desk::Plans::Mode::kMake);
  desk::UnitOfWork uow(txn, kTenant, kActor, kNow);
  desk::Command command{uow, minds, entropy, plans, kActor, kTravel};
  FIRSTFIX_TRY(receipt, desk::take_batch(command, "d", batch, kNow));
  FIRSTFIX_CHECK(uow.finish());
  return receipt;
}

void judge(const v1::FaultBatch& batch) {
  static const auto town = [] {
    auto made = std::make_unique<desk::Rehearsal>(std::make_shared<Nothing>());
    found_town(*made);
    return std::make_shared<const Founded>(std::move(made));
  }();
  desk::Rehearsal txn(town);
  const auto receipt = take(txn, batch);
  if (!receipt) {
    require(receipt.error().code == Code::kInvalid || receipt.error().code == Code::kTooLarge);
    return;
  }
  const auto again = take(txn, batch);
  require(again && again->durable_through() == receipt->durable_through());
  const desk::View view(txn, kTenant);
  readable<v1::Device>(view);
  readable<v1::FaultEpisode>(view);
  readable<v1::Case>(view);
  readable<v1::TimelineEntry>(view);
  readable<v1::Diagnosis>(view);
  readable<v1::Visit>(view);
  readable<v1::Offer>(view);
  readable<v1::Reject>(view);
  readable<v1::QuarantinedBatch>(view);
}

}  // namespace
}  // namespace firstfix

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const google::protobuf::LogSilencer kQuiet;  // it tells of every input that does not parse
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  for (const auto* content_type : {"", "application/json"}) {
    if (auto batch = firstfix::ingest::parse_batch(payload, content_type)) {
      if (batch->device() != "d") {
        firstfix::judge(*batch);
        batch->set_device("d");  // past the first gate
      }
      firstfix::judge(*batch);
    }
    static_cast<void>(firstfix::ingest::parse_state(payload, content_type));
  }
  return 0;
}
