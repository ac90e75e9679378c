#include "change_stream.h"

namespace firstfix::api {

std::string place_token(const desk::Desk& desk, const std::string& tenant, StreamPlace place) {
  auto token = desk.store().token({tenant, 0}, store::Cursor{place.position});
  return place.ordinal == 0 ? token : token + "." + std::to_string(place.ordinal);
}

Result<StreamPlace> place_from_token(const desk::Desk& desk, const std::string& tenant, const std::string& token) {
  const auto dot = token.find('.');
  FIRSTFIX_TRY(cursor, desk.store().parse_cursor({tenant, 0}, token.substr(0, dot)));
  StreamPlace place{cursor.position, 0};
  if (dot == std::string::npos) return place;
  const auto* end = token.data() + token.size();
  const auto [stopped, error] = std::from_chars(token.data() + dot + 1, end, place.ordinal);
  if (error != std::errc{} || stopped != end)
    return fail(Code::kInvalid, "the cursor is not one of this stream: begin without a cursor");
  return place;
}

}  // namespace firstfix::api
