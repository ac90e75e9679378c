#include "casework/effects.h"

#include "casework/convert.h"

namespace firstfix {

void tell(v1::Case& record, Effects& effects, v1::TimelineKind kind, std::string text, std::string_view actor,
          std::string_view subject, Instant now) {
  auto& entry = effects.timeline.emplace_back();
  const auto number = std::to_string(record.timeline_count());
  // Twelve digits, so that names sort as numbers do.
  entry.set_name(record.name() + "/timeline/" + std::string(12 - number.size(), '0') + number);
  *entry.mutable_at() = to_proto(now);
  entry.set_kind(kind);
  entry.set_text(std::move(text));
  entry.set_actor(actor.data(), actor.size());
  entry.set_subject(subject.data(), subject.size());
  record.set_timeline_count(record.timeline_count() + 1);
}

}  // namespace firstfix
