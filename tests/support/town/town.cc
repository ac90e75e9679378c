#include "town/town.h"

#include "casework/convert.h"
#include "firstfix/v1/inventory.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/workforce.pb.h"
#include "store/rocksdb_store.h"

namespace firstfix::testing {

Town::Town() {
  auto opened = store::open_rocksdb({directory / "store", &clock, 1, store::Durability::kProcess});
  store = std::make_unique<WrappedStore>(std::move(opened).value());
  desk = std::make_unique<desk::Desk>(desk::Environment{*store, clock, entropy});

  put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_AUTOMATIC)");
  put<v1::Customer>(R"(name: "customers/mill")");
  put<v1::Contact>(R"(name: "contacts/ann" customer: "customers/mill")");
  put<v1::Site>(R"(name: "sites/hall" customer: "customers/mill" territory: "territories/north"
                   position { latitude_deg: 53.0 longitude_deg: 10.0 })");
  put<v1::AssetModel>(R"(name: "assetModels/mp" proving_time { seconds: 3600 })");
  put<v1::Asset>(R"(name: "assets/press" site: "sites/hall" model: "assetModels/mp" devices: "press-1")");
  put<v1::Asset>(R"(name: "assets/lathe" site: "sites/hall")");

  put<v1::Skill>(R"(name: "skills/hydraulics")");
  put<v1::Part>(R"(name: "parts/hose")");
  put<v1::FaultCode>(R"(name: "faultCodes/j1939-100-1" display_name: "oil pressure low"
                        alarm_class: ALARM_CLASS_ALARM severity: SEVERITY_MAJOR)");
  put<v1::Cause>(R"(name: "causes/hose" display_name: "burst hose"
                    codes { code: "faultCodes/j1939-100-1" probability: 0.9 }
                    parts { part: "parts/hose" probability: 0.9 quantity: 1 }
                    skills { skill: "skills/hydraulics" level: 2 } repair_time { seconds: 3600 })");
  put<v1::ServiceStandard>(R"(name: "serviceStandards/open" kind: STANDARD_KIND_OPENING revision: 1
                              steps { id: "greet" title { text { key: "en" value: "Greet" } }
                                      kind: STEP_KIND_CONFIRM mandatory: true })");

  put<v1::StockLocation>(R"(name: "stockLocations/depot" kind: STOCK_LOCATION_KIND_DEPOT territory: "territories/north"
                            position { latitude_deg: 53.01 longitude_deg: 10.0 })");
  put<v1::StockLine>(R"(name: "stockLocations/depot/lines/hose" location: "stockLocations/depot" part: "parts/hose"
                        on_hand: 1)");
  for (const auto& [name, longitude] : {std::pair{"li", "10.01"}, std::pair{"max", "10.9"}}) {
    const std::string id(name), van = "stockLocations/van-" + id;
    put<v1::StockLocation>("name: '" + van + "' kind: STOCK_LOCATION_KIND_VAN territory: 'territories/north'");
    put<v1::Engineer>("name: 'engineers/" + id + "' territory: 'territories/north' van: '" + van +
                      "' skills { skill: 'skills/hydraulics' level: 2 } home { latitude_deg: 53.0 longitude_deg: " +
                      longitude + " }");
    for (int day = 0; day < 7; ++day) {
      const auto starts = (kMorning.micros / 1'000'000) - 2 * 3600 + day * 86'400;
      put<v1::Shift>("name: 'shifts/" + id + "-" + std::to_string(day) + "' engineer: 'engineers/" + id +
                     "' starts_at { seconds: " + std::to_string(starts) +
                     " } ends_at { seconds: " + std::to_string(starts + 16 * 3600) + " }");
    }
  }
  put<v1::StockLine>(R"(name: "stockLocations/van-li/lines/hose" location: "stockLocations/van-li" part: "parts/hose"
                        on_hand: 1)");
}

void Town::write(const std::function<Status(desk::Command&)>& run) {
  const auto done = as<v1::Case>("admin/test", [&](desk::Command& command) -> Result<v1::Case> {
    FIRSTFIX_CHECK(run(command));
    return v1::Case{};
  });
  ASSERT_TRUE(done) << done.error().message;
}

std::map<std::string, std::string> Town::everything() const {
  std::map<std::string, std::string> bytes;
  const auto snapshot = store->snapshot();
  for (int table = 0; table < static_cast<int>(store::kTableCount); ++table)
    EXPECT_TRUE(snapshot->scan(static_cast<store::Table>(table), "", "", [&](auto key, auto value) {
      bytes.emplace(std::to_string(table) + "/" + std::string(key), value);
      return true;
    }));
  return bytes;
}

v1::Offer Town::open_offer() const {
  std::vector<v1::Offer> open;
  for (auto& offer : all<v1::Offer>())
    if (offer.state() == v1::OFFER_STATE_OPEN) open.push_back(std::move(offer));
  EXPECT_EQ(open.size(), 1u) << "offers that are open";
  return open.size() == 1 ? open.front() : v1::Offer{};
}

void Town::accept_and_do(const std::string& work_summary, const std::string& found) {
  const auto offer = open_offer();
  const auto done = as<v1::Visit>(offer.engineer(), [&](desk::Command& command) -> Result<v1::Visit> {
    FIRSTFIX_CHECK(desk::accept_offer(command, offer.name()).map([](auto&&) {}));
    FIRSTFIX_CHECK(desk::arrive(command, offer.visit(), command.now()).map([](auto&&) {}));
    FIRSTFIX_TRY(steps, desk::steps_of(command.uow, offer.visit()));
    for (const auto& step : steps)
      FIRSTFIX_CHECK(
          desk::complete_step(command, step.name(), from_text<v1::Evidence>("confirmed: true")).map([](auto&&) {}));
    return desk::complete_visit(command, offer.visit(), {{found}, work_summary, true, command.now()});
  });
  ASSERT_TRUE(done) << done.error().message;
}

void Town::advance(Duration by) {
  const Instant target = clock.now() + by;
  for (;;) {
    const auto next = desk->next_timer();
    ASSERT_TRUE(next) << next.error().message;
    if (*next > target) break;
    clock.set(std::max(clock.now(), *next));
    const auto fired = desk->fire_timers(kTenant, clock.now());
    ASSERT_TRUE(fired) << fired.error().message;
  }
  clock.set(target);
}

}  // namespace firstfix::testing
