// Implements: deterministic mutations of case files for the fuzzer: of bytes, of words, and of the
// YAML tree.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace thermodose::test {

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  /// A changed copy of `text`; `other` lends parts to it.
  std::string mutate(const std::string& text, const std::string& other);

 private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }
  std::string bytes(std::string text);
  std::string words(std::string text);
  std::string lines(std::string text, const std::string& other);
  std::string tree(const std::string& text, const std::string& other);

  std::mt19937 random_;
};

}  // namespace thermodose::test
