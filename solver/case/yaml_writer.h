// Writing: declared keys -> YAML.
// Implements: the Keys visitor behind case.resolved.yaml: every key with its present value, SI
// numbers with SI units (a share stays in its own unit), all digits, readable by TreeReader.
#pragma once

#include <string>
#include <vector>

#include "case/case_visitor.h"

namespace thermodose {

class YamlWriter : public CaseVisitor {
 public:
  /// The lines so far, indented for a top-level map.
  std::string text() const;
  bool empty() const { return lines_.empty(); }
  void comment(const std::string& line) { lines_.push_back("# " + line); }

  void real(const Key& key, double& value) override;
  void real(const Key& key, std::optional<double>& value) override;
  void real_in(const Key& key, const std::vector<std::string>& units, TaggedReal& value) override;
  void integer(const Key& key, int& value) override;
  void integer(const Key& key, std::optional<int>& value) override;
  void flag(const Key& key, bool& value) override;
  void text(const Key& key, std::string& value) override;
  void texts(const Key& key, std::vector<std::string>& value) override;
  void point(const Key& key, Vec3& value) override;
  void point(const Key& key, std::optional<Vec3>& value) override;
  void reals(const Key& key, std::vector<double>& value) override;
  void named_points(const Key& key, std::vector<std::string>& names,
                    std::vector<Vec3>& values) override;
  void curve(const Key& key, const Key& x, std::vector<std::pair<double, double>>& value) override;
  void section(const Key& key, bool* present, const std::function<void(Keys&)>& body) override;
  void list(const Key& key, const std::function<void(std::size_t)>& resize,
            const std::function<std::size_t()>& size,
            const std::function<void(Keys&, std::size_t)>& body) override;
  void named(const Key& key, std::vector<std::string>& names,
             const std::function<void(std::size_t)>& resize,
             const std::function<void(Keys&, std::size_t)>& body) override;
  void plugin(const Key& key, const std::string& registry, std::string& chosen,
              std::shared_ptr<Configurable>& value) override;
  void plugins(const Key& key, const std::string& registry, std::vector<std::string>& chosen,
               std::vector<std::shared_ptr<Configurable>>& value) override;
  void library(const Key& key, const LibraryKind& kind,
               std::vector<NamedConfigurable>& entries) override;

 private:
  void put(const std::string& key, const std::string& value);
  /// "key:" with the lines of `inner` below it, or "key: {}".
  void nest(const std::string& key, const YamlWriter& inner);
  /// "- " before the first of the lines of `inner`, the others below it.
  void item(const YamlWriter& inner);

  std::vector<std::string> lines_;
};

/// An SI value as a quantity that reads back to it: "0.015 m", "310.15 K", "2 %".
std::string quantity_text(double si, const std::string& unit);

/// Text as a YAML scalar, quoted where it has to be.
std::string scalar_text(const std::string& raw);

}  // namespace thermodose
