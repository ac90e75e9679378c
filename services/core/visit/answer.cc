#include "visit/answer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "visit/language.h"

namespace firstfix::visit {
namespace {

constexpr std::size_t kMaxAnswerBytes = 4000;
constexpr int kMaxAttachments = 10;

std::string called(const v1::StepTemplate& step) {
  return "step «" + english(step) + "»";
}

tl::unexpected<Error> wants(const v1::StepTemplate& step, std::string_view what) {
  return fail(Code::kInvalid, called(step) + " wants " + std::string(what));
}

// "4.75", without the zeros that mean nothing.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

std::string limits_of(const v1::StepTemplate& step) {
  std::string limits = step.has_minimum() ? "at least " + number(step.minimum()) : "";
  if (step.has_maximum()) limits += (limits.empty() ? "" : " and ") + ("at most " + number(step.maximum()));
  return step.unit().empty() ? limits : limits + " " + step.unit();
}

Result<v1::StepState> reading(const v1::StepTemplate& step, const v1::Evidence& evidence) {
  if (!evidence.has_reading()) return wants(step, "a reading in " + step.unit());
  const double value = evidence.reading();
  if (!std::isfinite(value)) return wants(step, "a finite number");
  const bool inside =
      !(step.has_minimum() && value < step.minimum()) && !(step.has_maximum() && value > step.maximum());
  if (inside) return v1::STEP_STATE_DONE;
  if (step.out_of_limits() == v1::OUT_OF_LIMITS_FAIL) return v1::STEP_STATE_FAILED;
  return wants(step, "a reading of " + limits_of(step) + ", not " + number(value));
}

Result<v1::StepState> choice(const v1::StepTemplate& step, const v1::Evidence& evidence) {
  const auto& choices = step.choices();
  if (!evidence.has_choice() || std::find(choices.begin(), choices.end(), evidence.choice()) == choices.end()) {
    std::string offered;
    for (const auto& one : choices) offered += (offered.empty() ? "" : ", ") + one;
    return wants(step, "one of its choices: " + offered);
  }
  const auto& failing = step.failing_choices();
  return std::find(failing.begin(), failing.end(), evidence.choice()) == failing.end() ? v1::STEP_STATE_DONE
                                                                                       : v1::STEP_STATE_FAILED;
}

Result<v1::StepState> words(const v1::StepTemplate& step, bool there, const std::string& text, std::string_view what) {
  if (!there || text.empty() || text.size() > kMaxAnswerBytes)
    return wants(step, std::string(what) + " of 1 to 4000 bytes");
  return v1::STEP_STATE_DONE;
}

bool is_blob(std::string_view name) {
  constexpr std::string_view kPrefix = "blobs/";
  return name.size() == kPrefix.size() + 64 && name.substr(0, kPrefix.size()) == kPrefix &&
         std::all_of(name.begin() + kPrefix.size(), name.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Status check_photo(const v1::StepTemplate& step, const v1::Blob& blob) {
  if (blob.media_type() != "image/svg+xml") return {};
  return wants(step, "a photo: a drawing (" + blob.media_type() + ") is none");
}

}  // namespace

Status plausible(std::string_view field, Instant at, Instant now, const Zone& zone) {
  if (at > now + kClockSkew)
    return fail(Code::kInvalid, std::string(field) + " is in the future: " + in_words(at, zone));
  if (at < now - kOldestClaim)
    return fail(Code::kInvalid, std::string(field) + " is more than 7 days ago: " + in_words(at, zone));
  return {};
}

Result<v1::StepState> outcome_of(const v1::StepTemplate& step, const v1::Evidence& evidence) {
  if (evidence.has_skipped_reason()) {
    if (step.mandatory())
      return fail(Code::kState, called(step) + " is mandatory and cannot be skipped; ask for a deviation");
    FIRSTFIX_CHECK(words(step, true, evidence.skipped_reason(), "a reason").map([](auto) {}));
    return v1::STEP_STATE_SKIPPED;
  }
  switch (step.kind()) {
    case v1::STEP_KIND_CONFIRM:
      if (evidence.has_confirmed() && evidence.confirmed()) return v1::STEP_STATE_DONE;
      return wants(step, "to be confirmed");
    case v1::STEP_KIND_READING:
      return reading(step, evidence);
    case v1::STEP_KIND_CHOICE:
      return choice(step, evidence);
    case v1::STEP_KIND_TEXT:
      return words(step, evidence.has_text(), evidence.text(), "words");
    case v1::STEP_KIND_SCAN:
      return words(step, evidence.has_scan(), evidence.scan(), "a scan");
    case v1::STEP_KIND_PHOTO:
    case v1::STEP_KIND_SIGNATURE:
      if (evidence.has_blob() && is_blob(evidence.blob())) return v1::STEP_STATE_DONE;
      return wants(step, "a photo or signature that was uploaded");
    default:
      return fail(Code::kCorrupt, called(step) + " has no kind");
  }
}

std::vector<std::string> blobs_of(const v1::Evidence& evidence) {
  std::vector<std::string> blobs;
  if (evidence.has_blob()) blobs.push_back(evidence.blob());
  blobs.insert(blobs.end(), evidence.attachments().begin(), evidence.attachments().end());
  return blobs;
}

Status check_signer(std::string_view by, const v1::Contact* signer, std::string_view customer) {
  if (customer.empty()) return {};  // nobody is known who could be a stranger
  if (by.empty())
    return fail(Code::kInvalid, "signed_by is needed: the contact of " + std::string(customer) + " who signs");
  if (signer == nullptr) return fail(Code::kInvalid, "signed_by names '" + std::string(by) + "', which is no contact");
  if (signer->customer() != customer)
    return fail(Code::kInvalid,
                std::string(by) + " is a stranger here: the machine is " + std::string(customer) + "'s");
  return {};
}

Status check_proofs(const v1::ChecklistStep& step, const v1::Evidence& evidence, const std::vector<Proof>& proofs,
                    const v1::Contact* signer, std::string_view customer) {
  const auto& asked = step.template_();
  const bool skipped = evidence.has_skipped_reason();
  if (evidence.attachments_size() > kMaxAttachments)
    return fail(Code::kTooLarge, called(asked) + ": attachments has over 10 photos");
  if (!skipped && evidence.attachments_size() < static_cast<int>(asked.photos_required()))
    return wants(asked, std::to_string(asked.photos_required()) + " photos besides (attachments), not " +
                            std::to_string(evidence.attachments_size()));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < proofs.size(); ++i) {
    const auto& proof = proofs[i];
    if (!seen.insert(proof.blob.name()).second || (!proof.used_for.empty() && proof.used_for != step.name()))
      return fail(Code::kInvalid, proof.blob.name() + " proves " + (proof.used_for.empty() ? "this" : proof.used_for) +
                                      " already: a photo proves one thing once");
    const bool signature = i == 0 && evidence.has_blob() && asked.kind() == v1::STEP_KIND_SIGNATURE;
    if (!signature) FIRSTFIX_CHECK(check_photo(asked, proof.blob));
  }
  return asked.kind() == v1::STEP_KIND_SIGNATURE && !skipped ? check_signer(evidence.signed_by(), signer, customer)
                                                             : Status{};
}

std::string in_words(const v1::StepTemplate& step, const v1::Evidence& evidence) {
  switch (evidence.answer_case()) {
    case v1::Evidence::kConfirmed:
      return "confirmed";
    case v1::Evidence::kReading: {
      const auto value = number(evidence.reading()) + (step.unit().empty() ? "" : " " + step.unit());
      const auto limits = limits_of(step);
      return limits.empty() ? value : value + " (" + limits + ")";
    }
    case v1::Evidence::kChoice:
      return evidence.choice();
    case v1::Evidence::kText:
      return evidence.text();
    case v1::Evidence::kScan:
      return evidence.scan();
    case v1::Evidence::kBlob:
      return evidence.signed_by().empty() ? "a photo" : "signed by " + evidence.signed_by();
    case v1::Evidence::kSkippedReason:
      return "left out: " + evidence.skipped_reason();
    default:
      return "nothing";
  }
}

bool fits_media_type(std::string_view media_type, std::string_view first_bytes) {
  const auto begins = [&](std::string_view magic) { return first_bytes.substr(0, magic.size()) == magic; };
  if (media_type == "image/jpeg") return begins("\xFF\xD8\xFF");
  if (media_type == "image/png") return begins("\x89PNG\r\n\x1A\n");
  if (media_type == "image/webp")
    return begins("RIFF") && first_bytes.size() >= 12 && first_bytes.substr(8, 4) == "WEBP";
  if (media_type == "image/svg+xml") {
    const auto head = first_bytes.substr(0, 1024);
    return (begins("<svg") || begins("<?xml") || begins("<!--")) && head.find("<svg") != std::string_view::npos;
  }
  return false;
}

}  // namespace firstfix::visit
