// A case of one machine, and what happens to it, one line a happening.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "casework/case.h"
#include "casework/closure.h"
#include "casework/convert.h"
#include "support/fakes.h"

namespace firstfix::casework {

using namespace std::chrono_literals;

class CaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    asset.set_name("assets/press");
    site.set_name("sites/hall");
    site.set_customer("customers/mill");
    site.set_territory("territories/north");
    take(open({"cases/1", &asset, &site, &customer, "it hums", v1::SEVERITY_MAJOR, now, "firstfix"}, now));
    device.set_connected(true);
    device.set_epoch(1);
    model.mutable_proving_time()->set_seconds(3600);
  }

  // Takes over the effects: the case as it is now, its story, its timers.
  void take(const Effects& effects) {
    record = effects.cases.back();
    for (const auto& entry : effects.timeline) story.push_back(entry);
    for (const auto& timer : effects.timers) timers[timer.kind] = timer.due;
  }
  void take(const std::optional<Effects>& effects) {
    if (effects) take(*effects);
  }

  void fault(const std::string& code) {
    episode.set_name("episodes/" + code);
    episode.set_code(code);
    episode.set_severity(v1::SEVERITY_MAJOR);
    take(fault_active(record, episode, now));
  }
  void fault_ends() { take(fault_cleared(record, episode, now)); }
  void work_is_done(bool with_telemetry = true) {
    take(work_done_on(record, &model, with_telemetry ? &device : nullptr, "engineers/li", now));
  }
  // The machine works for so long and says so.
  void works(Duration for_so_long) {
    now = now + for_so_long;
    device.set_working(true);
    device.set_operating_s(device.operating_s() + std::chrono::duration<double>(for_so_long).count());
    take(machine_reported(record, device, now, now));
  }
  Result<Effects> customer_answers(bool solved) { return customer_says(record, solved, "", "contacts/ann", now); }

  v1::CaseState state() const { return record.state(); }
  std::string last_line() const { return story.back().text(); }

  Instant now = testing::kMorning;
  v1::Asset asset;
  v1::Site site;
  v1::Customer customer;
  v1::AssetModel model;
  v1::Device device;
  v1::FaultEpisode episode;
  v1::Case record;
  std::vector<v1::TimelineEntry> story;
  std::map<internal::v1::TimerKind, Instant> timers;
};

}  // namespace firstfix::casework
