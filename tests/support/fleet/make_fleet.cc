// make_fleet --out DIR [--seed N] [--causes N] ...: writes an invented fleet in the form that `firstfix predict` reads,
// with what is true of its cases.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "fleet/fleet.h"

namespace firstfix::fleet {
namespace {

using nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& one : names) out += (out.empty() ? "" : ";") + one;
  return out;
}

bool tells_more(const Options& options) {
  return options.readings > 0 || options.clearing;
}

void write_history(const std::filesystem::path& folder, const Fleet& fleet,
                   const std::vector<learning::Machine>& past) {
  std::ofstream assets(folder / "assets.csv"), faults(folder / "faults.csv"), works(folder / "work_orders.csv"),
      parts(folder / "parts.csv");
  assets << "asset_id,model\n";
  const bool more = tells_more(fleet.options());
  faults << "asset_id,code,occurred_at" << (more ? ",cleared_at,readings\n" : "\n");
  works << "work_order_id,asset_id,completed_at,kind,causes,parts\n";
  parts << "part,carry_cost,miss_cost\n";
  if (fleet.options().families > 0) {
    std::ofstream families(folder / "families.csv");
    families << "kind,member,family\n";
    for (int m = 0; m < fleet.options().models; ++m)
      families << "model," << model_name(m) << ',' << family_name(m, fleet.options()) << '\n';
  }
  int order = 0;
  for (std::size_t a = 0; a < past.size(); ++a) {
    const auto asset = "A" + std::to_string(a);
    assets << asset << ',' << past[a].model << '\n';
    for (const auto& fault : past[a].faults) {
      faults << asset << ',' << fault.code << ',' << to_iso8601(fault.at);
      if (more) faults << ',' << (fault.cleared_at == kNever ? "" : to_iso8601(fault.cleared_at)) << ',';
      for (const auto& [name, value] : fault.readings) faults << name << '=' << value << ';';
      faults << '\n';
    }
    for (const auto& work : past[a].works)
      works << 'W' << ++order << ',' << asset << ',' << to_iso8601(work.completed_at) << ",corrective,"
            << joined(work.causes) << ',' << joined(work.parts) << '\n';
  }
  for (std::size_t p = 0; p < fleet.carry_costs().size(); ++p)
    parts << part_name(static_cast<int>(p)) << ',' << fleet.carry_costs()[p] << ",400\n";
}

ordered_json case_of(const std::string& id, const Visit& visit, const learning::Machine& machine) {
  ordered_json out{{"case_id", id},
                   {"kind", "stopped"},
                   {"asset_id", "A" + std::to_string(visit.asset)},
                   {"model", machine.model},
                   {"as_of", to_iso8601(instant(visit.stopped))},
                   {"faults", ordered_json::array()},
                   {"work_orders", ordered_json::array()}};
  for (const auto& fault : machine.faults) {
    if (fault.at > instant(visit.stopped) || fault.at < instant(visit.stopped - 0.1)) continue;
    ordered_json told{{"code", fault.code}, {"occurred_at", to_iso8601(fault.at)}};
    if (fault.cleared_at <= instant(visit.stopped)) told["cleared_at"] = to_iso8601(fault.cleared_at);
    for (const auto& [name, value] : fault.readings) told["readings"][name] = value;
    out["faults"].push_back(std::move(told));
  }
  for (const auto& work : machine.works)
    if (work.completed_at < instant(visit.stopped))
      out["work_orders"].push_back({{"completed_at", to_iso8601(work.completed_at)},
                                    {"kind", "corrective"},
                                    {"causes", work.causes},
                                    {"parts", work.parts}});
  return out;
}

void write(const std::filesystem::path& folder, const Options& options) {
  std::filesystem::create_directories(folder);
  Fleet fleet(options);
  const auto lived = fleet.live();
  write_history(folder, fleet, machines(fleet, lived, static_cast<std::size_t>(options.visits)));
  const auto all = machines(fleet, lived, lived.size());
  std::ofstream cases(folder / "cases.jsonl");
  ordered_json truths, oracle;
  for (auto i = static_cast<std::size_t>(options.visits); i < lived.size(); ++i) {
    const auto id = "C" + std::to_string(i);
    cases << case_of(id, lived[i], all[static_cast<std::size_t>(lived[i].asset)]).dump() << '\n';
    auto& truth = truths[id] = {{"causes", ordered_json::array()}, {"parts", ordered_json::array()}};
    for (const auto cause : lived[i].causes) truth["causes"].push_back(cause_name(cause));
    for (const auto part : lived[i].parts) truth["parts"].push_back(part_name(part));
    const auto best = fleet.truth(lived, i);
    auto& known = oracle[id] = {
        {"causes", ordered_json::object()}, {"parts", ordered_json::object()}, {"kit", ordered_json::array()}};
    for (std::size_t c = 0; c < best.causes.size(); ++c)
      if (best.causes[c] > 1e-5) known["causes"][cause_name(static_cast<int>(c))] = std::min(1.0, best.causes[c]);
    for (std::size_t p = 0; p < best.parts.size(); ++p)
      if (best.parts[p] > 1e-5) known["parts"][part_name(static_cast<int>(p))] = std::min(1.0, best.parts[p]);
  }
  std::ofstream(folder / "truth.json") << truths.dump();
  std::ofstream(folder / "oracle.json") << oracle.dump();
}

}  // namespace
}  // namespace firstfix::fleet

int main(int argc, char** argv) {
  CLI::App app{"Invents a fleet with its history, cases and the truth about them."};
  firstfix::fleet::Options options;
  std::string out;
  app.add_option("--out", out, "folder to write into")->required();
  app.add_option("--seed", options.seed);
  app.add_option("--causes", options.causes);
  app.add_option("--codes", options.codes);
  app.add_option("--parts", options.parts);
  app.add_option("--models", options.models);
  app.add_option("--assets", options.assets);
  app.add_option("--visits", options.visits, "closed visits of the history");
  app.add_option("--cases", options.cases);
  app.add_option("--pairs", options.pairs, "share of visits with two causes");
  app.add_option("--leak", options.leak, "mean probability that a code comes by itself");
  app.add_option("--cascade", options.cascade, "one code of a bundle brings each of the others with this probability");
  app.add_option("--bundle-leak", options.bundle_leak, "share of visits on which a whole bundle comes by itself");
  app.add_option("--together", options.together, "how much one cause's codes come all together or not at all");
  app.add_option("--wrong-labels", options.wrong_labels, "share of work orders that name a wrong cause");
  app.add_option("--drift", options.drift, "how much the causes' rates change, standard deviation of the logarithm");
  app.add_flag("--sudden", options.sudden, "the drift comes at once, when seven tenths of the history are over");
  app.add_option("--families", options.families, "families of models; 0: none");
  app.add_flag("--new-model", options.new_model, "the last model comes only after the history");
  app.add_option("--readings", options.readings, "numbers that come with the codes");
  app.add_option("--telling", options.telling, "how far the causes' means of these lie apart, standard deviation");
  app.add_option("--alike", options.alike, "how much the numbers of one visit go together, a correlation");
  app.add_flag("--clearing", options.clearing, "codes go away by themselves");
  app.add_option("--wear", options.wear, "0: none, 1: Weibull shapes from 1 to 3");
  CLI11_PARSE(app, argc, argv);
  firstfix::fleet::write(out, options);
  return 0;
}
