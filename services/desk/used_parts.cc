// Parts used on a visit: what the engineer says, and what leaves the stock.
#include <algorithm>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"

namespace firstfix::desk {
namespace {

constexpr int kMaxUsedParts = 100;

// Where a part comes from if nobody says so: where it was to be fetched, else the engineer's van.
std::string usual_source(const v1::Visit& visit, const v1::Engineer& engineer, const std::string& part) {
  for (const auto& pickup : visit.pickups())
    if (visit.engineer() == engineer.name() &&
        std::find(pickup.parts().begin(), pickup.parts().end(), part) != pickup.parts().end())
      return pickup.location();
  return engineer.van();
}

// The lines as they can be booked: a quantity and a place each, all of it known.
Result<internal::v1::UsedParts> checked(const Command& command, const v1::Visit& visit, internal::v1::UsedParts used) {
  const auto& uow = command.uow;
  if (used.lines_size() > kMaxUsedParts) return fail(Code::kTooLarge, "parts has over 100 entries");
  FIRSTFIX_TRY(engineer, uow.get<v1::Engineer>(command.actor));
  for (auto& line : *used.mutable_lines()) {
    FIRSTFIX_CHECK(uow.get<v1::Part>(line.part()).map([](auto&&) {}));
    if (line.quantity() == 0) line.set_quantity(1);
    if (line.location().empty()) line.set_location(usual_source(visit, engineer, line.part()));
    if (line.location().empty())
      return fail(Code::kInvalid, "say where " + line.part() + " came from: " + engineer.name() + " has no van");
    FIRSTFIX_CHECK(uow.get<v1::StockLocation>(line.location()).map([](auto&&) {}));
  }
  return used;
}

std::string in_words(const internal::v1::UsedParts& used) {
  std::string out = "used";
  for (const auto& line : used.lines())
    out += " " + std::to_string(line.quantity()) + " × " + line.part() + " of " + line.location() + ",";
  out.back() == ',' ? out.pop_back() : void(out += " no parts");
  return out;
}

// The parts are gone from the stock, whoever was to use them.
Result<internal::v1::UsedParts> keep_late_parts(Command& command, const visit::Job& job, const v1::Offer& offer,
                                                const internal::v1::UsedParts& used) {
  FIRSTFIX_TRY(effects, visit::keep_overruled(job, offer, {.what = in_words(used), .at = Instant{used.at_us()}},
                                              command.actor, command.now()));
  FIRSTFIX_CHECK(command.uow.apply(std::move(effects)));
  FIRSTFIX_CHECK(change_stock(command.uow, {}, used));
  return used;
}

// A later word about a visit whose parts have left the stock already: the books follow, and so does what is learnt.
Status correct_books(UnitOfWork& uow, const v1::Visit& visit, const internal::v1::UsedParts& before,
                     const internal::v1::UsedParts& now) {
  FIRSTFIX_CHECK(change_stock(uow, before, now));
  FIRSTFIX_TRY(outcome, uow.find<v1::Outcome>("outcomes/" + std::string(id_of(visit.name()))));
  if (!outcome) return {};
  outcome->clear_parts();
  for (const auto& line : now.lines()) outcome->add_parts(line.part());
  return uow.put(std::move(*outcome));
}

}  // namespace

Result<internal::v1::UsedParts> used_on(const View& view, const std::string& visit) {
  FIRSTFIX_TRY(bytes, view.reader().get(store::Table::kSystem, store::key({view.tenant(), system::kUsedParts, visit})));
  internal::v1::UsedParts used;
  if (bytes && !used.ParseFromString(*bytes))
    return fail(Code::kCorrupt, "the parts used on " + visit + " do not parse");
  return used;
}

Result<internal::v1::UsedParts> record_parts(Command& command, const std::string& name,
                                             const internal::v1::UsedParts& wanted) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(job, job_of(uow, name));
  FIRSTFIX_TRY(overruled, taken_back_from(command, job.visit, Instant{wanted.at_us()}));
  if (!overruled) FIRSTFIX_CHECK(visit::takes_work(job, command.actor, "at", Instant{wanted.at_us()}, command.now()));
  FIRSTFIX_TRY(used, checked(command, job.visit, wanted));
  if (overruled) return keep_late_parts(command, job, *overruled, used);
  FIRSTFIX_TRY(before, used_on(uow, name));
  if (before.at_us() > used.at_us()) return before;  // an older word that came late
  if (job.visit.state() == v1::VISIT_STATE_COMPLETED) FIRSTFIX_CHECK(correct_books(uow, job.visit, before, used));
  FIRSTFIX_CHECK(uow.put_system(system::kUsedParts, {name}, used.SerializeAsString()));
  return used;
}

}  // namespace firstfix::desk
