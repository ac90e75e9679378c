// What the desk keeps parsed in memory: the catalogue, the workforce, and what past visits taught.
//
// All of it is read from the store and valid for one version of its records; two nodes with the same store agree.
// Thread-safe; what is handed out is immutable.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "desk/unit_of_work.h"
#include "diagnosis/diagnose.h"
#include "firstfix/v1/fleet.pb.h"
#include "firstfix/v1/growth.pb.h"
#include "firstfix/v1/inventory.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/workforce.pb.h"
#include "learning/counts.h"

namespace firstfix::desk {

struct Knowledge {
  std::map<std::string, v1::FaultCode, std::less<>> codes;  // by code, without the collection
  std::map<std::string, v1::Cause, std::less<>> causes;     // by name
  std::map<std::string, v1::Part, std::less<>> parts;
  std::map<std::string, v1::Skill, std::less<>> skills;
  std::map<std::string, v1::AssetModel, std::less<>> models;
  std::vector<v1::ServiceStandard> standards;       // in the order of their names
  std::unique_ptr<diagnosis::Catalogue> catalogue;  // codes without the collection, causes by name

  const v1::FaultCode* code(std::string_view code) const;
  const v1::Cause* cause(std::string_view name) const;
};

struct Worker {
  v1::Engineer engineer;
  std::vector<v1::Shift> shifts;  // in order of time
  std::vector<v1::Certificate> certificates;
};

struct Workforce {
  std::map<std::string, std::vector<Worker>, std::less<>> by_territory;
  std::map<std::string, std::vector<v1::StockLocation>, std::less<>> depots;  // by territory
};

class Minds {
 public:
  Result<std::shared_ptr<const Knowledge>> knowledge(const View& view);
  Result<std::shared_ptr<const Workforce>> workforce(const View& view);

  // The learnt counts of a tenant, as the learning follower has left them.
  std::shared_ptr<const learning::Counts> learnt(const std::string& tenant) const;
  void set_learnt(const std::string& tenant, std::shared_ptr<const learning::Counts> counts);

 private:
  template <class T>
  struct Cached {
    std::uint64_t version = UINT64_MAX;
    std::shared_ptr<const T> value;
  };
  template <class T, class Read>
  Result<std::shared_ptr<const T>> cached(std::map<std::string, Cached<T>>& all, const View& view,
                                          std::string_view group, Read read);

  mutable std::shared_mutex mutex_;
  std::map<std::string, Cached<Knowledge>> knowledge_;
  std::map<std::string, Cached<Workforce>> workforce_;
  std::map<std::string, std::shared_ptr<const learning::Counts>> learnt_;
};

}  // namespace firstfix::desk
