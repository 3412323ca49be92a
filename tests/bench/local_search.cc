// SPDX-License-Identifier: MIT OR Apache-2.0
// How far our order is from the best one: looks for a better schedule of a recorded build by changing the order of its
// units at random, and keeps what is not worse by more than a little, and by less and less.
//
//   local_search PLAN.json TIMES.sqlite [EVALUATIONS [SEED]]
//
// A line for each number of cores: cores; cargo, our first build, ours when the times are known, the best one found,
// the bound, in seconds; simulations a second. What is searched are orders, for our own scheduler and late linking:
// nothing waits on purpose while a core is free.
#include "platform/files.h"
#include "recorded_build.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

using namespace pcargo;

namespace {

constexpr int kCores[] = {2, 4, 8, 16, 64};
constexpr double kFirstTolerance = 0.004;  ///< of the makespan

/// Units, the most urgent first.
using Order = std::vector<UnitId>;

Order order_of(const IdMap<UnitId, std::int64_t>& priority) {
  Order order;
  for (UnitId unit{0}; unit.value < priority.size(); ++unit.value) {
    order.push_back(unit);
  }
  std::stable_sort(order.begin(), order.end(), [&](UnitId a, UnitId b) { return priority[a] > priority[b]; });
  return order;
}

IdMap<UnitId, std::int64_t> priority_of(const Order& order) {
  IdMap<UnitId, std::int64_t> priority(order.size(), 0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    priority[order[i]] = static_cast<std::int64_t>(order.size() - i);
  }
  return priority;
}

class Search {
 public:
  Search(const bench::Simulations& simulations, int cores, std::uint64_t seed)
      : simulations_(simulations), cores_(cores), random_(seed) {}

  /// From this order on, so many simulations.
  void from(Order order, int evaluations) {
    std::int64_t current = makespan(order);
    for (int i = 1; i < evaluations; ++i) {
      const Order before = order;
      change(&order);
      const std::int64_t next = makespan(order);
      const double tolerance = kFirstTolerance * (1 - static_cast<double>(i) / evaluations);
      if (static_cast<double>(next) <= static_cast<double>(current) * (1 + tolerance * share_(random_))) {
        current = next;
      } else {
        order = before;
      }
    }
  }

  std::int64_t best() const { return best_; }
  int evaluations() const { return evaluations_; }

 private:
  std::int64_t makespan(const Order& order) {
    ++evaluations_;
    const std::int64_t result = simulations_.ordered(priority_of(order), cores_).makespan;
    best_ = best_ == 0 ? result : std::min(best_, result);
    return result;
  }

  /// Two change places, or one goes elsewhere.
  void change(Order* order) {
    std::uniform_int_distribution<std::size_t> place(0, order->size() - 1);
    const std::size_t a = place(random_);
    const std::size_t b = place(random_);
    const auto at = [order](std::size_t i) { return order->begin() + static_cast<std::ptrdiff_t>(i); };
    if (share_(random_) < 0.5) {
      std::swap((*order)[a], (*order)[b]);
    } else if (a < b) {
      std::rotate(at(a), at(a + 1), at(b + 1));
    } else {
      std::rotate(at(b), at(a), at(a + 1));
    }
  }

  const bench::Simulations& simulations_;
  int cores_;
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> share_{0, 1};
  std::int64_t best_ = 0;
  int evaluations_ = 0;
};

Result<void> run(int argc, char** argv) {
  PCARGO_ASSIGN(const auto text, platform::read_file(argv[1]));
  PCARGO_ASSIGN(const auto held, bench::make_plan(text, plan::Linking::kHeld));
  PCARGO_ASSIGN(const auto late, bench::make_plan(text, plan::Linking::kLateWhereItPays));
  PCARGO_ASSIGN(const auto truth, bench::estimates(*held, argv[2]));
  PCARGO_ASSIGN(const auto known, bench::estimates(*late, argv[2]));
  PCARGO_ASSIGN(const auto nothing, bench::estimates(*late, ""));
  const int evaluations = argc > 3 ? std::atoi(argv[3]) : 200'000;
  const auto seed = static_cast<std::uint64_t>(argc > 4 ? std::atoll(argv[4]) : 1);
  const bench::Simulations simulations(*held, *late, truth);
  for (const int cores : kCores) {
    Search search(simulations, cores, seed);
    const auto begin = std::chrono::steady_clock::now();
    const Order starts[] = {order_of(bench::our_priority(*late, known, cores)),
                            order_of(bench::our_priority(*late, nothing, cores)),
                            order_of(bench::cargos_priority(late->actions()))};
    // Most of it from what should be the best.
    search.from(starts[0], evaluations - 2 * (evaluations / 4));
    search.from(starts[1], evaluations / 4);
    search.from(starts[2], evaluations / 4);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("%d %.4f %.4f %.4f %.4f %.4f %.0f\n",
                cores,
                bench::seconds(simulations.cargos_schedule(cores).makespan),
                bench::seconds(simulations.our_schedule(nothing, cores).makespan),
                bench::seconds(simulations.our_schedule(known, cores).makespan),
                bench::seconds(search.best()),
                simulations.bound(cores),
                search.evaluations() / took.count());
    std::fflush(stdout);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: local_search PLAN.json TIMES.sqlite [EVALUATIONS [SEED]]\n", stderr);
    return EXIT_FAILURE;
  }
  if (auto done = run(argc, argv); !done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
