#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "agent/capture.h"
#include "agent/dm1.h"
#include "agent/transport.h"
#include "agent_io/line_reader.h"
#include "commands.h"

namespace firstfix::agent {
namespace {

void print(std::string row) {
  row += '\n';
  std::fwrite(row.data(), 1, row.size(), stdout);
}

Status decode(const std::string& path) {
  FIRSTFIX_TRY(reader, LineReader::open(path, kMaxCaptureLine));
  const std::string file = std::filesystem::path(path).filename().string();
  Transport transport;
  std::uint64_t good = 0, bad = 0;
  print(std::string(dm1_csv_header()));
  for (;;) {
    FIRSTFIX_TRY(line, reader.next());
    if (!line) break;
    const auto frame = parse_capture_line(line->text);
    if (!frame) {
      if (frame.error().code == Code::kState) return fail(Code::kInvalid, path + ": " + frame.error().message);
      std::fprintf(stderr, "%s:%llu: skipped: %s\n", path.c_str(), static_cast<unsigned long long>(line->number),
                   frame.error().message.c_str());
      ++bad;
      continue;
    }
    ++good;
    if (!*frame) continue;
    if (const auto message = transport.on_frame(**frame))
      if (const auto dm1 = decode_dm1(*message)) print(dm1_csv_row(file, *dm1));
  }
  if (good == 0 && bad > 0) return fail(Code::kInvalid, path + ": not one line is CAN traffic");
  return {};
}

}  // namespace

void add_decode(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("decode", "print every DM1 message of a CAN capture as a CSV row");
  command->footer(
      "Reads candump logs in both of can-utils' forms and PCAN .trc 2.0; '-' reads standard input. DM1 (PGN 65226) is\n"
      "joined from single frames, BAM and RTS sessions; a code stands as spn/fmi/occurrences/conversion-method.\n"
      "A line that cannot be read is reported on standard error with its number, and skipped.\n"
      "Example: firstfix-agent decode drive.log > dm1.csv");
  auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "the capture")->required();
  command->callback([path, &exit_code] {
    const Status done = decode(*path);
    if (!done) std::fprintf(stderr, "firstfix-agent: %s\n", done.error().message.c_str());
    const bool written = std::fflush(stdout) == 0;
    if (!written) std::fprintf(stderr, "firstfix-agent: cannot write the rows\n");
    exit_code = done && written ? 0 : 1;
  });
}

}  // namespace firstfix::agent
