// Implements: thermodose_fuzz [seconds] [seed] [case...]: reads mutations of the shipped cases in
// process. A mutation may only read well, or throw InputError or IoError, and must be quick; what
// reads well must survive being written and read again. Anything else ends the run with status 1
// (a crash with its signal), and the mutation is left in fuzz-failure.yaml in the working
// directory. Deterministic for a seed.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/error.h"
#include "base/log.h"
#include "case/case_reader.h"
#include "mutations.h"

namespace thermodose::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kSlow = 2;  // s: no case file may take longer
constexpr const char* kFailure = "fuzz-failure.yaml";

// The mutation in work, for the signal handler.
const std::string* current = nullptr;

void keep_failure() {
  if (current == nullptr) return;
  if (std::FILE* file = std::fopen(kFailure, "wb")) {
    std::fwrite(current->data(), 1, current->size(), file);
    std::fclose(file);
  }
}

extern "C" void on_crash(int signal) {
  keep_failure();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::string load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::string> shipped_cases() {
  std::vector<std::string> out;
  const std::string source = THERMODOSE_SOURCE_DIR;
  for (const auto& entry : std::filesystem::directory_iterator(source + "/cases")) {
    const auto file = entry.path() / "case.yaml";
    if (std::filesystem::exists(file)) out.push_back(file.string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

struct Counts {
  long tried = 0, good = 0, refused = 0;
};

/// Empty when all is well, else what went wrong.
std::string try_case(const std::string& text, const ReadOptions& options, Counts& counts) {
  ++counts.tried;
  const auto begin = Clock::now();
  bool read = false;
  try {
    const CaseSpec spec = read_case_text(text, "fuzz/case.yaml", options);
    read = true;
    ++counts.good;
    // A generated anatomy has its dimensions in a shipped file.
    read_case_text(resolved_yaml(spec, {}), "resolved.yaml",
                   spec.anatomy ? options : ReadOptions{});
  } catch (const InputError& e) {
    if (read) return std::string("the resolved case does not read: ") + e.what();
    if (e.problems().empty()) return "refused without a problem";
    ++counts.refused;
  } catch (const IoError&) {
    if (read) return "the resolved case needs a file";
    ++counts.refused;
  } catch (const std::exception& e) {
    return std::string("another exception: ") + e.what();
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return seconds > kSlow ? "took " + std::to_string(seconds) + " s" : "";
}

int fuzz(double seconds, unsigned seed, const std::vector<std::string>& files) {
  std::vector<std::string> seeds;
  for (const auto& file : files) seeds.push_back(load(file));
  const ReadOptions options{{std::string(THERMODOSE_SOURCE_DIR) + "/materials"}, {}};
  Mutator mutator(seed);
  Counts counts;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  for (std::size_t n = 0; Clock::now() < end; ++n) {
    const std::string& text = seeds[n % seeds.size()];
    const std::string& other = seeds[(n / seeds.size()) % seeds.size()];
    const std::string mutation = mutator.mutate(text, other);
    current = &mutation;
    const std::string problem = try_case(mutation, options, counts);
    if (!problem.empty()) {
      keep_failure();
      std::cout << "mutation " << n << " of seed " << seed << ": " << problem << "\nleft in "
                << kFailure << "\n";
      return 1;
    }
    current = nullptr;
  }
  std::cout << counts.tried << " mutations of " << files.size() << " cases, seed " << seed << ": "
            << counts.good << " read well, " << counts.refused << " refused\n";
  return counts.good > 0 && counts.refused > 0 ? 0 : 1;
}

}  // namespace
}  // namespace thermodose::test

int main(int argc, char** argv) {
  using namespace thermodose::test;
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL}) std::signal(signal, on_crash);
  thermodose::log::to_console(thermodose::log::Level::warning, {});
  const double seconds = argc > 1 ? std::stod(argv[1]) : 5;
  const auto seed = static_cast<unsigned>(argc > 2 ? std::stoul(argv[2]) : 1);
  const std::vector<std::string> files(argv + std::min(argc, 3), argv + argc);
  return fuzz(seconds, seed, files.empty() ? shipped_cases() : files);
}
