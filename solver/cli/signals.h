// Ctrl-C.
// Implements: the first SIGINT or SIGTERM sets a flag that the run loop polls between steps; the
// second one of a kind ends the program at once.
#pragma once

#include <atomic>

namespace thermodose::cli {

/// Installs the handlers and returns the flag. Call once, before threads start.
const std::atomic<bool>& stop_on_signals();

}  // namespace thermodose::cli
