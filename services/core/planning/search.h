// Ruin and recreate on one thread: take strings of neighbouring stops out, put them back greedily with blinks, keep the
// result if it is better, or by simulated annealing. After Christiaens and Vanden Berghe, «Slack induction by string
// removals for vehicle routing problems», Transportation Science 54 (2020).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "random.h"
#include "state.h"

namespace firstfix::planning {

class Search {
 public:
  Search(const Model& model, std::uint64_t seed);

  // Starts from a state, and puts in what finds a place.
  void begin(State state);
  // One round of ruin and recreate at a temperature, in units of cost.
  void iterate(double temperature);
  // What a point of priority weighs from now on while the search wanders, in seconds of travel.
  void set_point_price(double seconds);

  const State& current() const { return now_; }
  const State& best() const { return best_; }
  // Goes on from the best.
  void return_to_best();

 private:
  struct Known {  // what putting a job into a route cost when the route had this version
    Units cost = kImpossible;
    int after = kNone;
    std::uint32_t version = 0;
  };
  struct Choice {
    Units cost = kImpossible;
    int engineer = kNone, after = kNone;
    Units next = kImpossible;  // what the second best engineer would cost
  };

  // A place in a day for one of a crew: the starts at which it is possible, and its cost.
  struct Seat {
    Units cost = 0;
    int engineer = kNone, after = kNone;
    Seconds from = 0, to = 0;
    bool learns = false;
    int supplied = kNone;  // in supplied_: the day with the stops that fetch what the van lacks
  };

  // What comes back first in a round.
  enum class Order {
    kRandom,
    kWorth,
    kSize,  // most parts, then most time
    kFar,   // from what was taken out first
    kClose,
    kNarrow,  // windows
    kOpensFirst,
    kClosesLast,
    kRare,  // fewest who may do it
    kWorthForTime,
  };

  const Known& known(int job, const Suitor& suitor);
  Choice best_choice(int job);
  template <class Blink>
  Choice look(int job, Blink blink);
  Choice best_touched_choice(int job);
  void construct();
  // At which of the next places the search does not look closely.
  void draw_blink();
  bool blinks() {
    if (--next_blink_ > 0) return false;
    draw_blink();
    return true;
  }

  bool ruin();
  int draw_seed();
  void choose_wanted();
  void choose_dear();
  bool may_go(const DayRoute& route, int position) const;
  // `wanted`: only in days that may take this job; kNone: in any.
  void ruin_near(int seed, int strings, int longest, int wanted);
  void ruin_suitors(int strings, int longest);
  void ruin_holder(int strings, int longest);
  void ruin_for_wanted(int strings, int longest);
  bool ruin_to_plan();
  void take_out(DayRoute& route, int position);
  void take_string(DayRoute& route, int job, int most);
  void take_crew(int job);
  void place_crew(int job);
  bool place_pair(int job, Units below);
  void find_seats(int job, const Suitor& suitor, bool learns);
  void sort_seats();
  bool put_crew(int job, const Seat& one, const Seat& other, Units saved = 0);
  bool add_supplied(int job, const Suitor& suitor);
  const DayRoute& day_of(const Seat& seat) const;
  bool draw_on_depots(const Seat& one, const Seat& other, DepotStock& left) const;
  // False if it was given up on the way.
  bool recreate();
  void put_back(int job);
  bool accepts(const Score& score) const;
  // True if the round would not be accepted even if all that is still to come found a place for nothing.
  bool is_hopeless(Value to_come) const;
  void put_back_by_regret();
  void order_waiting();
  Order draw_order();
  std::int64_t order_key(Order order, int job, int reference);
  void place(int job, const Choice& choice);
  void touch(int engineer);
  void tie(int engineer);
  void tie_touched();
  void tie_all();
  void depots_changed();
  void keep();
  void undo();
  void remember_best();
  double energy(const Score& score) const;

  const Model& m_;
  Random random_;
  State now_, best_;
  double value_price_;
  std::vector<int> seeds_;     // jobs that a ruin may begin at
  std::vector<int> restless_;  // of these, where a plan is kept, those that are not where it had them
  std::vector<Known> known_;
  std::uint32_t versions_ = 0;
  // Where depots may run out: what the depots had left when the cost of known_ was worked out, and have now.
  std::vector<std::uint32_t> known_stock_;
  std::uint32_t stock_ = 0, stocks_ = 0;
  int next_blink_ = 0;
  std::vector<std::uint32_t> empty_seen_;  // of each engineer: when an empty twin was tried last
  std::uint32_t looks_ = 0;
  double stops_per_route_ = 1;
  std::vector<int> differing_;  // engineers whose route is another in best_
  std::vector<char> differs_;

  // One round's work, kept to reuse its memory.
  std::vector<int> touched_;
  std::vector<char> is_touched_;
  std::vector<DayRoute> saved_;  // the touched routes as they were, in the order of touched_
  std::vector<int> saved_absent_;
  DepotStock saved_depots_;
  std::uint32_t saved_stock_ = 0;
  std::vector<int> waiting_;     // what was taken out
  std::vector<int> regretting_;  // of that, what is not back yet
  int wanted_ = kNone;           // the job for which room is made
  int returning_ = kNone;        // the engineer who gets the day that the kept plan had
  std::vector<std::pair<std::int64_t, int>> order_;
  std::vector<Seat> seats_;
  std::vector<DayRoute> supplied_;
  Score before_;
  double allowed_ = 0;      // the energy below which a round is accepted that is no better than before
  bool adds_only_ = false;  // a job that comes back makes nothing cheaper
  bool torn_ = false;       // this round has left an engineer without rest
  DayRoute scratch_;
};

}  // namespace firstfix::planning
