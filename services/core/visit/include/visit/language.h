// The texts of a checklist in the language of who reads it.
#pragma once

#include <string>
#include <string_view>

#include "firstfix/v1/common.pb.h"
#include "firstfix/v1/visit.pb.h"

namespace firstfix::visit {

// The text in the language of a BCP 47 tag, by RFC 4647's lookup: the tag, then the tag with its last part taken off,
// and so on ("zh-Hans-CN", "zh-Hans", "zh"), then "en", then any. Chinese by region means the script written there:
// "zh", "zh-CN" and "zh-SG" also find "zh-Hans", "zh-TW", "zh-HK" and "zh-MO" find "zh-Hant". Case is ignored.
std::string text_in(const v1::LocalText& text, std::string_view language);

// Sets title and detail of a step for its reader.
void put_texts(v1::ChecklistStep& step, std::string_view language);

// What the timeline calls a step: its title in English, or its id.
std::string english(const v1::StepTemplate& step);

}  // namespace firstfix::visit
