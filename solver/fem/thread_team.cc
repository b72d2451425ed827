#include "fem/thread_team.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace thermodose {

namespace {

using Clock = std::chrono::steady_clock;

// Spin 100 to 400 microseconds before sleeping: stages are 50 to 900 microseconds long, and to wake
// a core of a virtual machine takes some 100. Reference case on such a machine, medians of five
// alternating runs: solve 1.62 s, with a quarter of the spins 1.86 s; on busy cores no difference.
constexpr int kSpins = 8000;
// A join that takes this many times the caller's own share counts as late.
constexpr double kLateFactor = 2.0;
// Shorter waits are normal jitter.
constexpr double kLateSeconds = 300e-6;
// Late time is weighed against work time over windows of this many runs.
constexpr int kWindow = 16;
// Window verdict: the team is slower than one thread would have been.
constexpr double kBusyRatio = 0.75;
// Runs alone before the team is tried again; doubled at each failure up to the limit.
constexpr int kAloneFirst = 64, kAloneLimit = 2048;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

double seconds(Clock::time_point a, Clock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

}  // namespace

struct ThreadTeam::State {
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable start, done;
  std::atomic<unsigned> generation{0};
  std::atomic<int> pending{0};
  std::atomic<bool> quit{false};
  const std::function<void(int, int)>* task = nullptr;
  int size = 1;

  // Adaptive fallback to one thread; touched by the caller only.
  int alone = 0, alone_next = kAloneFirst;
  int window = 0;
  double work = 0, late = 0;

  void member(int index) {
    unsigned seen = 0;
    for (;;) {
      for (int i = 0; i < kSpins && generation.load(std::memory_order_acquire) == seen; ++i)
        relax();
      if (generation.load(std::memory_order_acquire) == seen) {
        std::unique_lock<std::mutex> lock(mutex);
        start.wait(lock, [&] { return generation.load(std::memory_order_acquire) != seen; });
      }
      seen = generation.load(std::memory_order_acquire);
      if (quit.load(std::memory_order_acquire)) return;
      (*task)(index, size);
      if (pending.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        const std::lock_guard<std::mutex> lock(mutex);
        done.notify_one();
      }
    }
  }

  void wait_for_members() {
    for (int i = 0; i < kSpins && pending.load(std::memory_order_acquire) > 0; ++i) relax();
    if (pending.load(std::memory_order_acquire) == 0) return;
    std::unique_lock<std::mutex> lock(mutex);
    done.wait(lock, [&] { return pending.load(std::memory_order_acquire) == 0; });
  }

  void judge(double own, double wait) {
    work += own;
    if (wait > kLateSeconds && wait > (kLateFactor - 1) * own) late += wait;
    if (++window < kWindow) return;
    if (late > kBusyRatio * work) {
      alone = alone_next;
      alone_next = std::min(2 * alone_next, kAloneLimit);
    } else if (late == 0) {
      alone_next = kAloneFirst;
    }
    window = 0;
    work = late = 0;
  }
};

ThreadTeam::ThreadTeam(int threads) : state_(std::make_unique<State>()) {
  state_->size = std::max(1, threads);
  for (int i = 1; i < state_->size; ++i)
    state_->threads.emplace_back([s = state_.get(), i] { s->member(i); });
}

ThreadTeam::~ThreadTeam() {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->quit = true;
    state_->generation.fetch_add(1, std::memory_order_acq_rel);
  }
  state_->start.notify_all();
  for (auto& t : state_->threads) t.join();
}

int ThreadTeam::size() const { return state_->size; }

int ThreadTeam::usable() const { return state_->alone > 0 ? 1 : state_->size; }

void ThreadTeam::run(const std::function<void(int, int)>& task) {
  State& s = *state_;
  if (s.size == 1 || s.alone > 0) {
    if (s.alone > 0) --s.alone;
    task(0, 1);
    return;
  }
  s.task = &task;
  s.pending.store(s.size - 1, std::memory_order_release);
  {
    // The lock closes the gap between a member's last look and its sleep.
    const std::lock_guard<std::mutex> lock(s.mutex);
    s.generation.fetch_add(1, std::memory_order_acq_rel);
  }
  s.start.notify_all();
  const auto begin = Clock::now();
  task(0, s.size);
  const auto own = Clock::now();
  s.wait_for_members();
  s.judge(seconds(begin, own), seconds(own, Clock::now()));
}

int available_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int cores = sched_getaffinity(0, sizeof(set), &set) == 0
                  ? CPU_COUNT(&set)
                  : static_cast<int>(std::thread::hardware_concurrency());
  std::ifstream quota("/sys/fs/cgroup/cpu.max");
  std::string limit;
  double period = 0;
  if (quota >> limit >> period && limit != "max" && period > 0)
    cores = std::min(cores, std::max(1, static_cast<int>(std::stod(limit) / period)));
  return std::max(1, cores);
}

}  // namespace thermodose
