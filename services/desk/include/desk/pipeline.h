// The way of a fault, from what a device said to an offer on an engineer's phone, in one transaction.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "casework/episode.h"
#include "desk/command.h"
#include "firstfix/v1/fleet.pb.h"

namespace firstfix::desk {

// A fault change that a device, or a person who read a display, reported on an asset.
struct Observation {
  v1::FaultChange change;
  std::string asset;
  std::string device;  // empty if a person reported it
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  Instant occurred_at;     // by our clock
  Instant received_at;     // when we heard of it; it may have been held since
  bool put_right = false;  // the device's time could not be; it was replaced by the time of receipt
};

// What the steps hand on for one case.
struct Draft {
  std::string case_name;
  Seen seen;                                // what the case's episodes show
  v1::Diagnosis diagnosis;                  // the latest
  std::optional<diagnosis::Answer> answer;  // that it is made of, if it was made just now
  v1::PartsPlan kit;                        // the latest
  v1::AutomationLevel automation = v1::AUTOMATION_LEVEL_PROPOSE;
  bool plan = false;                         // a visit is wanted now
  std::string engineer;                      // only this one, if named
  bool forced = false;                       // a person asked for it: automation level observe does not hold it back
  std::optional<planning::Interval> window;  // the work begins within it; without one, within the case's appointment
  bool make_room = false;                    // a person has decided that others may give way
  std::string free_of;  // the case's visit, if its stops and parts count as free because it is to be planned anew
};

// What the steps work on. One Work is one transaction.
struct Work {
  explicit Work(Command& asked)
      : command(asked),
        uow(asked.uow),
        minds(asked.minds),
        entropy(asked.entropy),
        plans(asked.plans),
        travel(asked.travel),
        prices(asked.prices) {}

  Command& command;
  UnitOfWork& uow;
  Minds& minds;
  Entropy& entropy;
  Plans& plans;
  const planning::Travel& travel;
  const Prices& prices;
  std::vector<Observation> observations;
  std::vector<Draft> drafts;          // the cases to decide about; filled by casework, or by who asks for planning
  std::vector<std::string> gave_way;  // the cases whose visits did, to one of the drafts

  Draft& draft(const std::string& case_name);  // finds or adds
};

// An asset with where it stands and whose it is, as far as that is known.
struct Place {
  v1::Asset asset;
  std::optional<v1::Site> site;
  std::optional<v1::Customer> customer;
  std::optional<v1::Territory> territory;
};
Result<Place> find_place(const View& view, const std::string& asset);
// How long an engineer may think about an offer of work there.
Duration offer_timeout(const Place& place);

// Runs the steps in order. An error leaves nothing written.
Status run_pipeline(Work& work);

// One episode's decision taken over into its record and its case.
Status settle_episode(Work& work, const casework::EpisodeDecision& decision);

}  // namespace firstfix::desk
