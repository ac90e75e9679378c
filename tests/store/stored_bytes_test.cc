// What was stored once stays readable: bytes of every stored message as the first schema wrote them.
//
// tests/data/store/v1 has each message twice, with every field set: as the bytes that were stored, and in text, which
// says what they mean. A field that changes its number, type or name, or is taken away, fails here. A new message gets
// its sample by FIRSTFIX_WRITE_SAMPLES=1 stored_bytes_test; samples that are there are never written anew.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "support/filled.h"

namespace firstfix {
namespace {

namespace fs = std::filesystem;
using google::protobuf::Descriptor;
using google::protobuf::Message;

const fs::path kSamples = FIRSTFIX_SOURCE "/tests/data/store/v1";

std::unique_ptr<Message> make(const Descriptor& type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

// Resources, which have a name; and the service's own records.
std::vector<const Descriptor*> stored_types() {
  std::vector<const Descriptor*> types;
  for (const auto* package : {"firstfix/v1", "firstfix/internal/v1"})
    for (const auto& entry : fs::directory_iterator(fs::path(FIRSTFIX_SOURCE "/proto") / package)) {
      const auto name = std::string(package) + "/" + entry.path().filename().string();
      if (name.find("_service.proto") != std::string::npos) continue;
      const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
      EXPECT_NE(file, nullptr) << name;
      for (int i = 0; file != nullptr && i < file->message_type_count(); ++i) {
        const auto* type = file->message_type(i);
        const bool own = type->file()->package() == "firstfix.internal.v1";
        if (own || type->FindFieldByName("name") != nullptr) types.push_back(type);
      }
    }
  return types;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

void write_sample(const Descriptor& type) {
  const auto message = make(type);
  testing::fill(*message);
  std::string text;
  google::protobuf::TextFormat::PrintToString(*message, &text);
  fs::create_directories(kSamples);
  std::ofstream(kSamples / (type.full_name() + ".bin"), std::ios::binary) << message->SerializeAsString();
  std::ofstream(kSamples / (type.full_name() + ".textproto")) << text;
}

TEST(StoredBytes, OfEveryStoredMessageThereIsASample) {
  for (const auto* type : stored_types()) {
    if (fs::exists(kSamples / (type->full_name() + ".bin"))) continue;
    if (std::getenv("FIRSTFIX_WRITE_SAMPLES") != nullptr)
      write_sample(*type);
    else
      ADD_FAILURE() << type->full_name() << " has no sample: run FIRSTFIX_WRITE_SAMPLES=1 stored_bytes_test and add it";
  }
}

TEST(StoredBytes, StillMeanWhatTheyMeant) {
  int samples = 0;
  for (const auto& entry : fs::directory_iterator(kSamples)) {
    if (entry.path().extension() != ".bin") continue;
    ++samples;
    const auto name = entry.path().stem().string();
    const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
    ASSERT_NE(type, nullptr) << name << " is gone, but there are stores that hold it";
    const auto stored = make(*type), meant = make(*type);
    EXPECT_TRUE(stored->ParseFromString(read(entry.path()))) << name;
    auto text = entry.path();
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(read(text.replace_extension(".textproto")), meant.get()))
        << name << ": a field of the sample is gone or has changed";
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*stored, *meant)) << name;
  }
  EXPECT_GT(samples, 30);
}

}  // namespace
}  // namespace firstfix
