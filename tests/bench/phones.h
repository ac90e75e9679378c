// Engineers' phones: their open work streams, read by one thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <deque>
#include <optional>
#include <string>

#include "firstfix/v1/engineer_service.grpc.pb.h"
#include "measure.h"

namespace firstfix::bench {

class Phones {
 public:
  struct Event {
    v1::StreamWorkResponse what;
    Steady::time_point at;  // when it was there, parsed
  };

  ~Phones() {
    for (auto& phone : phones_) phone.context.TryCancel();
    queue_.Shutdown();
    void* tag = nullptr;
    for (bool ok = false; queue_.Next(&tag, &ok);) {
    }
  }

  // Opens a stream over a connection of its own.
  void add(const std::string& server, const std::string& token) {
    auto& phone = phones_.emplace_back();
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel = grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
    phone.stub = v1::EngineerService::NewStub(channel);
    phone.context.AddMetadata("authorization", "Bearer " + token);
    phone.reader = phone.stub->AsyncStreamWork(&phone.context, {}, &queue_, &phone);
  }

  // The next event of any phone; none if none comes in time or a stream has ended.
  std::optional<Event> next(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::system_clock::now() + patience;
    void* tag = nullptr;
    bool ok = false;
    while (queue_.AsyncNext(&tag, &ok, deadline) == grpc::CompletionQueue::GOT_EVENT && ok) {
      auto& phone = *static_cast<Phone*>(tag);
      Event event{{}, Steady::now()};
      if (phone.reading) event.what = std::move(phone.response);
      phone.response.Clear();
      phone.reader->Read(&phone.response, &phone);
      if (phone.reading) return event;
      phone.reading = true;  // the call has begun
    }
    return {};
  }

 private:
  struct Phone {
    std::unique_ptr<v1::EngineerService::Stub> stub;
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientAsyncReader<v1::StreamWorkResponse>> reader;
    v1::StreamWorkResponse response;
    bool reading = false;
  };

  grpc::CompletionQueue queue_;
  std::deque<Phone> phones_;
};

}  // namespace firstfix::bench
