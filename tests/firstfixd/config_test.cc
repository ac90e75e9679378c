// The configuration: understood whole, or refused with the key that is wrong.
#include "firstfixd/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "support/temporary_directory.h"

namespace firstfix::firstfixd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kNeeded = "[store]\ndirectory = \"s\"\n[auth]\ntoken_key_file = \"k\"\n";

// Why the configuration is refused; empty if it is not. `top` comes before the tables that are needed.
std::string problem(const std::string& top, const std::string& tables = "") {
  const auto config = parse_config(top + "\n" + kNeeded + tables, "etc/firstfixd.toml");
  return config ? "" : config.error().message;
}

struct Outcome {
  int code = 0;
  std::string output;
};
Outcome run(const std::string& command) {
  Outcome out;
  auto* pipe = popen((command + " 2>&1").c_str(), "r");
  char buffer[4096];
  while (const auto read = fread(buffer, 1, sizeof buffer, pipe)) out.output.append(buffer, read);
  out.code = WEXITSTATUS(pclose(pipe));
  return out;
}

TEST(Config, NeedsLittle) {
  const auto config = parse_config(kNeeded, "etc/firstfixd.toml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(config->production);
  EXPECT_FALSE(config->manual_clock);
  EXPECT_EQ(config->durability, store::Durability::kSync);
  EXPECT_EQ(config->grpc.address, "127.0.0.1:7443");
}

TEST(Config, TheExampleShowsEveryKeyAndIsWell) {
  const auto example = read_config(FIRSTFIX_SOURCE "/deploy/config/firstfixd.toml");
  ASSERT_TRUE(example) << example.error().message;
  EXPECT_FALSE(example->grpc.client_certificate_required);
  // Every key that the parser asks for stands in the example, if only in a comment.
  const auto source = read_text_file(FIRSTFIX_SOURCE "/services/firstfixd/config.cc").value();
  const auto text = read_text_file(FIRSTFIX_SOURCE "/deploy/config/firstfixd.toml").value();
  for (const auto* call : {".get(\"", ".choose(\""})
    for (auto at = source.find(call); at != std::string::npos; at = source.find(call, at + 1)) {
      const auto from = at + std::string_view(call).size();
      const auto key = source.substr(from, source.find('"', from) - from);
      EXPECT_THAT(text, HasSubstr(key + " = "));
    }
}

TEST(Config, UnknownKeysAreErrorsThatNameThem) {
  EXPECT_THAT(problem("colour = \"red\""), AllOf(StartsWith("etc/firstfixd.toml: "), HasSubstr("«colour»")));
  EXPECT_THAT(problem("", "[grpc]\nlistne = \"127.0.0.1:1\""), HasSubstr("«grpc.listne»"));
  EXPECT_THAT(problem("[colours]"), HasSubstr("«colours»"));
}

TEST(Config, WrongTypesAndValuesAreErrorsThatNameTheKey) {
  EXPECT_THAT(problem("log_level = 3"), HasSubstr("«log_level» has the wrong type"));
  EXPECT_THAT(problem("log_level = \"loud\""), HasSubstr("«log_level»"));
  EXPECT_THAT(problem("environment = \"staging\""), HasSubstr("\"production\" or \"test\""));
  EXPECT_THAT(problem("environment = \"test\"\nclock_start = \"noon\""), HasSubstr("«clock_start»"));
  EXPECT_THAT(problem("", "[mqtt]\nworkers = 0"), HasSubstr("«mqtt.workers» must be from 1 to 64"));
  EXPECT_THAT(problem("", "[mqtt]\nworkers = \"8\""), HasSubstr("«mqtt.workers»"));
  EXPECT_THAT(problem("grpc = 1"), HasSubstr("«grpc» must be a table"));
  EXPECT_THAT(problem("", "[mqtt]\nbroker = \"broker:1883\""), HasSubstr("«mqtt.broker»"));
}

TEST(Config, WhatDoesNotParseIsToldWithItsLine) {
  EXPECT_THAT(problem("a = \n"), StartsWith("etc/firstfixd.toml:1: "));
}

TEST(Config, TheClockStandsStillInTestsOnly) {
  EXPECT_THAT(problem("clock = \"manual\""), HasSubstr("environment = \"test\""));
  EXPECT_EQ(problem("environment = \"test\"\nclock = \"manual\""), "");
}

TEST(Config, ProductionIsNotOpenToTheNetworkInTheClear) {
  EXPECT_THAT(problem("", "[grpc]\nlisten = \"0.0.0.0:7443\""), HasSubstr("without TLS"));
  EXPECT_EQ(problem("", "[grpc]\nlisten = \"0.0.0.0:7443\"\ncert_file = \"c\"\nkey_file = \"k\""), "");
  EXPECT_EQ(problem("environment = \"test\"", "[grpc]\nlisten = \"0.0.0.0:7443\""), "");
  EXPECT_THAT(problem("", "[mqtt]\nbroker = \"tcp://broker.example.org:1883\""), HasSubstr("ssl://"));
  EXPECT_EQ(problem("", "[mqtt]\nbroker = \"ssl://broker.example.org:8883\""), "");
  EXPECT_EQ(problem("", "[mqtt]\nbroker = \"tcp://127.0.0.1:1883\""), "");
}

TEST(Config, CertificatesComeWithTheirKeys) {
  EXPECT_THAT(problem("", "[grpc]\ncert_file = \"c\""), HasSubstr("go together"));
  EXPECT_THAT(problem("", "[grpc]\nclient_ca_file = \"c\""), HasSubstr("«grpc.client_ca_file»"));
  EXPECT_THAT(problem("", "[mqtt]\nkey_file = \"k\""), HasSubstr("go together"));
  EXPECT_THAT(problem("", "[mqtt]\nca_file = \"c\""), HasSubstr("ssl://"));
}

TEST(Config, TravelIsByGreatCircleUntilAnotherKindIsNamedWithWhatItNeeds) {
  EXPECT_EQ(parse_config(kNeeded, "c").value().travel.kind, travel::Kind::kGreatCircle);
  EXPECT_THAT(problem("", "[travel]\nkind = \"crow\""),
              HasSubstr("«travel.kind» is none of great-circle, table, osrm"));
  EXPECT_THAT(problem("", "[travel]\nkind = \"table\""), HasSubstr("«travel.file» is needed"));
  EXPECT_THAT(problem("", "[travel]\nfile = \"f\""), HasSubstr("«travel.file»"));
  EXPECT_THAT(problem("", "[travel]\nkind = \"osrm\""), HasSubstr("«travel.url» is needed"));
  const auto osrm =
      parse_config(kNeeded + "[travel]\nkind = \"osrm\"\nurl = \"http://127.0.0.1:5000/\"\ntimeout_ms = 250", "c");
  ASSERT_TRUE(osrm) << osrm.error().message;
  EXPECT_EQ(osrm->travel.osrm.url, "http://127.0.0.1:5000");
  EXPECT_EQ(osrm->travel.osrm.timeout, std::chrono::milliseconds{250});
}

TEST(Config, PricesOfPlanningAreTheUsualOnesUntilOthersAreGiven) {
  EXPECT_EQ(parse_config(kNeeded, "c").value().prices.one.travel_per_hour, planning::Weights{}.travel_per_hour);
  const auto dear = parse_config(kNeeded + "[planning]\ntravel_per_hour = 90\nmoved_if_agreed = 7.5", "c");
  ASSERT_TRUE(dear) << dear.error().message;
  EXPECT_EQ(dear->prices.one.travel_per_hour, 90);
  EXPECT_EQ(dear->prices.day.travel_per_hour, 90);
  EXPECT_EQ(dear->prices.day.agreed, 7.5);
  EXPECT_THAT(problem("", "[planning]\nmoved = -1"), HasSubstr("«planning.moved» must be from 0 to"));
  EXPECT_THAT(problem("", "[planning]\nmoved = nan"), HasSubstr("«planning.moved»"));
  EXPECT_THAT(problem("", "[planning]\ntravel = 40"), HasSubstr("«planning.travel» is not a key"));
}

// What the example says is what holds without it.
TEST(Config, TheExampleShowsTheUsualPrices) {
  const auto shown = read_config(FIRSTFIX_SOURCE "/deploy/config/firstfixd.toml").value().prices;
  const auto usual = desk::Prices{};
  EXPECT_EQ(shown.one.travel_per_hour, usual.one.travel_per_hour);
  EXPECT_EQ(shown.one.wait_per_hour, usual.one.wait_per_hour);
  EXPECT_EQ(shown.one.over_qualification, usual.one.over_qualification);
  EXPECT_EQ(shown.one.second_per_hour, usual.one.second_per_hour);
  EXPECT_EQ(shown.one.remote_per_hour, usual.one.remote_per_hour);
  EXPECT_EQ(shown.one.continuity, usual.one.continuity);
  EXPECT_EQ(shown.one.call_out, usual.one.call_out);
  EXPECT_EQ(shown.one.fairness, usual.one.fairness);
  EXPECT_EQ(shown.day.travel_per_hour, usual.day.travel_per_hour);
  EXPECT_EQ(shown.day.wait_per_hour, usual.day.wait_per_hour);
  EXPECT_EQ(shown.day.late_per_hour, usual.day.late_per_hour);
  EXPECT_EQ(shown.day.overtime_per_hour, usual.day.overtime_per_hour);
  EXPECT_EQ(shown.day.over_qualification, usual.day.over_qualification);
  EXPECT_EQ(shown.day.broken_promise, usual.day.broken_promise);
  EXPECT_EQ(shown.day.moved, usual.day.moved);
  EXPECT_EQ(shown.day.shifted, usual.day.shifted);
  EXPECT_EQ(shown.day.agreed, usual.day.agreed);
  EXPECT_EQ(shown.day.worth_per_move, usual.day.worth_per_move);
}

TEST(Config, TravelsNumbersAreCheckedEachOne) {
  EXPECT_EQ(problem("", "[travel]\ndetour = 2"), "");
  EXPECT_THAT(problem("", "[travel]\ndetour = 0.9"), HasSubstr("«travel.detour» must be from 1 to 10"));
  EXPECT_THAT(problem("", "[travel]\ndetour = nan"), HasSubstr("«travel.detour»"));
  EXPECT_THAT(problem("", "[travel]\ndetour = \"1\""), HasSubstr("«travel.detour» has the wrong type"));
  EXPECT_THAT(problem("", "[travel]\nspeeds_kmh = [50, 60]"),
              HasSubstr("«travel.speeds_kmh» must be a list of 1 or 24"));
  EXPECT_THAT(problem("", "[travel]\nspeeds_kmh = [0]"), HasSubstr("«travel.speeds_kmh» must be from 1 to 1000"));
  EXPECT_THAT(problem("", "[travel]\nspeeds_kmh = 50"), HasSubstr("«travel.speeds_kmh»"));
  EXPECT_THAT(problem("", "[travel]\ntimeout_ms = 0"), HasSubstr("«travel.timeout_ms» must be from 10"));
  EXPECT_THAT(problem("", "[travel]\nmax_coordinates = 1"), HasSubstr("«travel.max_coordinates» must be from 2"));
}

TEST(Config, WherePeopleLiveIsNotSentInTheClear) {
  const auto with = [](const std::string& url) {
    return problem("", "[travel]\nkind = \"osrm\"\nurl = \"" + url + "\"");
  };
  EXPECT_EQ(with("https://maps.example.org/osrm"), "");
  EXPECT_EQ(with("http://127.0.0.1"), "");
  EXPECT_EQ(with("http://localhost/osrm"), "");
  EXPECT_EQ(with("http://localhost:5000/osrm"), "");
  EXPECT_EQ(with("http://[::1]:5000"), "");
  EXPECT_THAT(with("http://maps.example.org:5000"), HasSubstr("https://"));
  EXPECT_THAT(with("http://127.0.0.1@example.org"), HasSubstr("address alone"));
  EXPECT_THAT(with("ftp://127.0.0.1"), HasSubstr("neither http://"));
  EXPECT_THAT(problem("", "[travel]\nkind = \"osrm\"\nurl = \"http://127.0.0.1\"\nprofile = \"a/../b\""),
              HasSubstr("«travel.profile»"));
}

TEST(Program, ChecksTheConfigurationAndTheFilesThatItNames) {
  const testing::TemporaryDirectory directory;
  const auto path = directory / "firstfixd.toml", key = directory / "token.key";
  std::ofstream(path) << "[store]\ndirectory = \"" << directory / "store"
                      << "\"\n[auth]\ntoken_key_file = \"" << key << "\"\n";
  const auto check = [&] { return run(FIRSTFIXD " --check --config " + path); };
  auto outcome = check();
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.output, HasSubstr("cannot read " + key));
  std::ofstream(key) << "short";
  outcome = check();
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.output, HasSubstr("openssl rand"));
  std::ofstream(key) << std::string(64, 'k');
  outcome = check();
  EXPECT_EQ(outcome.code, 0) << outcome.output;
  EXPECT_FALSE(std::filesystem::exists(directory / "store")) << "nothing is started or made";
}

TEST(Program, HelpTeaches) {
  const auto help = run(FIRSTFIXD " --help");
  EXPECT_EQ(help.code, 0);
  for (const auto* word : {"--config", "--check", "SIGTERM", "SERVING", "Exit codes", "Example"})
    EXPECT_THAT(help.output, HasSubstr(word));
}

TEST(Program, TheAgentsExampleHasTheAgentsKeys) {
  // An unknown key ends it with a complaint about the key; this one gets as far as its spool, which is not to be made.
  const auto outcome = run(FIRSTFIX_AGENT " run --config " FIRSTFIX_SOURCE
                                          "/deploy/config/agent.toml --spool /dev/null/x "
                                          "--password-file \"\"");
  EXPECT_EQ(outcome.code, 1) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("/dev/null/x"));
}

}  // namespace
}  // namespace firstfix::firstfixd
