// Inside the image module: calls of ITK whose prints are not seen.
// Implements: silence of ITK and of the libraries within it.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <iostream>

namespace thermodose {

/// Keeps what ITK and the libraries in it print away from the user: our own problems say it. Some
/// write to the standard error below C++'s streams, so it is the file behind it that is exchanged.
class Quiet {
 public:
  Quiet() : kept_(dup(STDERR_FILENO)), output_(std::cout.rdbuf(nullptr)) {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (kept_ >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    if (nowhere >= 0) close(nowhere);
  }
  ~Quiet() {
    std::cout.rdbuf(output_);
    if (kept_ < 0) return;
    dup2(kept_, STDERR_FILENO);
    close(kept_);
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  int kept_;
  std::streambuf* output_;
};

}  // namespace thermodose
