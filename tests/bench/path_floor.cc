// The floor under the path of a fault: what broker, disk and stream cost with nothing between them.
//
// Takes a message from the broker, writes as many bytes as it says with one synced RocksDB write, and pushes as many to
// every open work stream. On floor/one all of that happens in the client library's callback: the shortest chain that
// there is. On floor/many messages queue, all that wait share one synced write, and each is answered on floor/receipt:
// the chain at its widest. A message begins with the two sizes, see floor_message.h.
#include <grpcpp/grpcpp.h>
#include <rocksdb/db.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

#include "firstfix/v1/engineer_service.grpc.pb.h"
#include "floor_message.h"
#include "line.h"

namespace firstfix::bench {
namespace {

class Stream final : public grpc::ServerWriteReactor<v1::StreamWorkResponse> {
 public:
  void push(const v1::StreamWorkResponse& message) {
    std::lock_guard lock(mutex_);
    waiting_.push_back(message);
    if (!writing_) write_next();
  }
  void OnWriteDone(bool ok) override {
    std::lock_guard lock(mutex_);
    writing_ = false;
    if (ok && !waiting_.empty()) write_next();
  }
  void OnCancel() override { Finish(grpc::Status::CANCELLED); }
  void OnDone() override {}  // lives as long as the process

 private:
  void write_next() {
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
    writing_ = true;
    StartWrite(&current_);
  }

  std::mutex mutex_;
  std::deque<v1::StreamWorkResponse> waiting_;
  v1::StreamWorkResponse current_;
  bool writing_ = false;
};

class Streams final : public v1::EngineerService::WithCallbackMethod_StreamWork<v1::EngineerService::Service> {
 public:
  grpc::ServerWriteReactor<v1::StreamWorkResponse>* StreamWork(grpc::CallbackServerContext*,
                                                               const v1::StreamWorkRequest*) override {
    auto* stream = new Stream;
    v1::StreamWorkResponse synced;
    synced.set_synced(true);
    stream->push(synced);
    std::lock_guard lock(mutex_);
    return all_.emplace_back(stream);
  }
  void push(const v1::StreamWorkResponse& message) {
    std::lock_guard lock(mutex_);
    for (auto* stream : all_) stream->push(message);
  }

 private:
  std::mutex mutex_;
  std::vector<Stream*> all_;
};

class Floor {
 public:
  Floor(const Account& account, const std::string& directory, Streams& streams) : streams_(streams) {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    if (const auto opened = rocksdb::DB::Open(options, directory, &db); !opened.ok())
      throw std::runtime_error(opened.ToString());
    db_.reset(db);
    worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    line_ = std::make_unique<Line>(account, "path-floor", "floor/+", [this](const auto& topic, const auto& payload) {
      if (topic == kFloorOne) return take({floor_sizes(payload)});
      if (topic == kFloorMany) enqueue(floor_sizes(payload));
    });
  }

 private:
  void enqueue(FloorSizes sizes) {
    {
      std::lock_guard lock(mutex_);
      waiting_.push_back(sizes);
    }
    filled_.notify_one();
  }

  void work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (filled_.wait(lock, stop, [&] { return !waiting_.empty(); })) {
      std::vector<FloorSizes> group;
      group.swap(waiting_);
      lock.unlock();
      take(group);
      for (std::size_t i = 0; i < group.size(); ++i) line_->publish(kFloorReceipt, "durable");
      lock.lock();
    }
  }

  void take(const std::vector<FloorSizes>& group) {
    rocksdb::WriteBatch batch;
    for (const auto& sizes : group) batch.Put(std::to_string(++count_), std::string(sizes.written_bytes, 'x'));
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (const auto done = db_->Write(synced, &batch); !done.ok()) throw std::runtime_error(done.ToString());
    for (const auto& sizes : group) {
      v1::StreamWorkResponse message;
      message.set_cursor(std::string(sizes.sent_bytes, 'x'));
      streams_.push(message);
    }
  }

  Streams& streams_;
  std::unique_ptr<rocksdb::DB> db_;
  std::uint64_t count_ = 0;
  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::vector<FloorSizes> waiting_;
  std::unique_ptr<Line> line_;
  std::jthread worker_;
};

}  // namespace
}  // namespace firstfix::bench

int main(int argc, char** argv) {
  CLI::App app{"The floor under the path of a fault; see tests/bench/path_floor.cc.", "path_floor"};
  firstfix::bench::Account account;
  std::string password_file, directory, listen;
  app.add_option("--broker", account.broker)->required();
  app.add_option("--user", account.user)->required();
  app.add_option("--password-file", password_file)->required();
  app.add_option("--directory", directory, "of the database, new")->required();
  app.add_option("--listen", listen, "host:port for gRPC")->required();
  CLI11_PARSE(app, argc, argv);
  std::getline(std::ifstream(password_file), account.password);

  firstfix::bench::Streams streams;
  const firstfix::bench::Floor floor(account, directory, streams);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials());
  builder.RegisterService(&streams);
  const auto server = builder.BuildAndStart();
  if (!server) {
    std::cerr << "path_floor: cannot listen on " << listen << "\n";
    return 1;
  }
  server->Wait();
  return 0;
}
