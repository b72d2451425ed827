// Implements: a Keys visitor that fills an anatomy from SI values by key name, so that anatomies
// are tested without the case reader. A required key without a value throws.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/keys.h"

namespace thermodose::test {

struct Given {
  std::map<std::string, std::string> texts;
  std::map<std::string, Vec3> points;
  std::map<std::string, double> reals;
  std::map<std::string, int> integers;
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, Given> sections;
  std::map<std::string, std::vector<std::pair<std::string, Given>>> named;
};

class GivenKeys : public Keys {
 public:
  explicit GivenKeys(const Given& given) : given_(given) {}

  void text(const Key& key, std::string& value) override { take(given_.texts, key, value); }
  void point(const Key& key, Vec3& value) override { take(given_.points, key, value); }
  void section(const Key& key, bool* present, const std::function<void(Keys&)>& body) override {
    const auto found = given_.sections.find(key.name);
    if (present != nullptr) *present = found != given_.sections.end();
    if (found == given_.sections.end()) return;
    GivenKeys inner(found->second);
    body(inner);
  }
  void named(const Key& key, std::vector<std::string>& names,
             const std::function<void(std::size_t)>& resize,
             const std::function<void(Keys&, std::size_t)>& body) override {
    const auto found = given_.named.find(key.name);
    if (found == given_.named.end()) return;
    resize(found->second.size());
    for (std::size_t n = 0; n < found->second.size(); ++n) {
      names.push_back(found->second[n].first);
      GivenKeys inner(found->second[n].second);
      body(inner, n);
    }
  }

  void real(const Key& key, double& value) override { take(given_.reals, key, value); }
  void real(const Key&, std::optional<double>&) override { refuse(); }
  void real_in(const Key&, const std::vector<std::string>&, TaggedReal&) override { refuse(); }
  void integer(const Key& key, int& value) override { take(given_.integers, key, value); }
  void integer(const Key&, std::optional<int>&) override { refuse(); }
  void flag(const Key&, bool&) override { refuse(); }
  void texts(const Key& key, std::vector<std::string>& value) override {
    take(given_.lists, key, value);
  }
  void point(const Key&, std::optional<Vec3>&) override { refuse(); }
  void reals(const Key&, std::vector<double>&) override { refuse(); }
  void named_points(const Key&, std::vector<std::string>&, std::vector<Vec3>&) override {
    refuse();
  }
  void curve(const Key&, const Key&, std::vector<std::pair<double, double>>&) override { refuse(); }
  void list(const Key&, const std::function<void(std::size_t)>&,
            const std::function<std::size_t()>&,
            const std::function<void(Keys&, std::size_t)>&) override {
    refuse();
  }
  void plugin(const Key&, const std::string&, std::string&,
              std::shared_ptr<Configurable>&) override {
    refuse();
  }
  void plugins(const Key&, const std::string&, std::vector<std::string>&,
               std::vector<std::shared_ptr<Configurable>>&) override {
    refuse();
  }

 private:
  template <class T>
  static void take(const std::map<std::string, T>& from, const Key& key, T& value) {
    const auto found = from.find(key.name);
    if (found != from.end()) {
      value = found->second;
    } else if (key.required) {
      throw std::runtime_error("no value for the key " + key.name);
    }
  }
  [[noreturn]] static void refuse() { throw std::runtime_error("a key of this kind is not known"); }

  const Given& given_;
};

}  // namespace thermodose::test
