// Implements: case/key_lookup.h.
#include "case/key_lookup.h"

namespace thermodose {

namespace {

class Lookup : public Keys {
 public:
  std::map<std::string, double> found;

  void real(const Key& key, double& value) override { found[key.name] = value; }
  void real(const Key& key, std::optional<double>& value) override {
    if (value) found[key.name] = *value;
  }
  void real_in(const Key& key, const std::vector<std::string>& /*units*/,
               TaggedReal& value) override {
    found[key.name] = value.value;
  }
  void integer(const Key& /*key*/, int& /*value*/) override {}
  void integer(const Key& /*key*/, std::optional<int>& /*value*/) override {}
  void flag(const Key& /*key*/, bool& /*value*/) override {}
  void text(const Key& /*key*/, std::string& /*value*/) override {}
  void texts(const Key& /*key*/, std::vector<std::string>& /*value*/) override {}
  void point(const Key& /*key*/, Vec3& /*value*/) override {}
  void point(const Key& /*key*/, std::optional<Vec3>& /*value*/) override {}
  void reals(const Key& /*key*/, std::vector<double>& /*value*/) override {}
  void named_points(const Key& /*key*/, std::vector<std::string>& /*names*/,
                    std::vector<Vec3>& /*values*/) override {}
  void curve(const Key& /*key*/, const Key& /*x*/,
             std::vector<std::pair<double, double>>& /*value*/) override {}
  void section(const Key& /*key*/, bool* /*present*/,
               const std::function<void(Keys&)>& /*body*/) override {}
  void list(const Key& /*key*/, const std::function<void(std::size_t)>& /*resize*/,
            const std::function<std::size_t()>& /*size*/,
            const std::function<void(Keys&, std::size_t)>& /*body*/) override {}
  void named(const Key& /*key*/, std::vector<std::string>& /*names*/,
             const std::function<void(std::size_t)>& /*resize*/,
             const std::function<void(Keys&, std::size_t)>& /*body*/) override {}
  void plugin(const Key& /*key*/, const std::string& /*registry*/, std::string& /*chosen*/,
              std::shared_ptr<Configurable>& /*value*/) override {}
  void plugins(const Key& /*key*/, const std::string& /*registry*/,
               std::vector<std::string>& /*chosen*/,
               std::vector<std::shared_ptr<Configurable>>& /*value*/) override {}
};

}  // namespace

std::map<std::string, double> real_values(Configurable& object) {
  Lookup lookup;
  object.keys(lookup);
  return lookup.found;
}

}  // namespace thermodose
