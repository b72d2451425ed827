// Implements: schema_json of case/case_reader.h: declared keys -> JSON Schema, draft 2020-12.
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "base/registry.h"
#include "base/text.h"
#include "base/units.h"
#include "case/case_draft.h"
#include "case/case_reader.h"
#include "case/key_table.h"
#include "case/library.h"
#include "case/quantity.h"

namespace thermodose {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kNumber = R"([-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)";

std::string with_unit(const std::string& unit) { return unit == "1" ? "" : R"(\s*[^\s\d.+-].*)"; }

/// Definition of the choices of a registry where some keys come from another entry.
constexpr const char* kChanged = "changed_";

/// The schema of one map: its properties and which of them are required. `changes`: the map only
/// changes another entry, so that nothing is required and null takes a key away.
class SchemaWriter : public CaseVisitor {
 public:
  explicit SchemaWriter(std::set<std::string>& registries, bool changes = false)
      : registries_(registries), changes_(changes) {}

  Json schema() const {
    Json out{{"type", "object"}, {"properties", properties_}, {"additionalProperties", false}};
    if (!required_.empty()) out["required"] = required_;
    return out;
  }
  const Json& properties() const { return properties_; }
  const Json& required() const { return required_; }

  void real(const Key& key, double& /*value*/) override { add(key, quantity(key.unit)); }
  void real(const Key& key, std::optional<double>& /*value*/) override {
    add(key, quantity(key.unit));
  }
  void real_in(const Key& key, const std::vector<std::string>& /*units*/,
               TaggedReal& /*value*/) override {
    add(key, quantity(key.unit));
  }
  void integer(const Key& key, int& /*value*/) override { whole(key); }
  void integer(const Key& key, std::optional<int>& /*value*/) override { whole(key); }
  void flag(const Key& key, bool& /*value*/) override { add(key, {{"type", "boolean"}}); }
  void text(const Key& key, std::string& /*value*/) override { add(key, word(key)); }
  void texts(const Key& key, std::vector<std::string>& /*value*/) override {
    add(key, {{"anyOf", {word(key), {{"type", "array"}, {"items", word(key)}}}}});
  }
  void point(const Key& key, Vec3& /*value*/) override { add(key, row(key.unit, 3)); }
  void point(const Key& key, std::optional<Vec3>& /*value*/) override {
    add(key, row(key.unit, 3));
  }
  void reals(const Key& key, std::vector<double>& /*value*/) override {
    Json many{{"type", "array"}, {"items", quantity(key.unit)}};
    add(key, {{"anyOf", {row_text(key.unit, 0), many}}});
  }
  void named_points(const Key& key, std::vector<std::string>& /*names*/,
                    std::vector<Vec3>& /*values*/) override {
    add(key, {{"type", "object"}, {"additionalProperties", row(key.unit, 3)}});
  }
  void curve(const Key& key, const Key& x,
             std::vector<std::pair<double, double>>& /*value*/) override {
    const Json pair{{"type", "array"},
                    {"prefixItems", {quantity(x.unit), quantity(key.unit)}},
                    {"minItems", 2},
                    {"maxItems", 2}};
    const Json rows{{"type", "array"}, {"items", pair}, {"minItems", 1}};
    add(key, {{"anyOf", {quantity(key.unit), rows}}});
  }
  void section(const Key& key, bool* /*present*/, const std::function<void(Keys&)>& body) override {
    SchemaWriter inner(registries_);
    body(inner);
    add(key, inner.schema());
  }
  void list(const Key& key, const std::function<void(std::size_t)>& resize,
            const std::function<std::size_t()>& /*size*/,
            const std::function<void(Keys&, std::size_t)>& body) override {
    resize(1);
    SchemaWriter inner(registries_);
    body(inner, 0);
    add(key, {{"type", "array"}, {"items", inner.schema()}});
  }
  void named(const Key& key, std::vector<std::string>& names,
             const std::function<void(std::size_t)>& resize,
             const std::function<void(Keys&, std::size_t)>& body) override {
    names.assign(1, "");
    resize(1);
    SchemaWriter inner(registries_);
    body(inner, 0);
    add(key, {{"type", "object"}, {"additionalProperties", inner.schema()}});
  }
  void plugin(const Key& key, const std::string& registry, std::string& /*chosen*/,
              std::shared_ptr<Configurable>& /*value*/) override {
    add(key, choice(registry));
  }
  void plugins(const Key& key, const std::string& registry, std::vector<std::string>& /*chosen*/,
               std::vector<std::shared_ptr<Configurable>>& /*value*/) override {
    add(key, {{"type", "array"}, {"items", choice(registry)}});
  }
  void library(const Key& key, const LibraryKind& kind,
               std::vector<NamedConfigurable>& /*entries*/) override {
    Json kinds = Json::array();
    for (const RegistryEntry* entry : registry::entries(kind.registry)) {
      kinds.push_back(library_entry(kind, *entry, false));
      kinds.push_back(library_entry(kind, *entry, true));
    }
    add(key, {{"type", "object"}, {"additionalProperties", {{"anyOf", kinds}}}});
  }

 private:
  void add(const Key& key, const Json& value) {
    Json described;
    std::string help = key.help;
    if (!key.unit.empty() && key.unit != "1") help += " Unit: " + key.unit + ".";
    const std::string range = key.unit.empty() ? "" : range_text(key, units::parse_unit(key.unit));
    if (!range.empty()) help += " Range: " + range + ".";
    described["description"] = help;
    described.update(changes_ ? Json{{"anyOf", {value, {{"type", "null"}}}}} : value);
    properties_[key.name] = described;
    if (key.required && !changes_) required_.push_back(key.name);
  }
  void whole(const Key& key) {
    Json value{{"type", "integer"}};
    if (std::isfinite(key.min)) value["minimum"] = static_cast<long>(key.min);
    if (std::isfinite(key.max)) value["maximum"] = static_cast<long>(key.max);
    add(key, value);
  }
  static Json word(const Key& key) {
    // YAML reads a name such as 12 as a number.
    if (key.choices.empty()) return {{"type", {"string", "number", "boolean"}}};
    return {{"enum", key.choices}};
  }
  static Json quantity(const std::string& unit) {
    return {{"$ref", unit == "1" ? "#/$defs/number" : "#/$defs/quantity"}};
  }
  static Json row_text(const std::string& unit, int count) {
    const std::string next = std::string(R"(\s+)") + kNumber;
    const std::string repeat = count > 0 ? "{" + std::to_string(count - 1) + "}" : "*";
    return {{"type", "string"},
            {"pattern", std::string("^\\s*") + kNumber + "(" + next + ")" + repeat +
                            with_unit(unit) + "\\s*$"}};
  }
  static Json row(const std::string& unit, int count) {
    const Json parts{
        {"type", "array"}, {"items", quantity(unit)}, {"minItems", count}, {"maxItems", count}};
    return {{"anyOf", {row_text(unit, count), parts}}};
  }
  Json choice(const std::string& registry) {
    const std::string name = (changes_ ? kChanged : "") + registry;
    registries_.insert(name);
    return {{"$ref", "#/$defs/" + name}};
  }
  /// An entry that is complete by itself, or one that changes what it takes over with `from`.
  Json library_entry(const LibraryKind& kind, const RegistryEntry& entry, bool changes) {
    SchemaWriter inner(registries_, changes);
    inner.text(key("kind", "", "What the entry is.").one_of({entry.name}).optional(), unused_);
    if (changes) {
      inner.text(
          key("from", "", "The entry of this section or of the library that it starts from."),
          unused_);
    }
    inner.text(key("title", "", "What it is, in one line.").optional(), unused_);
    inner.text(key("notes", "", "What a reader of the data should know.").optional(), unused_);
    entry.make()->keys(inner);
    if (changes) {
      inner.required_ = {"from"};
    } else if (entry.name != kind.default_kind) {
      inner.required_.push_back("kind");
    }
    return inner.schema();
  }

  std::set<std::string>& registries_;
  bool changes_;
  Json properties_ = Json::object();
  Json required_ = Json::array();
  std::string unused_;
};

/// One of the entries of a registry: a bare word where no key is required, or a map of one key.
Json registry_schema(const std::string& name, std::set<std::string>& registries) {
  const bool changes = name.rfind(kChanged, 0) == 0;
  const std::string registry = changes ? name.substr(std::string(kChanged).size()) : name;
  Json options = Json::array(), words = Json::array();
  for (const RegistryEntry* entry : registry::entries(registry)) {
    SchemaWriter inner(registries, changes);
    entry->make()->keys(inner);
    if (inner.required().empty()) words.push_back(entry->name);
    Json value = inner.schema();
    if (inner.required().empty()) value = {{"anyOf", {value, {{"type", "null"}}}}};
    options.push_back({{"type", "object"},
                       {"description", entry->summary},
                       {"properties", {{entry->name, value}}},
                       {"required", {entry->name}},
                       {"additionalProperties", false}});
  }
  if (!words.empty()) options.insert(options.begin(), Json{{"enum", words}});
  return {{"anyOf", options}};
}

Json common_definitions() {
  const std::string number = std::string("^\\s*") + kNumber;
  const Json scalar{{"type", "string"},
                    {"pattern", number + R"(\s*[^\s\d].*$|)" + number + R"(\s+1/.*$)"}};
  const auto with_origin = [](const Json& value) {
    return Json{{"type", "object"},
                {"properties",
                 {{"value", value},
                  {"spread", {{"type", {"string", "number"}}}},
                  {"source", {{"type", {"string", "number"}}}}}},
                {"required", {"value"}},
                {"additionalProperties", false}};
  };
  const Json pure{{"type", {"number", "string"}}};
  return {{"quantity", {{"anyOf", {scalar, with_origin(scalar)}}}},
          {"number", {{"anyOf", {pure, with_origin(pure)}}}}};
}

}  // namespace

std::string schema_json() {
  std::set<std::string> wanted, done;
  SchemaWriter writer(wanted);
  CaseDraft draft;
  keys(writer, draft);
  Json root{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
            {"title", "ThermoDose case"},
            {"description", "Generated from the declarations that read the file; do not edit."}};
  root.update(writer.schema());
  Json definitions = common_definitions();
  while (done != wanted) {
    for (const auto& registry : std::set<std::string>(wanted)) {
      if (!done.insert(registry).second) continue;
      definitions[registry] = registry_schema(registry, wanted);
    }
  }
  root["$defs"] = definitions;
  return root.dump(1) + "\n";
}

}  // namespace thermodose
