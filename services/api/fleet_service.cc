#include <algorithm>

#include "base/geo.h"
#include "desk/devices.h"
#include "desk/site_access.h"
#include "desk/zones.h"
#include "firstfix/v1/fleet_service.grpc.pb.h"
#include "firstfix/v1/workforce.pb.h"
#include "masters.h"
#include "services.h"

namespace firstfix::api {
namespace {

using grpc::Status;
using Context = grpc::ServerContext;

constexpr int kMaxDevices = 16, kMaxSiteEngineers = 64;

// A device speaks for one asset; what it said before that is acted upon now.
firstfix::Status check_asset(desk::Command& command, v1::Asset& asset, const v1::Asset*) {
  FIRSTFIX_CHECK(refers<v1::AssetModel>(command.uow, "model", asset.model()));
  FIRSTFIX_CHECK(refers<v1::Site>(command.uow, "site", asset.site()));
  if (asset.devices_size() > kMaxDevices) return fail(Code::kTooLarge, "devices has over 16 entries");
  for (const auto& device : asset.devices()) {
    FIRSTFIX_TRY(owner, command.uow.lookup(desk::index::kDeviceAsset, {device}));
    if (owner && *owner != asset.name())
      return fail(Code::kExists, "the device '" + device + "' speaks for " + *owner + " already");
    if (!owner) FIRSTFIX_CHECK(desk::claim_device(command, device));
  }
  return {};
}

firstfix::Status check_model(desk::Command& command, v1::AssetModel& model, const v1::AssetModel*) {
  if (model.skills_size() > 20) return fail(Code::kTooLarge, "skills has over 20 entries");
  for (const auto& need : model.skills()) {
    FIRSTFIX_CHECK(refers<v1::Skill>(command.uow, "skills", need.skill()));
    if (need.level() < 1 || need.level() > 5)
      return fail(Code::kInvalid, "skills[" + need.skill() + "].level is not 1 to 5");
  }
  return {};
}

std::string entry(std::string_view field, int i) {
  return std::string(field) + "[" + std::to_string(i) + "]";
}

template <class Names>
firstfix::Status check_engineers(const desk::View& view, std::string_view field, const Names& names) {
  if (names.size() > kMaxSiteEngineers) return fail(Code::kTooLarge, std::string(field) + " has over 64 entries");
  for (int i = 0; i < names.size(); ++i) {
    if (names.Get(i).empty()) return fail(Code::kInvalid, entry(field, i) + " is empty");
    FIRSTFIX_CHECK(refers<v1::Engineer>(view, entry(field, i), names.Get(i)));
  }
  return {};
}

firstfix::Status check_hours(const v1::Site& site) {
  constexpr std::uint32_t kDay = 24 * 60;
  if (site.access_size() > desk::kMostAccessHours) return fail(Code::kTooLarge, "access has over 64 entries");
  for (int i = 0; i < site.access_size(); ++i) {
    const auto& hours = site.access(i);
    for (const auto day : hours.weekdays())
      if (day < v1::DAY_OF_WEEK_MONDAY || day > v1::DAY_OF_WEEK_SUNDAY)
        return fail(Code::kInvalid, entry("access", i) + ".weekdays names no day of the week");
    if (hours.to_minute() > kDay) return fail(Code::kInvalid, entry("access", i) + ".to_minute is over 1440");
    if (hours.from_minute() >= hours.to_minute())
      return fail(Code::kInvalid, entry("access", i) + ".from_minute is not before to_minute");
  }
  return {};
}

// Who may come to the site, and when.
firstfix::Status check_visitors(const desk::View& view, const v1::Site& site) {
  const auto &excluded = site.excluded_engineers(), &preferred = site.preferred_engineers();
  FIRSTFIX_CHECK(check_engineers(view, "excluded_engineers", excluded));
  FIRSTFIX_CHECK(check_engineers(view, "preferred_engineers", preferred));
  for (int i = 0; i < preferred.size(); ++i)
    if (std::find(excluded.begin(), excluded.end(), preferred.Get(i)) != excluded.end())
      return fail(Code::kInvalid, entry("preferred_engineers", i) + " names '" + preferred.Get(i) +
                                      "', whom excluded_engineers names too");
  return check_hours(site);
}

firstfix::Status check_site(desk::Command& command, v1::Site& site, const v1::Site*) {
  FIRSTFIX_CHECK(refers<v1::Customer>(command.uow, "customer", site.customer()));
  FIRSTFIX_CHECK(refers<v1::Territory>(command.uow, "territory", site.territory()));
  if (!valid(Position{site.position().latitude_deg(), site.position().longitude_deg()}))
    return fail(Code::kInvalid, "position is not on the Earth");
  return check_visitors(command.uow, site);
}

firstfix::Status check_contact(desk::Command& command, v1::Contact& contact, const v1::Contact*) {
  return refers<v1::Customer>(command.uow, "customer", contact.customer());
}

firstfix::Status check_territory(desk::Command&, v1::Territory& territory, const v1::Territory*) {
  const auto zone = desk::zone_named(territory.time_zone());
  return zone ? firstfix::Status{} : fail(Code::kInvalid, "time_zone: " + zone.error().message);
}

class FleetServiceApi final : public v1::FleetService::Service {
 public:
  explicit FleetServiceApi(Edge& edge) : edge_(edge) {}

  Status GetAsset(Context* c, const v1::GetAssetRequest* q, v1::Asset* r) override { return get_one(edge_, c, q, r); }
  Status ListAssets(Context* c, const v1::ListAssetsRequest* q, v1::ListAssetsResponse* r) override {
    return list_all<v1::Asset>(edge_, c, q, r, &v1::ListAssetsResponse::add_assets);
  }
  Status UpdateAsset(Context* c, const v1::UpdateAssetRequest* q, v1::Asset* r) override {
    return update_one<v1::Asset>(edge_, c, q, r, q->asset(), "assets", check_asset);
  }

  Status GetAssetModel(Context* c, const v1::GetAssetModelRequest* q, v1::AssetModel* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListAssetModels(Context* c, const v1::ListAssetModelsRequest* q, v1::ListAssetModelsResponse* r) override {
    return list_all<v1::AssetModel>(edge_, c, q, r, &v1::ListAssetModelsResponse::add_asset_models);
  }
  Status UpdateAssetModel(Context* c, const v1::UpdateAssetModelRequest* q, v1::AssetModel* r) override {
    return update_one<v1::AssetModel>(edge_, c, q, r, q->asset_model(), "assetModels", check_model);
  }

  Status GetSite(Context* c, const v1::GetSiteRequest* q, v1::Site* r) override { return get_one(edge_, c, q, r); }
  Status ListSites(Context* c, const v1::ListSitesRequest* q, v1::ListSitesResponse* r) override {
    return list_all<v1::Site>(edge_, c, q, r, &v1::ListSitesResponse::add_sites);
  }
  Status UpdateSite(Context* c, const v1::UpdateSiteRequest* q, v1::Site* r) override {
    return update_one<v1::Site>(edge_, c, q, r, q->site(), "sites", check_site);
  }

  Status GetCustomer(Context* c, const v1::GetCustomerRequest* q, v1::Customer* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListCustomers(Context* c, const v1::ListCustomersRequest* q, v1::ListCustomersResponse* r) override {
    return list_all<v1::Customer>(edge_, c, q, r, &v1::ListCustomersResponse::add_customers);
  }
  Status UpdateCustomer(Context* c, const v1::UpdateCustomerRequest* q, v1::Customer* r) override {
    return update_one<v1::Customer>(edge_, c, q, r, q->customer(), "customers");
  }

  Status GetContact(Context* c, const v1::GetContactRequest* q, v1::Contact* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListContacts(Context* c, const v1::ListContactsRequest* q, v1::ListContactsResponse* r) override {
    return list_all<v1::Contact>(edge_, c, q, r, &v1::ListContactsResponse::add_contacts);
  }
  Status UpdateContact(Context* c, const v1::UpdateContactRequest* q, v1::Contact* r) override {
    return update_one<v1::Contact>(edge_, c, q, r, q->contact(), "contacts", check_contact);
  }

  Status GetTerritory(Context* c, const v1::GetTerritoryRequest* q, v1::Territory* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListTerritories(Context* c, const v1::ListTerritoriesRequest* q, v1::ListTerritoriesResponse* r) override {
    return list_all<v1::Territory>(edge_, c, q, r, &v1::ListTerritoriesResponse::add_territories);
  }
  Status UpdateTerritory(Context* c, const v1::UpdateTerritoryRequest* q, v1::Territory* r) override {
    return update_one<v1::Territory>(edge_, c, q, r, q->territory(), "territories", check_territory);
  }

  Status GetDevice(Context* c, const v1::GetDeviceRequest* q, v1::Device* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListDevices(Context* c, const v1::ListDevicesRequest* q, v1::ListDevicesResponse* r) override {
    return list_all<v1::Device>(edge_, c, q, r, &v1::ListDevicesResponse::add_devices);
  }
  Status ListQuarantinedBatches(Context* c, const v1::ListQuarantinedBatchesRequest* q,
                                v1::ListQuarantinedBatchesResponse* r) override {
    return list_all<v1::QuarantinedBatch>(edge_, c, q, r, &v1::ListQuarantinedBatchesResponse::add_quarantined_batches);
  }
  Status ListRejects(Context* c, const v1::ListRejectsRequest* q, v1::ListRejectsResponse* r) override {
    return list_all<v1::Reject>(edge_, c, q, r, &v1::ListRejectsResponse::add_rejects);
  }

 private:
  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_fleet_service(Edge& edge) {
  return std::make_unique<FleetServiceApi>(edge);
}

}  // namespace firstfix::api
