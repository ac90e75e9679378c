#include "agent/operation.h"

#include <gtest/gtest.h>

#include "j1939_frames.h"

namespace firstfix::agent {
namespace {

using namespace testing;

class Engine {
 public:
  std::optional<Operation> turn(double at_s, double rpm, int source = 0) {
    const int raw = static_cast<int>(rpm / 0.125);
    return hear(frame(at_s, 0x0CF00400u | static_cast<unsigned>(source),
                      {0xF0, 0x7D, 0x7D, raw & 255, raw >> 8, 0xFF, 0xFF, 0xFF}));
  }
  std::optional<Operation> hear(const CanFrame& f) {
    const auto message = transport_.on_frame(f);
    return message ? detector.on_message(*message) : std::nullopt;
  }
  // All reports while the engine turns from `from` to `to`, ten times a second.
  std::vector<Operation> run(double from, double to, double rpm) {
    std::vector<Operation> out;
    for (double t = from; t < to - 0.001; t += 0.1)
      if (const auto report = turn(t, rpm)) out.push_back(*report);
    return out;
  }
  OperationDetector detector;

 private:
  Transport transport_;
};

double seconds(const Operation& o) {
  return static_cast<double>(o.operating.count()) / 1e6;
}

TEST(Operation, AnEngineAboveFourHundredWorks) {
  Engine engine;
  EXPECT_FALSE(engine.turn(0, 0));
  EXPECT_FALSE(engine.turn(1, 400));
  const auto report = engine.turn(2, 401);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->working);
  const auto stopped = engine.turn(3.5, 0);
  ASSERT_TRUE(stopped);
  EXPECT_FALSE(stopped->working);
}

TEST(Operation, WorkingTimeIsReportedEveryThirtySeconds) {
  Engine engine;
  const auto reports = engine.run(0, 100, 800);
  ASSERT_EQ(reports.size(), 4u);
  EXPECT_NEAR(seconds(reports[0]), 0, 0.01);
  EXPECT_NEAR(seconds(reports[1]), 30, 0.11);
  EXPECT_NEAR(seconds(reports[3]), 90, 0.31);
  EXPECT_TRUE(engine.run(100, 200, 0).at(0).working == false);
}

TEST(Operation, GapsOfMoreThanTwoSecondsDoNotCount) {
  Engine engine;
  engine.run(0, 10, 800);
  engine.run(15, 25, 800);
  EXPECT_NEAR(static_cast<double>(engine.detector.state().operating.count()) / 1e6, 19.8, 0.2);
}

TEST(Operation, AnEngineThatFallsSilentHasStopped) {
  Engine engine;
  engine.run(0, 10, 800);
  EXPECT_FALSE(engine.detector.on_time(Instant{11'500'000}));
  const auto report = engine.detector.on_time(Instant{12'100'000});
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->working);
}

TEST(Operation, SpeedNotAvailableProvesNothing) {
  Engine engine;
  EXPECT_FALSE(engine.turn(0, 0xFB00 * 0.125));
  EXPECT_FALSE(engine.turn(1, 0xFFFF * 0.125));
  EXPECT_TRUE(engine.turn(2, 0xFAFF * 0.125));
}

TEST(Operation, OfTwoEnginesOneIsEnough) {
  Engine engine;
  EXPECT_TRUE(engine.turn(0, 800, 0));
  for (double t = 0.1; t < 20; t += 0.1) {
    EXPECT_FALSE(engine.turn(t, 800, 0));
    EXPECT_FALSE(engine.turn(t + 0.05, 0, 1));
  }
  EXPECT_FALSE(engine.turn(20.1, 800, 1));
  EXPECT_FALSE(engine.turn(20.2, 0, 0));
  EXPECT_FALSE(engine.turn(21.3, 0, 1)->working);
}

TEST(Operation, ASpeedThatWaversIsToldOnceASecond) {
  Engine engine;
  int reports = 0;
  for (int i = 0; i < 1000; ++i) reports += engine.turn(0.01 * i, i % 2 == 0 ? 390 : 410).has_value() ? 1 : 0;
  EXPECT_LE(reports, 11);
}

TEST(Operation, WithoutAnEngineDm1ProvesTheKeyOn) {
  Engine machine;
  int reports = 0;
  for (int t = 0; t < 10; ++t)
    reports += machine.hear(frame(t, 0x18FECA03, {0, 255, 0, 0, 0, 0, 255, 255})).has_value() ? 1 : 0;
  EXPECT_EQ(reports, 0) << "an engine may yet be heard";
  EXPECT_TRUE(machine.hear(frame(10, 0x18FECA03, {0, 255, 0, 0, 0, 0, 255, 255}))->working);
  const auto engine_off = machine.turn(12, 0);
  ASSERT_TRUE(engine_off);
  EXPECT_FALSE(engine_off->working) << "the engine knows better";
}

TEST(Operation, TellsTheHourMeter) {
  Engine engine;
  engine.hear(frame(0, 0x18FEE500, {0x40, 0x1F, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}));
  EXPECT_NEAR(*engine.turn(1, 800)->engine_hours, 400, 0.001);
}

TEST(Operation, OneMadeFromTheStateGoesOn) {
  Engine engine, again;
  engine.run(0, 10, 800);
  again.detector = OperationDetector(engine.detector.state());
  EXPECT_EQ(engine.run(10, 50, 800), again.run(10, 50, 800));
  EXPECT_EQ(engine.detector.state(), again.detector.state());
}

}  // namespace
}  // namespace firstfix::agent
