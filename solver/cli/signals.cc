// Implements: cli/signals.h.
#include "cli/signals.h"

#include <csignal>  // and the POSIX part: sigaction

namespace thermodose::cli {
namespace {

std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch the flag");

extern "C" void request_stop(int) { stop_requested.store(true); }

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = request_stop;
  sigemptyset(&action.sa_mask);
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // the second signal kills
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction hangup = {};
  sigaction(SIGHUP, nullptr, &hangup);  // ignored under nohup: that stays
  if (hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  // A limit on file sizes is then an error of writing like a full disk.
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  return stop_requested;
}

}  // namespace thermodose::cli
