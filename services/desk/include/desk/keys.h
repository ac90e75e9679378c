// Where everything is in the store. Keys begin with the tenant; this file and store/keys.h are the only places that
// know how they are made.
//
//   kRecords  tenant, type, name              → the message
//   kIndexes  tenant, index, parts…           → the name that it leads to (or nothing)
//   kBlobs    tenant, sha256, chunk           → bytes
//   kSystem   tenant, kind, parts…            → followers, remembered requests, versions
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/time.h"
#include "store/keys.h"

namespace firstfix::desk {

// An instant as eight bytes that sort as time does.
inline std::string sortable(Instant t) {
  auto n = static_cast<std::uint64_t>(t.micros) ^ (1ULL << 63);
  std::string out(8, '\0');
  for (int i = 7; i >= 0; --i, n >>= 8) out[static_cast<std::size_t>(i)] = static_cast<char>(n & 0xFF);
  return out;
}
inline Instant instant_of(std::string_view eight_bytes) {
  std::uint64_t n = 0;
  for (const char c : eight_bytes.substr(0, 8)) n = (n << 8) | static_cast<unsigned char>(c);
  return {static_cast<std::int64_t>(n ^ (1ULL << 63))};
}

// The last part of a resource name: "li" of "engineers/li".
inline std::string_view id_of(std::string_view name) {
  const auto slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

namespace index {
inline constexpr std::string_view kOpenEpisode = "open-episode";            // asset, code, component → episode
inline constexpr std::string_view kEpisodeOfCase = "episode-of-case";       // case, episode
inline constexpr std::string_view kEpisodeOfAsset = "episode-of-asset";     // asset, episode
inline constexpr std::string_view kOpenCaseOfAsset = "open-case-of-asset";  // asset → case
inline constexpr std::string_view kOpenCase = "open-case";                  // case
inline constexpr std::string_view kLastCase = "last-case";                  // asset, code, component → case
inline constexpr std::string_view kCaseOfAsset = "case-of-asset";           // asset, case
inline constexpr std::string_view kDeviceAsset = "device-asset";            // device → asset
inline constexpr std::string_view kVisitOfCase = "visit-of-case";           // case, visit
inline constexpr std::string_view kOpenVisit = "open-visit";                // visit
inline constexpr std::string_view kOpenVisitOf = "open-visit-of";           // engineer, visit
inline constexpr std::string_view kOpenOfferOf = "open-offer-of";           // engineer, offer
inline constexpr std::string_view kOfferOfVisit = "offer-of-visit";         // visit, offer
inline constexpr std::string_view kEngineerOf = "engineer-of";              // territory, engineer
inline constexpr std::string_view kShiftOf = "shift-of";                    // engineer, start, shift
inline constexpr std::string_view kMissingSkill = "missing-skill";          // skill, case
inline constexpr std::string_view kCertificateOf = "certificate-of";        // engineer, certificate
inline constexpr std::string_view kSignOffOf = "sign-off-of";               // engineer, skill, sign-off
inline constexpr std::string_view kWaitingProposal = "waiting-proposal";    // engineer, skill → level proposal
inline constexpr std::string_view kReservationOf = "reservation-of";        // visit or appointment, reservation
inline constexpr std::string_view kProves = "proves";                       // blob → step or deviation
inline constexpr std::string_view kHeldKit = "held-kit";  // appointment that is held → what its visit would take
inline constexpr std::string_view kOpenAppointment = "open-appointment";    // case, appointment
inline constexpr std::string_view kOpenProposal = "open-proposal";          // territory → plan proposal
inline constexpr std::string_view kRejectedProposal = "rejected-proposal";  // territory → the last one
inline constexpr std::string_view kSettledProposal = "settled-proposal";    // territory, settled, plan proposal
inline constexpr std::string_view kUndecided = "undecided";                 // deviation
inline constexpr std::string_view kTimerDue = "timer-due";                  // due, kind, subject
inline constexpr std::string_view kTimer = "timer";                         // kind, subject → due
inline constexpr std::string_view kEpoch = "epoch";  // device, epoch → durable through (of epochs not the present one)
inline constexpr std::string_view kHeld = "held";    // device, received, epoch, first sequence → HeldBatch
}  // namespace index

namespace system {
inline constexpr std::string_view kVersion = "version";             // group → counter
inline constexpr std::string_view kFollower = "follower";           // name → FollowerState
inline constexpr std::string_view kRequest = "request";             // subject, request_id → RememberedRequest
inline constexpr std::string_view kRequestAt = "request-at";        // time, subject, request_id
inline constexpr std::string_view kTenant = "tenant";               // there, if the tenant has ever written
inline constexpr std::string_view kUsedParts = "used-parts";        // visit → UsedParts
inline constexpr std::string_view kSignalFact = "signal-fact";      // see signal_facts.h → SignalFact
inline constexpr std::string_view kSignalCase = "signal-case";      // case → CaseFacts
inline constexpr std::string_view kSignalStream = "signal-stream";  // kind, subject, model, band or lot → SignalStream
inline constexpr std::string_view kSignalBegin = "signal-begin";    // → the first day with a fact
inline constexpr std::string_view kLearnt = "learnt";               // the learnt state's checkpoint, in chunks
inline constexpr std::string_view kStepCounts = "step-counts";      // pinned standard, step id → StepCounts
inline constexpr std::string_view kCounted = "counted";  // visit or deviation, what; there, if it has been counted
}  // namespace system

}  // namespace firstfix::desk
