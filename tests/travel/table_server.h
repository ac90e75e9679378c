// A table service on a socket of this machine: httplib's server, speaking OSRM's format.
//
// A way takes 1,000 s for each degree of longitude to the east and 3,000 s to the west; there is no way to the south of
// the equator.
#pragma once

#include <httplib.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/geo.h"

namespace firstfix::travel {

class TableServer {
 public:
  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

  TableServer() {
    server_.Get(R"(/table/v1/driving/(.+))", [this](const auto& request, auto& response) {
      ++requests;
      most_coordinates = std::max<std::size_t>(most_coordinates, coordinates(request).size());
      (instead ? instead : Handler(table))(request, response);
    });
    server_.set_tcp_nodelay(true);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~TableServer() { stop(); }
  TableServer(const TableServer&) = delete;
  TableServer& operator=(const TableServer&) = delete;

  // Before the first call: each gets a connection of its own, so that stop() waits for none that is kept open.
  void keep_no_connection() { server_.set_keep_alive_max_count(1); }
  void stop() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  static std::vector<Position> coordinates(const httplib::Request& request) {
    std::vector<Position> out;
    std::istringstream in(request.matches[1].str());
    for (std::string one; std::getline(in, one, ';');)
      out.push_back({std::stod(one.substr(one.find(',') + 1)), std::stod(one)});
    return out;
  }

  static void table(const httplib::Request& request, httplib::Response& response) {
    const auto places = coordinates(request);
    std::string rows;
    for (const auto from : numbers(request.get_param_value("sources"))) {
      std::string row;
      for (const auto to : numbers(request.get_param_value("destinations")))
        row += (row.empty() ? "" : ",") + way(places.at(from), places.at(to));
      rows += (rows.empty() ? "[" : ",[") + row + "]";
    }
    response.set_content(R"({"code":"Ok","durations":[)" + rows + "]}", "application/json");
  }

  // To be set while nobody asks.
  Handler instead;
  std::atomic<int> requests{0};
  std::atomic<std::size_t> most_coordinates{0};

 private:
  static std::vector<std::size_t> numbers(const std::string& list) {
    std::vector<std::size_t> out;
    std::istringstream in(list);
    for (std::string one; std::getline(in, one, ';');) out.push_back(std::stoul(one));
    return out;
  }
  static std::string way(const Position& from, const Position& to) {
    if (to.latitude_deg < 0) return "null";
    const double east = to.longitude_deg - from.longitude_deg;
    return std::to_string(east > 0 ? 1000 * east : -3000 * east);
  }

  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

// Lets nobody through before it is opened.
class Gate {
 public:
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

}  // namespace firstfix::travel
