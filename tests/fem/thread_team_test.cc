// The team of threads: every member once per run, waiting, falling back to one thread.
#include "fem/thread_team.h"

#include <gtest/gtest.h>

#include <sched.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>
#include <vector>

namespace thermodose {
namespace {

using std::chrono::milliseconds;

TEST(ThreadTeam, CallsEveryMemberOncePerRun) {
  for (const int size : {1, 2, 3, 5, 8}) {
    ThreadTeam team(size);
    EXPECT_EQ(team.size(), size);
    for (int run = 0; run < 300; ++run) {
      const int members = team.usable();
      std::vector<std::atomic<int>> calls(8);
      std::atomic<int> told{0};
      std::thread::id first;
      team.run([&](int member, int of) {
        ++calls[static_cast<std::size_t>(member)];
        told += of;
        if (member == 0) first = std::this_thread::get_id();
      });
      EXPECT_EQ(told, members * members) << "everyone knows how many they are";
      for (int m = 0; m < 8; ++m)
        EXPECT_EQ(calls[static_cast<std::size_t>(m)], m < members ? 1 : 0);
      EXPECT_EQ(first, std::this_thread::get_id()) << "the caller is member 0";
    }
  }
}

TEST(ThreadTeam, RunReturnsWhenAllAreDone) {
  ThreadTeam team(3);
  for (int run = 0; run < 3; ++run) {
    std::atomic<int> done{0};
    const int members = team.usable();
    team.run([&](int member, int) {
      std::this_thread::sleep_for(milliseconds(5 * (member + 1)));
      ++done;
    });
    EXPECT_EQ(done, members);
  }
}

TEST(ThreadTeam, MembersAreThreadsOfTheirOwnAndSleepBetweenRuns) {
  ThreadTeam team(3);
  std::set<std::thread::id> ids;
  for (int run = 0; run < 4; ++run) {
    std::vector<std::thread::id> seen(3);
    const int members = team.usable();
    team.run([&](int member, int) {
      seen[static_cast<std::size_t>(member)] = std::this_thread::get_id();
    });
    if (members < 3) continue;  // a busy machine
    ids.insert(seen.begin(), seen.end());
    EXPECT_EQ(ids.size(), 3U) << "the same three in every run";
    std::this_thread::sleep_for(milliseconds(3));  // much longer than they spin
  }
  EXPECT_FALSE(ids.empty());
}

TEST(ThreadTeam, ATeamInsideATeam) {
  ThreadTeam outer(2);
  std::atomic<int> calls{0};
  std::atomic<int> expected{0};
  outer.run([&](int member, int) {
    ThreadTeam inner(2 + member);
    for (int run = 0; run < 20; ++run) {
      expected += inner.usable();
      inner.run([&](int, int) { ++calls; });
    }
  });
  EXPECT_EQ(calls, expected);
}

TEST(ThreadTeam, NonsenseSizesAreOneThread) {
  for (const int size : {0, -3}) {
    ThreadTeam team(size);
    EXPECT_EQ(team.size(), 1);
    int calls = 0;
    team.run([&](int member, int members) { calls += member == 0 && members == 1 ? 1 : 100; });
    EXPECT_EQ(calls, 1);
  }
}

TEST(ThreadTeam, EndsWithoutARun) {
  for (int i = 0; i < 50; ++i) ThreadTeam team(4);
}

// Members that come much later than the caller, as on cores that others keep busy.
int runs_until_alone(ThreadTeam& team, int limit) {
  int runs = 0;
  while (team.usable() > 1 && runs < limit) {
    team.run([](int member, int) {
      if (member > 0) std::this_thread::sleep_for(milliseconds(2));
    });
    ++runs;
  }
  return runs;
}

// How many runs the caller is then left alone.
int runs_alone(ThreadTeam& team) {
  int runs = 0;
  while (team.usable() == 1 && runs < 10000) {
    int members = 0;
    team.run([&](int, int of) { members = of; });
    EXPECT_EQ(members, 1);
    ++runs;
  }
  return runs;
}

TEST(ThreadTeam, WorksAloneWhileMembersAreLateAndComesBack) {
  ThreadTeam team(3);
  // A window of runs, or some where the caller is kept waiting as well.
  EXPECT_EQ(runs_until_alone(team, 400) % 16, 0);
  const int first = runs_alone(team);
  EXPECT_GT(first, 20);
  EXPECT_EQ(team.usable(), 3) << "tries again";
  EXPECT_EQ(runs_until_alone(team, 400) % 16, 0);
  EXPECT_EQ(runs_alone(team), 2 * first) << "more patient each time";
  // The limit of patience: it never gives up for good.
  int alone = 2 * first;
  for (int i = 0; i < 7; ++i) {
    runs_until_alone(team, 400);
    alone = runs_alone(team);
  }
  EXPECT_LT(alone, 5000);
  EXPECT_EQ(team.usable(), 3);
}

TEST(ThreadTeam, EvenSharesAreNoReasonToGoAlone) {
  bool stayed = false;
  for (int attempt = 0; attempt < 6 && !stayed; ++attempt) {  // the machine may really be busy
    ThreadTeam team(2);
    for (int run = 0; run < 16; ++run)
      team.run([](int, int) { std::this_thread::sleep_for(milliseconds(4)); });
    stayed = team.usable() == 2;
  }
  EXPECT_TRUE(stayed);
}

TEST(ThreadTeam, CoresAreThoseThisProcessMayUse) {
  const int all = available_cores();
  EXPECT_GE(all, 1);
  cpu_set_t before, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_LE(all, CPU_COUNT(&before));
  CPU_ZERO(&one);
  int cpu = 0;
  while (!CPU_ISSET(cpu, &before)) ++cpu;
  CPU_SET(cpu, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(available_cores(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
  EXPECT_EQ(available_cores(), all);
}

}  // namespace
}  // namespace thermodose
