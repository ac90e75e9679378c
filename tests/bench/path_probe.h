// Both ends of the path of a fault in one process: machines that publish, phones that are offered the work, and a
// dispatcher who takes it back again so that the engineers' days do not fill up.
#pragma once

#include <atomic>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "firstfix/v1/case_service.grpc.pb.h"
#include "machines.h"
#include "phones.h"

namespace firstfix::bench {

struct ProbeOptions {
  Account account;
  std::string server, floor, store;
  std::vector<std::string> tokens;  // the dispatcher's, then one an engineer
  int machines = 0, codes = 0;
};

struct Sample {
  double offer_us = 0, receipt_us = 0;  // after the publish
};

// Not thread-safe. What does not come within some seconds throws std::runtime_error.
class Probe {
 public:
  explicit Probe(const ProbeOptions& options);

  // One machine breaks; returns when its offer and its receipt are there. Each leads to a new case.
  Sample break_down();
  // Breaks `count` machines, and remembers how many bytes one takes from the device, on disk and on the stream.
  void learn(int count);
  // As many bytes through the floor, in microseconds.
  double through_floor();

  // How many a second are acknowledged with `window` of `count` on the way: breakdowns, each a new case and offer …
  double breakdowns_per_s(int count, int window);
  // … counts that go up, of faults that are known …
  double updates_per_s(int count, int window);
  // … and the floor's.
  double floor_per_s(int count, int window);

  // The dispatcher cancels the oldest cases until no more than `most` are open.
  void keep_open(std::size_t most);
  std::size_t opened() const { return opened_; }  // cases, so far

 private:
  struct Open {
    std::string case_name, offer;
  };

  int next_machine() { return next_machine_++ % machines_.count(); }
  // Reads what the phones are told until `wanted` is satisfied by an offer.
  Phones::Event wait_offer(const std::string& what, const std::function<bool(const v1::WorkOffer&)>& wanted);
  std::size_t log_bytes() const;
  static double per_second(int count, int window, const std::function<void()>& publish,
                           const std::function<std::size_t()>& receipts, const std::function<void()>& meanwhile);

  const ProbeOptions options_;
  Phones phones_, floor_phone_;
  std::unique_ptr<v1::CaseService::Stub> dispatcher_;
  Machines machines_;
  std::atomic<std::size_t> floor_receipts_{0};
  Line floor_line_;
  int next_machine_ = 0;
  std::size_t published_ = 0, opened_ = 0;
  std::deque<Open> open_;  // oldest first
  std::size_t payload_bytes_ = 0, offer_bytes_ = 0, written_bytes_ = 0;
};

}  // namespace firstfix::bench
