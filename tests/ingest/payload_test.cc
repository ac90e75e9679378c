// Payloads: protobuf, or its JSON mapping by MQTT 5's content type.
#include "ingest/payload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace firstfix::ingest {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kJson = "application/json", kProtobuf = "application/x-protobuf";

v1::FaultBatch sample() {
  v1::FaultBatch batch;
  batch.set_device("press-1");
  batch.set_epoch(0xFEDCBA9876543210);
  auto& record = *batch.add_records();
  record.set_sequence(1);
  record.mutable_fault()->set_kind(v1::FAULT_CHANGE_KIND_ACTIVE);
  record.mutable_fault()->set_code("j1939-100-1");
  return batch;
}

TEST(Payload, IsProtobufUnlessItSaysJson) {
  for (const auto content_type : {kProtobuf, std::string_view(), std::string_view("text/plain")}) {
    const auto batch = parse_batch(sample().SerializeAsString(), content_type);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->SerializeAsString(), sample().SerializeAsString());
  }
}

TEST(Payload, InJsonMeansTheSame) {
  const auto batch = parse_batch(R"({"device": "press-1", "epoch": "18364758544493064720", "records": [
      {"sequence": 1, "fault": {"kind": "FAULT_CHANGE_KIND_ACTIVE", "code": "j1939-100-1"}}]})",
                                 kJson);
  ASSERT_TRUE(batch) << batch.error().message;
  EXPECT_EQ(batch->SerializeAsString(), sample().SerializeAsString());
}

TEST(Payload, MaySayMoreThanWeKnow) {
  EXPECT_TRUE(parse_batch(R"({"device": "press-1", "colour": "red"})", kJson)) << "a newer agent";
  EXPECT_TRUE(parse_batch(sample().SerializeAsString() + std::string("\xA2\x06\x01x", 4), kProtobuf));
}

TEST(Payload, ThatDoesNotParseIsRefusedWithTheReason) {
  for (const auto& [payload, content_type] :
       {std::pair{std::string("{"), kJson}, std::pair{std::string("[1]"), kJson},
        std::pair{std::string("null and void"), kJson}, std::pair{std::string(R"({"records": 7})"), kJson},
        std::pair{std::string("\xFF\xFF\xFF"), kProtobuf},
        std::pair{sample().SerializeAsString().substr(0, 20), kProtobuf},
        std::pair{std::string("\x0A\x02\xC3\x28", 4), kProtobuf}}) {  // a device id that is not UTF-8
    const auto batch = parse_batch(payload, content_type);
    ASSERT_FALSE(batch) << payload;
    EXPECT_EQ(batch.error().code, Code::kInvalid);
    EXPECT_THAT(batch.error().message, HasSubstr("FaultBatch"));
  }
}

TEST(Payload, ReasonOfARefusalCanBeSentBackWhateverThePayloadHeld) {
  v1::Receipt receipt;
  receipt.set_reason(
      parse_batch("{\"device\": \"\xFF\xC3" + std::string(1000, '\xBC') + "\" x", kJson).error().message);
  EXPECT_LT(receipt.reason().size(), 400u);
  v1::Receipt received;
  EXPECT_TRUE(received.ParseFromString(receipt.SerializeAsString()));
}

TEST(Payload, HasALimit) {
  const auto batch = parse_batch(std::string(kMaxPayloadBytes + 1, ' '), kJson);
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, Code::kTooLarge);
  EXPECT_THAT(batch.error().message, HasSubstr("262144"));
}

TEST(Payload, OfNestingWithoutEndIsRefused) {
  EXPECT_FALSE(parse_batch(std::string(100'000, '['), kJson));
  std::string nested;
  for (int i = 0; i < 10'000; ++i) nested += R"({"records":)";
  EXPECT_FALSE(parse_batch(nested, kJson));
}

TEST(Payload, StateIsReadAlike) {
  EXPECT_TRUE(parse_state(R"({"connected": true, "epoch": "7"})", kJson)->connected());
  EXPECT_FALSE(parse_state("", kProtobuf)->connected());
  EXPECT_FALSE(parse_state("\xFF", kProtobuf));
}

}  // namespace
}  // namespace firstfix::ingest
