// Whether an answer fits its step, and whether its evidence is what it says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/zone.h"
#include "casework/effects.h"
#include "firstfix/v1/fleet.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/visit.pb.h"

namespace firstfix::visit {

// How far an engineer's clock may be wrong, and how long a phone can have been offline.
inline constexpr Duration kClockSkew = std::chrono::minutes{5};
inline constexpr Duration kOldestClaim = std::chrono::hours{24 * 7};

// A blob that an answer names.
struct Proof {
  v1::Blob blob;
  std::string used_for;  // the ChecklistStep or Deviation that it proves already; empty if none
};

// Is the time that an engineer's device claims not in the future, and not older than a phone can have been offline?
// `field` names it in the message, which says it as the clocks of the zone show it.
Status plausible(std::string_view field, Instant at, Instant now, const Zone& zone);

// What the answer makes of its step: done, skipped or failed; kInvalid with what the step wants, kState for a mandatory
// step that is skipped.
Result<v1::StepState> outcome_of(const v1::StepTemplate& step, const v1::Evidence& evidence);

// Every blob that an answer names: the photo or signature, then the attachments.
std::vector<std::string> blobs_of(const v1::Evidence& evidence);

// Is every photo a photo, is the signature one of the customer's, and does none of them prove another thing already?
// `proofs` are blobs_of(evidence) as they are kept; `signer` is the contact named, null if there is no such; `customer`
// is whose machine it is, empty if nobody's is known.
Status check_proofs(const v1::ChecklistStep& step, const v1::Evidence& evidence, const std::vector<Proof>& proofs,
                    const v1::Contact* signer, std::string_view customer);

// A signature of the customer whose machine it is. `by` is the contact's name as it was given.
Status check_signer(std::string_view by, const v1::Contact* signer, std::string_view customer);

// The answer in words, for the timeline.
std::string in_words(const v1::StepTemplate& step, const v1::Evidence& evidence);

// Do the first bytes of a file fit its media type? Knows image/jpeg, image/png, image/webp and image/svg+xml.
bool fits_media_type(std::string_view media_type, std::string_view first_bytes);

}  // namespace firstfix::visit
