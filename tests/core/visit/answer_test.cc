// Evidence is what it says: the right kind, a real photo, the customer's own signature, and each thing proves one
// thing.
#include "world.h"

namespace firstfix::visit {
namespace {

using testing::HasSubstr;

TEST(Answer, EveryKindOfStepWantsItsOwnKindOfAnswer) {
  v1::Evidence text, scan, unconfirmed, nothing;
  text.set_text("words");
  scan.set_scan("SN-1");
  unconfirmed.set_confirmed(false);
  const std::pair<v1::StepTemplate, v1::Evidence> fitting[] = {
      {step("s"), confirmed()},
      {reading("s", 0, 10), measured(5)},
      {choice("s", {"x"}), chosen("x")},
      {step("s", v1::STEP_KIND_TEXT), text},
      {step("s", v1::STEP_KIND_SCAN), scan},
      {step("s", v1::STEP_KIND_PHOTO), pictured('a')},
      {step("s", v1::STEP_KIND_SIGNATURE), pictured('a')},
  };
  for (std::size_t i = 0; i < std::size(fitting); ++i)
    for (std::size_t j = 0; j < std::size(fitting); ++j) {
      const bool both_blobs = i >= 5 && j >= 5;
      EXPECT_EQ(outcome_of(fitting[i].first, fitting[j].second).has_value(), i == j || both_blobs) << i << " " << j;
    }
  for (const auto& [asked, _] : fitting) {
    EXPECT_EQ(outcome_of(asked, nothing).error().code, Code::kInvalid);
    EXPECT_EQ(outcome_of(asked, unconfirmed).error().code, Code::kInvalid);
  }
}

TEST(Answer, NumbersThatAreNoneAndWordsWithoutEndAreRefused) {
  EXPECT_FALSE(outcome_of(reading("s", 0, 10), measured(NAN)));
  EXPECT_FALSE(outcome_of(reading("s", 0, 10), measured(INFINITY)));
  v1::Evidence text;
  text.set_text(std::string(4001, 'x'));
  EXPECT_FALSE(outcome_of(step("s", v1::STEP_KIND_TEXT), text));
  text.set_text("");
  EXPECT_FALSE(outcome_of(step("s", v1::STEP_KIND_TEXT), text));
  EXPECT_FALSE(outcome_of(choice("s", {"x"}), chosen("y")));
}

TEST(Answer, ABlobIsNamedByItsHash) {
  for (const auto& name : {std::string("blobs/1"), "blob/" + std::string(64, 'a'), "blobs/" + std::string(64, 'G'),
                           "blobs/" + std::string(63, 'a')}) {
    v1::Evidence evidence;
    evidence.set_blob(name);
    EXPECT_FALSE(outcome_of(step("s", v1::STEP_KIND_PHOTO), evidence)) << name;
  }
}

struct Proofs : testing::Test {
  Walk walk{checklist({step("before", v1::STEP_KIND_PHOTO), step("after", v1::STEP_KIND_PHOTO),
                       step("sign", v1::STEP_KIND_SIGNATURE)})};
  v1::Contact mary = contact("contacts/mary", "customers/hill-farm");
  v1::Contact stranger = contact("contacts/sam", "customers/elsewhere");

  v1::Evidence signed_by(const std::string& who) {
    auto out = pictured('c');
    out.set_signed_by(who);
    return out;
  }
  void photographed() {
    ASSERT_TRUE(walk.answer("before", pictured('a'), {kept('a')}));
    ASSERT_TRUE(walk.answer("after", pictured('b'), {kept('b')}));
  }
};

TEST_F(Proofs, TheSamePhotoDoesNotProveTwoThings) {
  ASSERT_TRUE(walk.answer("before", pictured('a'), {kept('a')}));
  const auto twice = walk.answer("after", pictured('a'), {kept('a', walk.step("before").name())});
  EXPECT_EQ(code_of(twice), Code::kInvalid);
  EXPECT_THAT(message_of(twice), HasSubstr("a photo proves one thing once"));
  EXPECT_EQ(code_of(walk.answer("after", pictured('d'), {kept('d', "visits/0/steps/000001")})), Code::kInvalid)
      << "nor one of an earlier visit";
  EXPECT_TRUE(walk.answer("before", pictured('a'), {kept('a', walk.step("before").name())})) << "the same step again";
}

TEST_F(Proofs, ADrawingIsNoPhotoButMayBeASignature) {
  EXPECT_THAT(message_of(walk.answer("before", pictured('a'), {kept('a', "", "image/svg+xml")})), HasSubstr("a photo"));
  photographed();
  EXPECT_TRUE(walk.answer("sign", signed_by("contacts/mary"), {kept('c', "", "image/svg+xml")}, &mary));
}

TEST_F(Proofs, OnlyAContactOfTheCustomerSigns) {
  photographed();
  EXPECT_THAT(message_of(walk.answer("sign", pictured('c'), {kept('c')})), HasSubstr("signed_by is needed"));
  EXPECT_THAT(message_of(walk.answer("sign", signed_by("contacts/ghost"), {kept('c')})), HasSubstr("is no contact"));
  EXPECT_THAT(message_of(walk.answer("sign", signed_by("contacts/sam"), {kept('c')}, &stranger)),
              HasSubstr("a stranger here"));
  EXPECT_TRUE(walk.answer("sign", signed_by("contacts/mary"), {kept('c')}, &mary));
}

TEST(Answer, AStepThatWantsPhotosBesidesIsNotDoneWithoutThem) {
  auto torque = reading("torque", 10, 20);
  torque.set_photos_required(2);
  Walk walk(checklist({torque}));
  auto given = measured(15);
  EXPECT_THAT(message_of(walk.answer("torque", given)), HasSubstr("2 photos besides"));
  given.add_attachments(blob_name('a'));
  given.add_attachments(blob_name('a'));
  EXPECT_THAT(message_of(walk.answer("torque", given, {kept('a'), kept('a')})), HasSubstr("proves one thing once"));
  given.set_attachments(1, blob_name('b'));
  EXPECT_TRUE(walk.answer("torque", given, {kept('a'), kept('b')}));
}

TEST(MediaType, IsWhatTheFirstBytesSay) {
  const std::string png("\x89PNG\r\n\x1A\n....", 12), jpeg("\xFF\xD8\xFF\xE0...."), webp("RIFF\x10\0\0\0WEBPVP8 ", 16);
  const std::string svg = "<svg xmlns='http://www.w3.org/2000/svg'/>", page = "<html></html>";
  const std::pair<const char*, std::string> kinds[] = {
      {"image/png", png}, {"image/jpeg", jpeg}, {"image/webp", webp}, {"image/svg+xml", svg}};
  for (const auto& [type, _] : kinds)
    for (const auto& [other, bytes] : kinds) EXPECT_EQ(fits_media_type(type, bytes), std::string(type) == other);
  for (const auto& [type, bytes] : kinds) {
    EXPECT_FALSE(fits_media_type(type, page)) << type;
    EXPECT_FALSE(fits_media_type(type, "")) << type;
    EXPECT_FALSE(fits_media_type(type, bytes.substr(0, 2))) << type;
  }
  EXPECT_TRUE(fits_media_type("image/svg+xml", "<?xml version='1.0'?><svg/>"));
  EXPECT_FALSE(fits_media_type("text/plain", "hello"));
}

}  // namespace
}  // namespace firstfix::visit
