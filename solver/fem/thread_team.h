// A small team of threads for fused stages.
// Implements: fork-join over indices 0..n-1 with a brief spin and then sleep, so that a team on
// a machine whose cores are busy with other programs waits passively. When joins keep taking
// far longer than the caller's own share (a member was descheduled), the team works alone for a
// while and then tries again.
#pragma once

#include <functional>
#include <memory>

namespace thermodose {

class ThreadTeam {
 public:
  /// `threads` >= 1 counts the caller. Threads are started here and joined by the destructor.
  explicit ThreadTeam(int threads);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int size() const;
  /// Number of members that the next run() will use: size(), or 1 while the machine is busy.
  int usable() const;
  /// Calls task(member, members) once for each member 0..members-1; the caller is member 0.
  /// Returns when all are done. The task must not throw.
  void run(const std::function<void(int, int)>& task);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Number of cores this process may use now: affinity and cgroup quota respected, at least 1.
int available_cores();

}  // namespace thermodose
