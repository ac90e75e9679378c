// What the desk keeps parsed in memory: the catalogue, the workforce, and what past visits taught.
//
// All of it is read from the store and valid for one version of its records; two nodes with the same store agree.
// Thread-safe; what is handed out is immutable.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "desk/unit_of_work.h"
#include "diagnosis/catalogue.h"
#include "diagnosis/diagnose.h"
#include "firstfix/v1/fleet.pb.h"
#include "firstfix/v1/growth.pb.h"
#include "firstfix/v1/inventory.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/workforce.pb.h"
#include "learning/counts.h"
#include "learning/history.h"

namespace firstfix::desk {

struct Knowledge {
  std::map<std::string, v1::FaultCode, std::less<>> codes;  // by code, without the collection
  std::map<std::string, v1::Cause, std::less<>> causes;     // by name
  std::map<std::string, v1::Part, std::less<>> parts;
  std::map<std::string, v1::Skill, std::less<>> skills;
  std::map<std::string, v1::AssetModel, std::less<>> models;
  std::vector<v1::ServiceStandard> standards;  // in the order of their names
  diagnosis::Catalogue catalogue;              // codes without the collection, causes by name

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

// The codes of a case's episodes, sorted, how they came, and the numbers that came with them.
struct Seen {
  std::vector<std::string> codes;
  std::vector<learning::Mark> marks;
  std::vector<learning::Reading> readings;
};

// What a tenant's closed visits have taught, and what was put right on each machine, in order of time.
struct Experience {
  learning::Counts counts;    // of visits
  learning::Counts warnings;  // of faults of machines that still did their work: what they came to, if anything
  std::map<std::string, std::vector<learning::Work>> repairs;  // by asset
};

class Minds {
 public:
  Result<std::shared_ptr<const Knowledge>> knowledge(const View& view);
  Result<std::shared_ptr<const Workforce>> workforce(const View& view);

  // The model of what goes wrong: from the catalogue as this view shows it, and from what was learnt up to the last
  // estimate. No fault waits for what has been learnt since.
  Result<std::shared_ptr<const diagnosis::Model>> model(const View& view);
  // Estimates the model anew if what was learnt has changed; with a long past that takes a second.
  Status estimate(const View& view);
  // How probable it is that a machine fails that shows this and still does its work; 1 while nothing was learnt of
  // that.
  Result<double> fails(const View& view, const learning::Sight& sight);
  // The circumstances in which these codes are read now.
  learning::Sight sight(const std::string& tenant, const v1::Asset& asset, const Seen& seen, Instant now) const;
  // When the part was last put into this machine, as far as closed visits tell.
  std::optional<Instant> last_replaced(const std::string& tenant, const std::string& asset,
                                       const std::string& part) const;
  // The visits learnt on which this cause was found.
  std::int64_t visits_learnt(const std::string& tenant, std::string_view cause) const;
  // Changes what the tenant has learnt; only the learning follower does.
  void learn(const std::string& tenant, const std::function<void(Experience&)>& change);

 private:
  template <class T>
  struct Cached {
    std::uint64_t version = UINT64_MAX;
    std::shared_ptr<const T> value;
  };
  template <class T, class Read>
  Result<std::shared_ptr<const T>> cached(std::map<std::string, Cached<T>>& all, const View& view,
                                          std::string_view group, Read read);

  struct Models {
    std::shared_ptr<const diagnosis::Model> stops;
    std::shared_ptr<const diagnosis::Model> warnings;  // null while nothing was learnt of any
  };
  Result<Models> models(const View& view);
  // The tenant's models from this catalogue and all that was learnt: the last estimate, if that is one.
  Models estimated(const std::string& tenant, std::shared_ptr<const Knowledge> known);

  struct Learnt {
    Experience experience;
    std::uint64_t version = 0;  // counts up with every change
  };
  struct Estimate {
    std::shared_ptr<const Knowledge> knowledge;
    std::uint64_t version = 0;
    Models models;
  };

  mutable std::shared_mutex mutex_;
  std::map<std::string, Cached<Knowledge>> knowledge_;
  std::map<std::string, Cached<Workforce>> workforce_;
  mutable std::shared_mutex learnt_mutex_;  // taken alone or after mutex_, never before it
  std::map<std::string, Learnt> learnt_;
  std::mutex estimates_mutex_;  // taken alone or after learnt_mutex_, never before it
  std::map<std::string, Estimate> estimates_;
};

}  // namespace firstfix::desk
