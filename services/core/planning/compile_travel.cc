// Travel as the search looks it up, and what lies near what.
#include <algorithm>
#include <numeric>

#include "compile.h"

namespace firstfix::planning {
namespace {

constexpr std::size_t kNear = 100;
constexpr int kManyPlaces = 500;

// Places in an order in which near ones are near, by halving: those nearer to one pole than to another come first.
class PlaceOrder {
 public:
  explicit PlaceOrder(const Matrix& travel) : travel_(travel), order_(at(travel.size())) {
    std::iota(order_.begin(), order_.end(), 0);
    halve(order_.begin(), order_.end());
  }
  const std::vector<int>& order() const { return order_; }

 private:
  using Iterator = std::vector<int>::iterator;
  static constexpr std::ptrdiff_t kFew = 32;

  void halve(Iterator first, Iterator last) {
    if (last - first <= kFew) return;
    const auto farthest = [&](int from) {
      return *std::max_element(first, last, [&](int a, int b) { return travel_(from, a) < travel_(from, b); });
    };
    const int north = farthest(*first), south = farthest(north);
    const auto side = [&](int place) { return std::pair(travel_(north, place) - travel_(south, place), place); };
    const auto middle = first + (last - first) / 2;
    std::nth_element(first, middle, last, [&](int a, int b) { return side(a) < side(b); });
    halve(first, middle);
    halve(middle, last);
  }

  const Matrix& travel_;
  std::vector<int> order_;
};

}  // namespace

void Compiler::copy_travel() {
  const int n = p_.travel.size();
  m_.places = at(n);
  m_.out_of = n > 0 ? p_.travel.row(0) : nullptr;
  if (n >= kManyPlaces) {
    const auto order = PlaceOrder(p_.travel).order();
    renamed_.resize(at(n));
    for (int i = 0; i < n; ++i) renamed_[at(order[at(i)])] = i;
    m_.table = std::make_unique_for_overwrite<Seconds[]>(at(n) * at(n));
    auto* to = m_.table.get();
    for (const int from : order) {
      const auto* row = p_.travel.row(from);
      for (const int there : order) *to++ = row[there];
    }
    m_.out_of = m_.table.get();
  }
  m_.into = m_.out_of;
  if (symmetric()) return;
  m_.transposed = std::make_unique_for_overwrite<Seconds[]>(at(n) * at(n));
  in_blocks([&](std::size_t i, std::size_t j) {
    m_.transposed[j * m_.places + i] = m_.out_of[i * m_.places + j];
    return true;
  });
  m_.into = m_.transposed.get();
}

template <class Pair>
bool Compiler::in_blocks(Pair pair) const {
  constexpr std::size_t kBlock = 64;
  for (std::size_t i = 0; i < m_.places; i += kBlock)
    for (std::size_t j = 0; j < m_.places; j += kBlock)
      for (auto k = i; k < std::min(i + kBlock, m_.places); ++k)
        for (auto l = j; l < std::min(j + kBlock, m_.places); ++l)
          if (!pair(k, l)) return false;
  return true;
}

bool Compiler::symmetric() const {
  return in_blocks([&](std::size_t i, std::size_t j) {
    return j >= i || m_.out_of[i * m_.places + j] == m_.out_of[j * m_.places + i];
  });
}

void Compiler::find_neighbours() {
  // The way there and back, and in the low bits the job: half as wide as a pair.
  constexpr int kJobBits = 20;
  static_assert(kMaxJobs < 1 << kJobBits);
  std::vector<std::uint64_t> order(at(m_.job_count));
  m_.near.resize(order.size());
  const auto count = std::min(order.size(), kNear);
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(count);
  for (int j = 0; j < m_.job_count; ++j) {
    const auto* from = m_.from_place(m_.tasks[at(j)].place);
    const auto* to = m_.to_place(m_.tasks[at(j)].place);
    for (int k = 0; k < m_.job_count; ++k) {
      const auto place = m_.tasks[at(k)].place;
      const auto way = k == j ? 0 : static_cast<std::uint64_t>(from[place]) + static_cast<std::uint64_t>(to[place]) + 1;
      order[at(k)] = way << kJobBits | static_cast<std::uint64_t>(k);
    }
    if (count < order.size()) std::nth_element(order.begin(), end, order.end());
    std::sort(order.begin(), end);
    constexpr std::uint64_t kJob = (1 << kJobBits) - 1;
    for (auto it = order.begin(); it != end; ++it) m_.near[at(j)].push_back(static_cast<int>(*it & kJob));
  }
}

}  // namespace firstfix::planning
