// Text that came from outside, made fit to be kept and shown.
#pragma once

#include <string>
#include <string_view>

namespace firstfix {

// At most `most` bytes of the text, cut between characters. Each byte that belongs to no character of UTF-8 (RFC 3629)
// becomes a question mark, so that the result can always be stored and sent.
std::string clipped(std::string_view text, std::size_t most);

}  // namespace firstfix
