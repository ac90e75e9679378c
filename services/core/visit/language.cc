#include "visit/language.h"

#include <cctype>

namespace firstfix::visit {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

const std::string* find(const v1::LocalText& text, std::string_view tag) {
  for (const auto& [language, words] : text.text())
    if (lower(language) == tag) return &words;
  return nullptr;
}

std::string_view script_of(std::string_view tag) {
  if (tag == "zh" || tag == "zh-cn" || tag == "zh-sg") return "zh-hans";
  if (tag == "zh-tw" || tag == "zh-hk" || tag == "zh-mo") return "zh-hant";
  return {};
}

}  // namespace

std::string text_in(const v1::LocalText& text, std::string_view language) {
  for (std::string tag = lower(language); !tag.empty();) {
    if (const auto* words = find(text, tag)) return *words;
    if (const auto script = script_of(tag); !script.empty())
      if (const auto* words = find(text, script)) return *words;
    const auto dash = tag.rfind('-');
    tag.resize(dash == std::string::npos ? 0 : dash);
  }
  if (const auto* words = find(text, "en")) return *words;
  return text.text().empty() ? std::string() : text.text().begin()->second;
}

void put_texts(v1::ChecklistStep& step, std::string_view language) {
  step.set_title(text_in(step.template_().title(), language));
  step.set_detail(text_in(step.template_().detail(), language));
}

std::string english(const v1::StepTemplate& step) {
  const auto title = text_in(step.title(), "en");
  return title.empty() ? step.id() : title;
}

}  // namespace firstfix::visit
