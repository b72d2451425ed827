// Inside the image module: calls of ITK whose errors are texts and whose prints are not seen.
// Implements: exceptions as messages, silence of the libraries within ITK. Included after ITK.
#pragma once

#include <fcntl.h>
#include <itkMacro.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <new>
#include <string>

namespace thermodose {

/// What ITK says, without its address of the object and its line breaks.
inline std::string said(const itk::ExceptionObject& e) {
  std::string s = e.GetDescription();
  const auto object = s.find("): ");
  const bool names_object = s.rfind("itk::ERROR", 0) == 0 || s.rfind("ITK ERROR", 0) == 0;
  if (names_object && object != std::string::npos) s.erase(0, object + 3);
  std::replace(s.begin(), s.end(), '\n', ' ');
  return s;
}

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

/// Runs `work`; an exception becomes its text.
template <class Work>
std::string guarded(const Work& work) {
  const Quiet quiet;
  try {
    work();
    return {};
  } catch (const itk::ExceptionObject& e) {
    return said(e);
  } catch (const std::bad_alloc&) {
    return "it does not fit into memory";
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "unknown error";
  }
}

}  // namespace thermodose
