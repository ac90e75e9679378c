#include "firstfixd/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <set>
#include <sstream>

#include "api/principal.h"
#include "planning/travel_table.h"

namespace firstfix::firstfixd {
namespace {

// Reads one table and remembers which keys were asked for, so that the others can be refused.
class Table {
 public:
  Table(const toml::table* table, std::string name, std::string& error)
      : table_(table), name_(std::move(name)), error_(error) {}
  ~Table() {
    if (table_ == nullptr) return;
    for (const auto& [key, value] : *table_)
      if (known_.count(std::string(key.str())) == 0) complain(key.str(), "is not a key that firstfixd knows");
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  template <class T>
  void get(const char* key, T& into) {
    const auto* node = find(key);
    if (node == nullptr) return;
    if (const auto value = node->value_exact<T>())
      into = *value;
    else
      complain(key, "has the wrong type");
  }
  void get(const char* key, int& into, int least, int most) {
    std::int64_t value = into;
    get(key, value);
    if (value < least || value > most)
      return complain(key, "must be from " + std::to_string(least) + " to " + std::to_string(most));
    into = static_cast<int>(value);
  }
  // A whole number will do.
  void get(const char* key, double& into, double least, double most) {
    const auto* node = find(key);
    if (node != nullptr) read(key, *node, into, least, most);
  }
  // One number for all, or one for each.
  template <std::size_t kCount>
  void get(const char* key, std::array<double, kCount>& into, double least, double most) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr || (list->size() != 1 && list->size() != kCount))
      return complain(key, "must be a list of 1 or " + std::to_string(kCount) + " numbers");
    for (std::size_t i = 0; i < kCount; ++i) read(key, *list->get(i % list->size()), into[i], least, most);
  }
  // One of two words.
  void choose(const char* key, bool& into, const char* if_false, const char* if_true) {
    std::string word = into ? if_true : if_false;
    get(key, word);
    if (word != if_false && word != if_true)
      return complain(key, std::string("must be \"") + if_false + "\" or \"" + if_true + "\"");
    into = word == if_true;
  }
  const toml::table* child(const char* key) {
    const auto* node = find(key);
    if (node != nullptr && !node->is_table()) complain(key, "must be a table");
    return node == nullptr ? nullptr : node->as_table();
  }

 private:
  const toml::node* find(const char* key) {
    known_.insert(key);
    return table_ == nullptr ? nullptr : table_->get(key);
  }
  void read(const char* key, const toml::node& node, double& into, double least, double most) {
    if (!node.is_number()) return complain(key, "has the wrong type");
    const auto value = node.value<double>().value_or(least - 1);
    if (!(value >= least && value <= most)) {
      std::ostringstream range;
      range << "must be from " << least << " to " << most;
      return complain(key, range.str());
    }
    into = value;
  }
  void complain(std::string_view key, const std::string& what) {
    if (error_.empty()) error_ = "«" + name_ + std::string(key) + "» " + what;
  }

  const toml::table* table_;
  std::string name_;
  std::string& error_;
  std::set<std::string> known_;
};

void read_grpc(const toml::table* table, Config& out, std::string& error) {
  Table grpc(table, "grpc.", error);
  grpc.get("listen", out.grpc.address);
  grpc.get("cert_file", out.grpc.cert_file);
  grpc.get("key_file", out.grpc.key_file);
  grpc.get("client_ca_file", out.grpc.client_ca_file);
  grpc.choose("client_certificate", out.grpc.client_certificate_required, "optional", "required");
}

void read_mqtt(const toml::table* table, Config& out, std::string& error) {
  Table mqtt(table, "mqtt.", error);
  mqtt.get("enabled", out.mqtt_enabled);
  mqtt.get("broker", out.mqtt.broker);
  mqtt.get("client_id", out.mqtt.client_id);
  mqtt.get("user", out.mqtt.user);
  mqtt.get("password_file", out.mqtt_password_file);
  mqtt.get("ca_file", out.mqtt.ca_file);
  mqtt.get("cert_file", out.mqtt.cert_file);
  mqtt.get("key_file", out.mqtt.key_file);
  int workers = static_cast<int>(out.mqtt.workers), limit = static_cast<int>(out.mqtt.queue_limit);
  mqtt.get("workers", workers, 1, 64);
  mqtt.get("queue_limit", limit, 16, 1'000'000);
  out.mqtt.workers = static_cast<std::size_t>(workers);
  out.mqtt.queue_limit = static_cast<std::size_t>(limit);
}

void read_osrm(Table& travel, travel::Osrm& out) {
  travel.get("url", out.url);
  while (!out.url.empty() && out.url.back() == '/') out.url.pop_back();
  travel.get("profile", out.profile);
  auto timeout_ms = static_cast<int>(out.timeout / std::chrono::milliseconds{1});
  auto keep_minutes = static_cast<int>(out.keep_for / std::chrono::minutes{1});
  auto coordinates = static_cast<int>(out.most_coordinates), kept = static_cast<int>(out.most_kept);
  travel.get("timeout_ms", timeout_ms, 10, 30'000);
  travel.get("max_coordinates", coordinates, 2, 1'000);
  travel.get("cache_ways", kept, 100, 10'000'000);
  travel.get("cache_minutes", keep_minutes, 1, 43'200);
  out.timeout = std::chrono::milliseconds{timeout_ms};
  out.keep_for = std::chrono::minutes{keep_minutes};
  out.most_coordinates = static_cast<std::size_t>(coordinates);
  out.most_kept = static_cast<std::size_t>(kept);
}

void read_travel(const toml::table* table, travel::Options& out, std::string& error) {
  Table travel(table, "travel.", error);
  std::string kind = "great-circle";
  travel.get("kind", kind);
  if (kind == "table")
    out.kind = travel::Kind::kTable;
  else if (kind == "osrm")
    out.kind = travel::Kind::kOsrm;
  else if (kind != "great-circle" && error.empty())
    error = "«travel.kind» is none of great-circle, table, osrm";
  double detour = 1.3;
  planning::SpeedsByHour speeds;
  speeds.fill(50);
  int utc_offset_minutes = 0;
  travel.get("detour", detour, 1, 10);
  travel.get("speeds_kmh", speeds, 1, 1'000);
  travel.get("utc_offset_minutes", utc_offset_minutes, -720, 840);
  out.great_circle = planning::GreatCircleTravel(detour, speeds, std::chrono::minutes{utc_offset_minutes});
  travel.get("file", out.table_file);
  read_osrm(travel, out.osrm);
}

void read_planning(const toml::table* table, desk::Prices& out, std::string& error) {
  constexpr double kMost = 1e6;
  Table planning(table, "planning.", error);
  auto& [one, day] = out;
  planning.get("travel_per_hour", one.travel_per_hour, 0, kMost);
  planning.get("wait_per_hour", one.wait_per_hour, 0, kMost);
  planning.get("over_qualification", one.over_qualification, 0, kMost);
  planning.get("second_per_hour", one.second_per_hour, 0, kMost);
  planning.get("remote_per_hour", one.remote_per_hour, 0, kMost);
  planning.get("continuity", one.continuity, 0, kMost);
  planning.get("fairness", one.fairness, 0, kMost);
  planning.get("call_out", one.call_out, 0, kMost);
  planning.get("late_per_hour", day.late_per_hour, 0, kMost);
  planning.get("overtime_per_hour", day.overtime_per_hour, 0, kMost);
  planning.get("broken_promise", day.broken_promise, 0, kMost);
  planning.get("moved", day.moved, 0, kMost);
  planning.get("shifted", day.shifted, 0, kMost);
  planning.get("moved_if_agreed", day.agreed, 0, kMost);
  planning.get("worth_per_move", day.worth_per_move, 0, kMost);
  day.travel_per_hour = one.travel_per_hour;
  day.wait_per_hour = one.wait_per_hour;
  day.over_qualification = one.over_qualification;
  day.continuity = one.continuity;
  day.fairness = one.fairness;
}

// Is the host of "host:port" this machine?
bool local(std::string_view address) {
  const auto host = address.substr(0, address.rfind(':'));
  return host == "localhost" || host == "[::1]" || host.substr(0, 4) == "127.";
}

std::string check_travel(const Config& config) {
  const auto& travel = config.travel;
  const auto& url = travel.osrm.url;
  if ((travel.kind == travel::Kind::kTable) != !travel.table_file.empty())
    return "«travel.file» is needed for kind = \"table\", and for no other";
  if ((travel.kind == travel::Kind::kOsrm) != !url.empty())
    return "«travel.url» is needed for kind = \"osrm\", and for no other";
  if (url.empty()) return {};
  const bool open = url.rfind("http://", 0) == 0;
  if (!open && url.rfind("https://", 0) != 0) return "«travel.url» begins with neither http:// nor https://";
  if (url.find_first_of("@?# ") != std::string::npos)
    return "«travel.url» is the service's address alone, without user, question mark, # or blank";
  const auto host = url.substr(url.find("//") + 2);
  if (config.production && open && !local(host.substr(0, host.find('/'))))
    return "«travel.url» is on the network and without TLS, so that where engineers live could be read: use https://, "
           "or a service on 127.0.0.1";
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; };
  if (travel.osrm.profile.empty() || !std::all_of(travel.osrm.profile.begin(), travel.osrm.profile.end(), plain))
    return "«travel.profile» is made of letters, digits, - and _";
  return {};
}

std::string check(const Config& config) {
  constexpr std::string_view kLevels[] = {"trace", "debug", "info", "warn", "error"};
  if (std::find(std::begin(kLevels), std::end(kLevels), config.log_level) == std::end(kLevels))
    return "«log_level» is none of trace, debug, info, warn, error";
  if (!config.clock_start.empty() && !parse_iso8601(config.clock_start))
    return "«clock_start» is not a time such as 2026-03-01T08:00:00Z";
  if (config.production && config.manual_clock)
    return "clock = \"manual\" is for tests: it needs environment = \"test\"";
  if (config.store_directory.empty()) return "«store.directory» is needed: where to keep the data";
  if (config.token_key_file.empty()) return "«auth.token_key_file» is needed: make one with `openssl rand -hex 32`";
  if (config.grpc.cert_file.empty() != config.grpc.key_file.empty())
    return "«grpc.cert_file» and «grpc.key_file» go together";
  if (!config.grpc.client_ca_file.empty() && config.grpc.cert_file.empty())
    return "«grpc.client_ca_file» is for TLS: it needs grpc.cert_file and grpc.key_file";
  if (config.mqtt.cert_file.empty() != config.mqtt.key_file.empty())
    return "«mqtt.cert_file» and «mqtt.key_file» go together";
  if (config.mqtt_enabled && config.mqtt.broker.rfind("tcp://", 0) != 0 && config.mqtt.broker.rfind("ssl://", 0) != 0)
    return "«mqtt.broker» begins with neither tcp:// nor ssl://";
  if (config.mqtt.broker.rfind("tcp://", 0) == 0 && !(config.mqtt.ca_file + config.mqtt.cert_file).empty())
    return "«mqtt.ca_file» and «mqtt.cert_file» are for TLS: they need a broker that begins with ssl://";
  if (config.production && config.grpc.cert_file.empty() && !local(config.grpc.address))
    return "«grpc.listen» is open to the network without TLS: give grpc.cert_file and grpc.key_file, or listen on "
           "127.0.0.1";
  if (config.production && config.mqtt_enabled && config.mqtt.broker.rfind("tcp://", 0) == 0 &&
      !local(config.mqtt.broker.substr(6)))
    return "«mqtt.broker» is on the network and without TLS, so that passwords could be read: use ssl://, or a broker "
           "on 127.0.0.1";
  return check_travel(config);
}

}  // namespace

Result<std::string> read_text_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return fail(Code::kInvalid, "cannot read " + path);
  return text.str();
}

namespace {

Status check_travel_file(const travel::Options& options) {
  if (options.kind != travel::Kind::kTable) return {};
  FIRSTFIX_TRY(text, read_text_file(options.table_file));
  const auto table = planning::read_travel_table(text);
  if (!table) return fail(table.error().code, options.table_file + ": " + table.error().message);
  return {};
}

}  // namespace

Status check_files(const Config& config) {
  FIRSTFIX_TRY(key, read_text_file(config.token_key_file));
  FIRSTFIX_CHECK(api::Tokens::with_key(key).map([](auto&&) {}));
  for (const auto* path :
       {&config.mqtt_password_file, &config.mqtt.ca_file, &config.mqtt.cert_file, &config.mqtt.key_file,
        &config.grpc.cert_file, &config.grpc.key_file, &config.grpc.client_ca_file})
    if (!path->empty()) FIRSTFIX_CHECK(read_text_file(*path).map([](auto&&) {}));
  return check_travel_file(config.travel);
}

Result<Config> parse_config(std::string_view text, const std::string& path) {
  toml::table root;
  try {
    root = toml::parse(text, path);
  } catch (const toml::parse_error& e) {
    return fail(Code::kInvalid,
                path + ":" + std::to_string(e.source().begin.line) + ": " + std::string(e.description()));
  }
  Config out;
  std::string error;
  {
    Table top(&root, "", error);
    bool test = !out.production, sync = true;
    top.choose("environment", test, "production", "test");
    out.production = !test;
    top.choose("clock", out.manual_clock, "system", "manual");
    top.get("clock_start", out.clock_start);
    top.get("log_level", out.log_level);
    Table store(top.child("store"), "store.", error);
    store.get("directory", out.store_directory);
    store.choose("durability", sync, "process", "sync");
    out.durability = sync ? store::Durability::kSync : store::Durability::kProcess;
    store.get("log_retention_days", out.log_retention_days, 1, 3650);
    Table auth(top.child("auth"), "auth.", error);
    auth.get("token_key_file", out.token_key_file);
    read_grpc(top.child("grpc"), out, error);
    read_mqtt(top.child("mqtt"), out, error);
    read_travel(top.child("travel"), out.travel, error);
    read_planning(top.child("planning"), out.prices, error);
  }
  if (error.empty()) error = check(out);
  if (!error.empty()) return fail(Code::kInvalid, path + ": " + error);
  return out;
}

Result<Config> read_config(const std::string& path) {
  FIRSTFIX_TRY(text, read_text_file(path));
  return parse_config(text, path);
}

}  // namespace firstfix::firstfixd
