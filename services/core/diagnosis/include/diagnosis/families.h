// Who is alike: models that fail alike, codes that tell of the same thing, parts that do the same work. What is new
// borrows from its family.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace firstfix::diagnosis {

class Families {
 public:
  enum class Kind { kModel, kCode, kPart };

  // `member` is a name, or with a * at its end all names that begin so; a name that several say something of belongs to
  // the longest. The later word counts.
  void add(Kind kind, std::string member, std::string family);
  // Codes that are written as their standard says are one family if they tell of the same thing: J1939's «j1939-100-1»
  // and «j1939-100-4» (one suspect parameter, SAE J1939-73), OBD-II's «P0301» and «P0302» (one component, SAE J2012).
  // What was added goes first.
  void follow_standards() { standards_ = true; }

  // Empty: of none.
  std::string of(Kind kind, std::string_view name) const;

 private:
  using Members = std::map<std::string, std::string, std::less<>>;
  std::map<Kind, Members> named_, begun_;
  bool standards_ = false;
};

}  // namespace firstfix::diagnosis
