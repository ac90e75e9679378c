#include "visit/standard.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include "visit/deviation.h"

namespace firstfix::visit {
namespace {

constexpr int kMaxChoices = 20, kMaxMachines = 100;
constexpr std::uint32_t kMaxPhotos = 10;

// The order of work; see StandardKind.
constexpr std::array kOrder = {v1::STANDARD_KIND_OPENING, v1::STANDARD_KIND_DATA_BACKUP, v1::STANDARD_KIND_SAFETY,
                               v1::STANDARD_KIND_REPAIR,  v1::STANDARD_KIND_RELEASE,     v1::STANDARD_KIND_DATA_VERIFY,
                               v1::STANDARD_KIND_CLOSING};

template <class Range, class T>
bool holds(const Range& range, const T& value) {
  return std::find(range.begin(), range.end(), value) != range.end();
}

bool lacks_english(const v1::LocalText& text) {
  const auto found = text.text().find("en");
  return found == text.text().end() || found->second.empty();
}

Status check_limits(const v1::StepTemplate& step, const std::string& where) {
  const bool limited = step.has_minimum() || step.has_maximum();
  if (step.kind() != v1::STEP_KIND_READING)
    return limited ? fail(Code::kInvalid, where + ".minimum and maximum are for readings") : Status{};
  for (const double limit : {step.minimum(), step.maximum()})
    if (!std::isfinite(limit)) return fail(Code::kInvalid, where + " has a limit that is not a finite number");
  if (step.has_minimum() && step.has_maximum() && step.minimum() > step.maximum())
    return fail(Code::kInvalid, where + ".minimum is over its maximum");
  if (step.out_of_limits() == v1::OUT_OF_LIMITS_FAIL && !limited)
    return fail(Code::kInvalid, where + ".out_of_limits needs a limit");
  return {};
}

Status check_choices(const v1::StepTemplate& step, const std::string& where) {
  if (step.kind() != v1::STEP_KIND_CHOICE)
    return step.choices().empty() ? Status{} : fail(Code::kInvalid, where + ".choices are for a choice");
  if (step.choices().empty() || step.choices_size() > kMaxChoices)
    return fail(Code::kInvalid, where + ".choices must be 1 to 20");
  for (const auto& failing : step.failing_choices())
    if (!holds(step.choices(), failing))
      return fail(Code::kInvalid, where + ".failing_choices names '" + failing + "', which is no choice");
  for (const auto& [choice, title] : step.choice_titles()) {
    if (!holds(step.choices(), choice))
      return fail(Code::kInvalid, where + ".choice_titles names '" + choice + "', which is no choice");
    if (lacks_english(title)) return fail(Code::kInvalid, where + ".choice_titles[" + choice + "] lacks «en»");
  }
  return {};
}

bool can_fail(const v1::StepTemplate& step) {
  return step.out_of_limits() == v1::OUT_OF_LIMITS_FAIL || !step.failing_choices().empty();
}

Status check_condition(const v1::StepTemplate& step, const std::vector<const v1::StepTemplate*>& before,
                       const std::string& where) {
  const auto& condition = step.shown_if();
  const auto at = std::find_if(before.begin(), before.end(), [&](auto* one) { return one->id() == condition.step(); });
  if (at == before.end())
    return fail(Code::kInvalid, where + ".shown_if.step names '" + condition.step() + "', which is no earlier step");
  const bool on_reading = condition.has_at_least() || condition.has_at_most();
  if (condition.choices().empty() && !on_reading && !condition.failed())
    return fail(Code::kInvalid, where + ".shown_if states no condition");
  for (const auto& choice : condition.choices())
    if (!holds((*at)->choices(), choice))
      return fail(Code::kInvalid,
                  where + ".shown_if.choices names '" + choice + "', which '" + condition.step() + "' does not offer");
  if (on_reading && (*at)->kind() != v1::STEP_KIND_READING)
    return fail(Code::kInvalid, where + ".shown_if looks at the reading of '" + condition.step() + "', which has none");
  if (condition.failed() && !can_fail(**at))
    return fail(Code::kInvalid, where + ".shown_if.failed: the check '" + condition.step() + "' cannot fail");
  return {};
}

Status check_deviation(v1::StandardKind kind, const v1::StepTemplate& step, const std::string& where) {
  const auto& rule = step.deviation();
  if (rule.provisional_offline() && protective(kind))
    return fail(Code::kInvalid, where + ".deviation.provisional_offline is not for safety and data protection");
  if (rule.approval() == v1::DEVIATION_APPROVAL_NONE && protective(kind))
    return fail(Code::kInvalid, where + ".deviation.approval cannot be none for safety and data protection");
  return {};
}

Status check_step(v1::StandardKind kind, const v1::StepTemplate& step,
                  const std::vector<const v1::StepTemplate*>& before) {
  const auto where = "steps[" + step.id() + "]";
  if (step.kind() == v1::STEP_KIND_UNSPECIFIED) return fail(Code::kInvalid, where + ".kind is not stated");
  if (lacks_english(step.title())) return fail(Code::kInvalid, where + ".title lacks «en»");
  if (step.has_detail() && lacks_english(step.detail())) return fail(Code::kInvalid, where + ".detail lacks «en»");
  if (step.photos_required() > kMaxPhotos) return fail(Code::kInvalid, where + ".photos_required is over 10");
  FIRSTFIX_CHECK(check_limits(step, where));
  FIRSTFIX_CHECK(check_choices(step, where));
  if (step.has_shown_if()) FIRSTFIX_CHECK(check_condition(step, before, where));
  if (step.has_follow_up()) {
    if (!can_fail(step)) return fail(Code::kInvalid, where + ".follow_up: the check cannot fail");
    if (lacks_english(step.follow_up().summary())) return fail(Code::kInvalid, where + ".follow_up.summary lacks «en»");
  }
  return check_deviation(kind, step, where);
}

bool protects_data(v1::StandardKind kind) {
  return kind == v1::STANDARD_KIND_DATA_BACKUP || kind == v1::STANDARD_KIND_DATA_VERIFY;
}

bool applies(const v1::ServiceStandard& standard, const v1::Asset* asset) {
  if (standard.models().empty() && standard.assets().empty()) return true;
  return asset != nullptr && (holds(standard.assets(), asset->name()) ||
                              (!asset->model().empty() && holds(standard.models(), asset->model())));
}

// How closely a standard is made for a machine: for all, for its model, for itself.
int closeness(const v1::ServiceStandard& standard) {
  return !standard.assets().empty() ? 2 : !standard.models().empty() ? 1 : 0;
}

v1::ServiceStandard built_in(const char* id, v1::StandardKind kind, const char* english, const char* chinese) {
  v1::ServiceStandard standard;
  standard.set_name(std::string("serviceStandards/firstfix-") + id);
  standard.set_display_name(english);
  standard.set_kind(kind);
  auto& step = *standard.add_steps();
  step.set_id(id);
  step.set_kind(v1::STEP_KIND_TEXT);
  step.set_mandatory(true);
  (*step.mutable_title()->mutable_text())["en"] = english;
  (*step.mutable_title()->mutable_text())["zh-Hans"] = chinese;
  return standard;
}

const v1::ServiceStandard& built_in_backup() {
  static const auto kStandard =
      built_in("backup", v1::STANDARD_KIND_DATA_BACKUP, "Save the customer's data and settings; say what and where to",
               "备份客户的数据和设置，并写明备份内容和位置");
  return kStandard;
}

const v1::ServiceStandard& built_in_verify() {
  static const auto kStandard =
      built_in("verify", v1::STANDARD_KIND_DATA_VERIFY, "Show that everything that was saved is there again; say how",
               "确认备份的内容已全部恢复，并写明如何确认");
  return kStandard;
}

}  // namespace

Status validate(const v1::ServiceStandard& standard) {
  if (standard.kind() == v1::STANDARD_KIND_UNSPECIFIED) return fail(Code::kInvalid, "kind is not stated");
  if (standard.steps_size() == 0 || standard.steps_size() > kMaxStepsPerStandard)
    return fail(Code::kInvalid, "steps must be 1 to 100");
  if (standard.models_size() > kMaxMachines || standard.assets_size() > kMaxMachines)
    return fail(Code::kTooLarge, "models or assets has over 100 entries");
  if (standard.data_at_risk() && standard.kind() != v1::STANDARD_KIND_REPAIR)
    return fail(Code::kInvalid, "data_at_risk is for repairs");
  std::set<std::string> ids;
  std::vector<const v1::StepTemplate*> before;
  bool binds = false;
  for (const auto& step : standard.steps()) {
    if (step.id().empty() || !ids.insert(step.id()).second)
      return fail(Code::kInvalid, "steps[" + step.id() + "].id is empty or not unique");
    FIRSTFIX_CHECK(check_step(standard.kind(), step, before));
    binds = binds || (step.mandatory() && !step.has_shown_if());
    before.push_back(&step);
  }
  if (protects_data(standard.kind()) && !binds)
    return fail(Code::kInvalid, "data protection needs a mandatory step without a condition");
  return {};
}

bool data_at_risk(const v1::Cause& cause, const v1::ServiceStandard* repair) {
  return cause.data_at_risk() || (repair != nullptr && repair->data_at_risk());
}

std::vector<const v1::ServiceStandard*> choose(const std::vector<v1::ServiceStandard>& all, const Task& task) {
  const v1::ServiceStandard* repair = nullptr;
  if (task.cause != nullptr && !task.cause->repair_standard().empty())
    for (const auto& standard : all)
      if (standard.name() == task.cause->repair_standard()) repair = &standard;
  const bool at_risk = task.cause != nullptr && data_at_risk(*task.cause, repair);
  std::vector<const v1::ServiceStandard*> chosen;
  if (repair != nullptr) chosen.push_back(repair);
  for (const auto& standard : all)
    if (standard.kind() != v1::STANDARD_KIND_REPAIR && applies(standard, task.asset) &&
        (at_risk || !protects_data(standard.kind())))
      chosen.push_back(&standard);
  const auto has = [&](v1::StandardKind kind) {
    return std::any_of(chosen.begin(), chosen.end(), [&](auto* one) { return one->kind() == kind; });
  };
  if (at_risk && !has(v1::STANDARD_KIND_DATA_BACKUP)) chosen.push_back(&built_in_backup());
  if (at_risk && !has(v1::STANDARD_KIND_DATA_VERIFY)) chosen.push_back(&built_in_verify());
  std::sort(chosen.begin(), chosen.end(), [](auto* a, auto* b) {
    return std::make_tuple(order_of(a->kind()), closeness(*a), std::string_view(a->name())) <
           std::make_tuple(order_of(b->kind()), closeness(*b), std::string_view(b->name()));
  });
  return chosen;
}

std::string pinned(const v1::ServiceStandard& standard) {
  return standard.name() + "@" + std::to_string(standard.revision());
}

std::vector<v1::ChecklistStep> compose(std::string_view visit, const std::vector<const v1::ServiceStandard*>& standards,
                                       std::size_t first) {
  std::vector<v1::ChecklistStep> steps;
  for (const auto* standard : standards) {
    for (const auto& step : standard->steps()) {
      const auto number = std::to_string(first + steps.size());
      auto& made = steps.emplace_back();
      made.set_name(std::string(visit) + "/steps/" + std::string(6 - number.size(), '0') + number);
      *made.mutable_template_() = step;
      made.set_standard(pinned(*standard));
      made.set_phase(standard->kind());
      made.set_state(step.has_shown_if() ? v1::STEP_STATE_HIDDEN : v1::STEP_STATE_OPEN);
    }
  }
  return steps;
}

int order_of(v1::StandardKind kind) {
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), kind) - kOrder.begin());
}

void sort_by_work(std::vector<v1::ChecklistStep>& steps) {
  std::sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) {
    return std::make_pair(order_of(a.phase()), std::string_view(a.name())) <
           std::make_pair(order_of(b.phase()), std::string_view(b.name()));
  });
}

}  // namespace firstfix::visit
