// A server stream of changes: first what is open now, then every change, resumable at each message.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <charconv>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/edge.h"
#include "api/feed.h"

namespace firstfix::api {

// Where a stream is: all of the log up to `position`, and of the next entry the first `ordinal` messages.
struct StreamPlace {
  std::uint64_t position = 0;
  std::size_t ordinal = 0;
};

std::string place_token(const desk::Desk& desk, const std::string& tenant, StreamPlace place);
Result<StreamPlace> place_from_token(const desk::Desk& desk, const std::string& tenant, const std::string& token);

// What makes one kind of stream: its beginning and its view of an entry. Called on the feed's thread.
template <class Response>
struct StreamKind {
  // Everything that is open now.
  std::function<Result<std::vector<Response>>(const desk::View&)> open_now;
  // What an entry means to this stream; the same entry always gives the same messages.
  std::function<Result<std::vector<Response>>(Feed&, const Entry&)> changes;
  Response synced;  // sent once after open_now
};

template <class Response>
class ChangeStream final : public grpc::ServerWriteReactor<Response> {
 public:
  ChangeStream(Feed& feed, desk::Desk& desk, Principal principal, StreamKind<Response> kind,
               std::optional<StreamPlace> from)
      : core_(std::make_shared<Core>(feed, desk, std::move(principal), std::move(kind), from, this)) {
    feed.add(core_);
  }

  void OnWriteDone(bool ok) override { core_->written(ok); }
  void OnCancel() override { core_->finish(grpc::Status::CANCELLED); }
  void OnDone() override {
    core_->detach();
    delete this;
  }

 private:
  // Outlives the reactor if the feed's thread is in it.
  class Core final : public Listener, public std::enable_shared_from_this<Core> {
   public:
    Core(Feed& feed, desk::Desk& desk, Principal principal, StreamKind<Response> kind, std::optional<StreamPlace> from,
         ChangeStream* reactor)
        : feed_(feed),
          desk_(desk),
          principal_(std::move(principal)),
          kind_(std::move(kind)),
          begun_(from.has_value()),
          place_(from.value_or(StreamPlace{})),
          reactor_(reactor) {}

    void pump() override {
      {
        std::lock_guard lock(mutex_);
        hungry_ = true;
        if (finished_ || writing_ || !waiting_.empty()) return;
      }
      // Only this thread moves place_, and nothing is waiting: no lock is held while the log is read.
      std::deque<Response> next;
      if (const auto done = begun_ ? follow(next) : begin(next); !done) return finish(to_grpc(done.error()));
      std::lock_guard lock(mutex_);
      hungry_ = feed_.more_after(principal_.tenant, place_.position);
      for (auto& message : next) waiting_.push_back(std::move(message));
      write_next();
      if (hungry_ && !writing_) feed_.poke();
    }

    void end() override {
      finish({grpc::StatusCode::UNAVAILABLE, "the service is going away: resume with the last cursor"});
    }

    void written(bool ok) {
      bool go_on = false;
      {
        std::lock_guard lock(mutex_);
        writing_ = false;
        if (!ok) {
          end_now(grpc::Status::CANCELLED);
          return;
        }
        if (finish_wanted_) return end_now(final_);
        write_next();
        go_on = !writing_ && hungry_;
      }
      if (go_on) feed_.poke();
    }

    void finish(const grpc::Status& status) {
      std::lock_guard lock(mutex_);
      if (finished_) return;
      final_ = status;
      finish_wanted_ = true;
      if (!writing_) end_now(status);
    }

    void detach() {
      feed_.remove(this);
      std::lock_guard lock(mutex_);
      reactor_ = nullptr;
    }

   private:
    Status begin(std::deque<Response>& out) {
      const auto [snapshot, head] = desk_.store().snapshot_with_head({principal_.tenant, 0});
      FIRSTFIX_TRY(open, kind_.open_now(desk::View(*snapshot, principal_.tenant)));
      for (auto& message : open) out.push_back(std::move(message));
      place_ = {head.position, 0};
      out.push_back(kind_.synced);
      out.back().set_cursor(place_token(desk_, principal_.tenant, place_));
      begun_ = true;
      for (auto& message : out) keep_visible(message, principal_.role);
      return {};
    }

    Status follow(std::deque<Response>& out) {
      FIRSTFIX_TRY(entries, feed_.after(principal_.tenant, place_.position));
      for (const auto& entry : entries) {
        FIRSTFIX_TRY(messages, kind_.changes(feed_, *entry));
        for (std::size_t i = place_.ordinal; i < messages.size(); ++i) {
          const bool last = i + 1 == messages.size();
          messages[i].set_cursor(
              place_token(desk_, principal_.tenant,
                          last ? StreamPlace{entry->position(), 0} : StreamPlace{entry->position() - 1, i + 1}));
          keep_visible(messages[i], principal_.role);
          out.push_back(std::move(messages[i]));
        }
        place_ = {entry->position(), 0};
      }
      return {};
    }

    // The lock is held.
    void write_next() {
      if (finished_ || writing_ || waiting_.empty() || reactor_ == nullptr) return;
      current_ = std::move(waiting_.front());
      waiting_.pop_front();
      writing_ = true;
      reactor_->StartWrite(&current_);
    }

    void end_now(const grpc::Status& status) {
      if (finished_ || reactor_ == nullptr) return;
      finished_ = true;
      reactor_->Finish(status);
    }

    Feed& feed_;
    desk::Desk& desk_;
    const Principal principal_;
    const StreamKind<Response> kind_;
    bool begun_;         // the feed's thread only
    StreamPlace place_;  // the feed's thread only
    std::mutex mutex_;
    ChangeStream* reactor_;
    std::deque<Response> waiting_;
    Response current_;
    bool writing_ = false, finished_ = false, finish_wanted_ = false;
    bool hungry_ = false;  // there may be more to read than is waiting
    grpc::Status final_;
  };

  std::shared_ptr<Core> core_;
};

// A stream that is refused before it begins.
template <class Response>
class RefusedStream final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusedStream(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

// Opens a stream for who may have it, from the request's cursor on.
template <class Response, class Request>
grpc::ServerWriteReactor<Response>* open_stream(const Edge& edge, Feed& feed,
                                                const grpc::CallbackServerContext& context, const Request& request,
                                                const std::function<StreamKind<Response>(const Principal&)>& kind) {
  const auto principal = edge.admit(context, Request::descriptor());
  if (!principal) return new RefusedStream<Response>(to_grpc(principal.error()));
  std::optional<StreamPlace> from;
  if (!request.cursor().empty()) {
    const auto place = place_from_token(edge.desk(), principal->tenant, request.cursor());
    if (!place) return new RefusedStream<Response>(to_grpc(place.error()));
    from = *place;
  }
  return new ChangeStream<Response>(feed, edge.desk(), *principal, kind(*principal), from);
}

}  // namespace firstfix::api
