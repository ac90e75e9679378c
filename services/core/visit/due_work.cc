#include "visit/due_work.h"

#include <algorithm>

#include "casework/convert.h"

namespace firstfix::visit {
namespace {

// "replace-" and the part's id in the characters of a step's.
std::string step_id(std::string_view part) {
  std::string out = "replace-" + std::string(part.substr(part.rfind('/') + 1));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) c = '-';
  }
  return out;
}

bool taken(const v1::ServiceStandard& standard, const std::string& id) {
  return std::any_of(standard.steps().begin(), standard.steps().end(),
                     [&](const auto& step) { return step.id() == id; });
}

// Parts whose ids differ in other characters alone are numbered.
std::string free_id(const v1::ServiceStandard& standard, std::string_view part) {
  const auto id = step_id(part);
  auto free = id;
  for (int n = 2; taken(standard, free); ++n) free = id + "-" + std::to_string(n);
  return free;
}

void say(v1::LocalText& text, const std::string& english, const std::string& chinese) {
  (*text.mutable_text())["en"] = english;
  (*text.mutable_text())["zh-Hans"] = chinese;
}

}  // namespace

v1::ServiceStandard due_work(const v1::PartsPlan& kit, const std::function<std::string(std::string_view)>& name_of) {
  v1::ServiceStandard out;
  out.set_name("serviceStandards/firstfix-due");
  out.set_display_name("Replace what is due");
  out.set_kind(v1::STANDARD_KIND_REPAIR);
  for (const auto& line : kit.lines()) {
    if (!line.due() || !line.chosen()) continue;
    const auto id = free_id(out, line.part());
    auto& step = *out.add_steps();
    step.set_id(id);
    step.set_kind(v1::STEP_KIND_CONFIRM);
    const auto what = (line.quantity() > 1 ? std::to_string(line.quantity()) + " × " : "") + name_of(line.part());
    say(*step.mutable_title(), "Replace " + what, "更换" + what);
    const auto day = line.has_due_since() ? to_iso8601(to_instant(line.due_since())).substr(0, 10) : std::string();
    say(*step.mutable_detail(),
        (day.empty() ? "Due" : "Due on " + day) +
            ", whether it has failed or not; replaced now, it takes no visit of its own",
        (day.empty() ? "已到期" : day + "到期") + "，无论是否损坏都应更换；现在更换可省去一次单独上门");
  }
  return out;
}

}  // namespace firstfix::visit
