#include "path_probe.h"

#include "floor_message.h"

namespace firstfix::bench {
namespace {

constexpr std::chrono::milliseconds kPatience{20'000};

std::shared_ptr<grpc::Channel> channel_to(const std::string& server) {
  return grpc::CreateChannel(server, grpc::InsecureChannelCredentials());
}

}  // namespace

Probe::Probe(const ProbeOptions& options)
    : options_(options),
      dispatcher_(v1::CaseService::NewStub(channel_to(options.server))),
      machines_(options.account, options.machines, options.codes),
      floor_line_(options.account, "floor-probe", kFloorReceipt, [this](auto&, auto&) { ++floor_receipts_; }) {
  for (std::size_t i = 1; i < options.tokens.size(); ++i) phones_.add(options.server, options.tokens[i]);
  floor_phone_.add(options.floor, "");
  for (std::size_t synced = 0; synced < options.tokens.size();) {
    const bool floor = synced + 1 == options.tokens.size();
    const auto event = (floor ? floor_phone_ : phones_).next(kPatience);
    if (!event) throw std::runtime_error("a work stream did not open");
    if (event->what.synced()) ++synced;
  }
}

Phones::Event Probe::wait_offer(const std::string& what, const std::function<bool(const v1::WorkOffer&)>& wanted) {
  while (auto event = phones_.next(kPatience))
    if (event->what.has_offer() && wanted(event->what.offer())) return std::move(*event);
  throw std::runtime_error("waited in vain for " + what);
}

Sample Probe::break_down() {
  const int machine = next_machine();
  const auto asset = "assets/m" + std::to_string(machine);
  auto payload = machines_.break_down(machine);
  payload_bytes_ = payload.size();
  const auto start = Steady::now();
  machines_.publish(machine, std::move(payload));
  const auto event = wait_offer("the offer for " + asset, [&](const v1::WorkOffer& offer) {
    return offer.offer().state() == v1::OFFER_STATE_OPEN && offer.case_().asset() == asset;
  });
  const auto& offer = event.what.offer();
  if (offer.steps().empty()) throw std::runtime_error("the offer for " + asset + " has no checklist");
  offer_bytes_ = event.what.ByteSizeLong();
  open_.push_back({offer.case_().name(), offer.offer().name()});
  ++opened_;
  return {micros(event.at - start), micros(machines_.wait_receipts(++published_) - start)};
}

void Probe::learn(int count) {
  const auto before = log_bytes();
  for (int i = 0; i < count; ++i) break_down();
  const auto after = log_bytes();
  if (after <= before) throw std::runtime_error("the store's log did not grow: it was cut meanwhile");
  written_bytes_ = (after - before) / static_cast<std::size_t>(count);
  std::fprintf(stderr, "   a breakdown: %zu bytes from the device, %zu written, %zu to the phone\n", payload_bytes_,
               written_bytes_, offer_bytes_);
}

std::size_t Probe::log_bytes() const {
  std::size_t total = 0;
  for (const auto& file : std::filesystem::directory_iterator(options_.store))
    if (file.path().extension() == ".log") total += file.file_size();
  return total;
}

double Probe::through_floor() {
  auto payload = floor_message({static_cast<std::uint32_t>(written_bytes_), static_cast<std::uint32_t>(offer_bytes_)},
                               payload_bytes_);
  const auto start = Steady::now();
  floor_line_.publish(kFloorOne, std::move(payload));
  const auto event = floor_phone_.next(kPatience);
  if (!event) throw std::runtime_error("the floor did not answer");
  return micros(event->at - start);
}

double Probe::per_second(int count, int window, const std::function<void()>& publish,
                         const std::function<std::size_t()>& receipts, const std::function<void()>& meanwhile) {
  const auto before = receipts();
  const auto total = static_cast<std::size_t>(count);
  const auto start = Steady::now();
  auto progress = start;
  for (std::size_t sent = 0, got = 0; got < total; meanwhile()) {
    const auto now = receipts() - before;
    if (now != got) progress = Steady::now();
    if (Steady::now() - progress > kPatience) throw std::runtime_error("receipts have stopped coming");
    got = now;
    for (; sent < total && sent - got < static_cast<std::size_t>(window); ++sent) publish();
  }
  return static_cast<double>(count) / (micros(Steady::now() - start) * 1e-6);
}

double Probe::breakdowns_per_s(int count, int window) {
  std::size_t offers = 0;
  const auto take = [&](const Phones::Event& event) {
    const auto& offer = event.what.offer();
    if (offer.offer().state() != v1::OFFER_STATE_OPEN) return;
    open_.push_back({offer.case_().name(), offer.offer().name()});
    ++opened_, ++offers;
  };
  const auto rate = per_second(
      count, window,
      [&] {
        const int machine = next_machine();
        machines_.publish(machine, machines_.break_down(machine));
        ++published_;
      },
      [&] { return machines_.receipts(); },
      [&] {
        if (const auto event = phones_.next(std::chrono::milliseconds{1})) take(*event);
      });
  while (offers < static_cast<std::size_t>(count)) {
    const auto event = phones_.next(kPatience);
    if (!event) throw std::runtime_error("offers are missing");
    take(*event);
  }
  return rate;
}

double Probe::updates_per_s(int count, int window) {
  return per_second(
      count, window,
      [&] {
        const int machine = next_machine();
        machines_.publish(machine, machines_.count_up(machine));
        ++published_;
      },
      [&] { return machines_.receipts(); }, [&] { phones_.next(std::chrono::milliseconds{1}); });
}

double Probe::floor_per_s(int count, int window) {
  const FloorSizes sizes{static_cast<std::uint32_t>(written_bytes_), static_cast<std::uint32_t>(offer_bytes_)};
  return per_second(
      count, window, [&] { floor_line_.publish(kFloorMany, floor_message(sizes, payload_bytes_)); },
      [&] { return floor_receipts_.load(); }, [&] { floor_phone_.next(std::chrono::milliseconds{1}); });
}

void Probe::keep_open(std::size_t most) {
  for (; open_.size() > most; open_.pop_front()) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + options_.tokens.front());
    v1::CancelCaseRequest request;
    request.set_name(open_.front().case_name);
    request.set_reason("the machine was replaced");
    v1::Case answer;
    if (const auto done = dispatcher_->CancelCase(&context, request, &answer); !done.ok())
      throw std::runtime_error("cancel " + request.name() + ": " + done.error_message());
    wait_offer("the withdrawal of " + open_.front().offer, [&](const v1::WorkOffer& offer) {
      return offer.offer().name() == open_.front().offer && offer.offer().state() != v1::OFFER_STATE_OPEN;
    });
  }
}

}  // namespace firstfix::bench
