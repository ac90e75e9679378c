// Whatever standard an administrator writes and whatever answers a phone sends: a standard that is taken can be run,
// and no answer gets ahead of a mandatory step. The input is the length of a ServiceStandard (two bytes), the standard,
// and answers, each a byte that says to which step, a byte that says how long it is, and the Evidence.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "visit/checklist.h"
#include "visit/language.h"
#include "visit/standard.h"

using namespace firstfix;

namespace {

std::string_view take(std::string_view& rest, std::size_t size) {
  const auto taken = rest.substr(0, size);
  rest.remove_prefix(taken.size());
  return taken;
}

std::size_t byte(std::string_view& rest) {
  const auto one = take(rest, 1);
  return one.empty() ? 0 : static_cast<unsigned char>(one[0]);
}

void answer_one(visit::Job& job, std::vector<v1::ChecklistStep>& steps, std::string_view& rest) {
  const auto index = byte(rest) % steps.size();
  visit::Answering given{.step = steps[index].name()};
  const auto bytes = take(rest, byte(rest));
  if (!given.evidence.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  for (const auto& blob : visit::blobs_of(given.evidence)) {
    given.proofs.emplace_back().blob.set_name(blob);
    given.proofs.back().blob.set_media_type("image/png");
  }
  const auto effects = visit::answer(job, steps, given, "engineers/li", Instant{1'000'000'000'000});
  if (!effects) return;
  for (std::size_t i = 0; i < index; ++i)
    if (steps[i].template_().mandatory() && steps[i].state() == v1::STEP_STATE_OPEN) std::abort();
  for (const auto& changed : effects->steps)
    for (auto& step : steps)
      if (step.name() == changed.name()) step = changed;
  if (steps[index].evidence_count() > visit::kMaxEvidencePerStep) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  (void)visit::fits_media_type("image/svg+xml", rest);
  const auto high = byte(rest), low = byte(rest);
  const auto bytes = take(rest, high * 256 + low);
  v1::ServiceStandard standard;
  if (!standard.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !visit::validate(standard)) return 0;
  auto steps = visit::compose("visits/1", {&standard});
  for (auto& step : steps) visit::put_texts(step, "zh-Hans-CN");
  visit::Job job;
  job.visit.set_name("visits/1");
  job.visit.set_engineer("engineers/li");
  job.visit.set_state(v1::VISIT_STATE_ON_SITE);
  while (!rest.empty()) answer_one(job, steps, rest);
  (void)visit::all_mandatory_done(steps);
  (void)visit::summary_of(steps);
  return 0;
}
