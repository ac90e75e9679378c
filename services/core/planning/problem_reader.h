// Reads a problem. Ids become positions here, and nowhere else.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "json_in.h"
#include "planning/problem.h"

namespace firstfix::planning {

inline constexpr double kMostMoney = 1e9;
inline constexpr int kMostLevel = 1'000;

// Gives each name of a kind (skill, territory) the next number.
class Names {
 public:
  explicit Names(const char* kind) : kind_(kind) {}

  // A name is a text or a whole number; both spell the same.
  Result<int> number(const In& in) {
    if (!in.present()) return in.bad("is missing");
    std::string name;
    if (in.json().is_string()) {
      name = in.json().get<std::string>();
    } else {
      FIRSTFIX_TRY(id, in.integer(0, kMostId));
      name = std::to_string(id);
    }
    return number(in, name);
  }
  Result<int> number(const In& in, const std::string& name) {
    const auto [it, fresh] = numbers_.try_emplace(name, static_cast<int>(numbers_.size()));
    if (fresh && numbers_.size() > kMaxKinds)
      return in.bad(std::string("more than ") + std::to_string(kMaxKinds) + " kinds of " + kind_, Code::kTooLarge);
    return it->second;
  }
  int count() const { return static_cast<int>(numbers_.size()); }
  std::vector<std::string> list() const {
    std::vector<std::string> out(numbers_.size());
    for (const auto& [name, number] : numbers_) out[static_cast<std::size_t>(number)] = name;
    return out;
  }

 private:
  const char* kind_;
  std::unordered_map<std::string, int> numbers_;
};

class ProblemReader {
 public:
  Result<Problem> read(const In& root);

 private:
  Status read_engineer(const In& in, Engineer& out);
  Status read_engineer_rules(const In& in, Engineer& out);
  Status read_certificates(const In& in, Engineer& out);
  Status read_job(const In& in, Job& out);
  Status read_job_rules(const In& in, Job& out);
  Status read_fixed(const In& in, Job& out);
  Status read_depots(const In& root);
  Status read_weights(const In& in);
  Status read_matrix(const In& in);
  Status travel_from_positions(const In& root);
  Status name_skills(const In& meta);

  Result<int> place(const In& in);
  Result<std::vector<int>> engineers(const In& in);
  Result<int> engineer(const In& in);
  template <class T>
  Result<std::vector<T>> skills(const In& ids, const In& levels);

  Problem problem_;
  Names skills_{"skill"}, territories_{"territory"};
  std::unordered_map<std::int64_t, int> engineer_at_, job_at_;
};

template <class T>
Result<std::vector<T>> ProblemReader::skills(const In& ids, const In& levels) {
  std::vector<T> out;
  const auto named = [&](int skill) -> T& {
    for (auto& one : out)
      if (one.skill == skill) return one;
    out.push_back({.skill = skill});
    return out.back();
  };
  FIRSTFIX_CHECK(ids.array(0, kMaxKinds));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    FIRSTFIX_TRY(skill, skills_.number(ids.item(i)));
    named(skill);
  }
  if (!levels.present()) return out;
  FIRSTFIX_CHECK(levels.object());
  for (auto it = levels.json().begin(); it != levels.json().end(); ++it) {
    const auto in = levels.member(it.key().c_str());
    FIRSTFIX_TRY(skill, skills_.number(in, it.key()));
    FIRSTFIX_TRY(level, in.integer(0, kMostLevel));
    named(skill).level = static_cast<int>(level);
  }
  return out;
}

}  // namespace firstfix::planning
