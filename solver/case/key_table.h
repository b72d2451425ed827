// Describing: declared keys -> rows of a table.
// Implements: the Keys visitor behind `describe`, `list` and docs/reference.md.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "case/case_visitor.h"

namespace thermodose {

/// One key, in words.
struct KeyRow {
  std::string path;      ///< "protocol[].steps[].freeze", "probes.<name>.tip"
  std::string type;      ///< "quantity", "point", "text", "list of maps", "shape", ...
  std::string unit;      ///< "mm", "" when it has none
  std::string range;     ///< "0.5 .. 20 mm", "one of auto, grid, mesh", ""
  std::string fallback;  ///< "required", "optional", or the default in the user's unit
  std::string help;
  std::string source;
};

class KeyTable : public CaseVisitor {
 public:
  explicit KeyTable(std::string parent = "") : parent_(std::move(parent)) {}
  const std::vector<KeyRow>& rows() const { return rows_; }

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
  /// Adds the row of a key; `fallback` is the default of an optional key, "" when it has none.
  KeyRow& add(const Key& key, const std::string& type, const std::string& fallback);
  /// Adds the rows of `inner` after the row of its section.
  void append(const KeyTable& inner);

  std::string parent_;
  std::vector<KeyRow> rows_;
  std::map<std::string, std::string> sections_;  ///< keys of a section -> its path
};

/// Rows of all keys of a case.
std::vector<KeyRow> case_rows();
/// Rows of an entry of a registry.
std::vector<KeyRow> entry_rows(const std::string& registry, const std::string& entry);
/// Registries that hold the parts of a case, in the order of the manual.
std::vector<std::string> described_registries();

}  // namespace thermodose
