// Implements: cli/dose_fields.h.
#include "cli/dose_fields.h"

#include <fmt/format.h>

#include <memory>
#include <regex>

#include "base/registry.h"
#include "case/case_reader.h"
#include "case/key_table.h"
#include "dose/dose_model.h"
#include "dose/eval_verdict.h"

namespace thermodose::cli {
namespace {

constexpr const char* kRegistry = "dose";
const std::string kUnset = "m273_15";  // 0 K: a temperature without a default

bool ends_in(const std::string& name, const std::string& tail) {
  return name.size() > tail.size() &&
         name.compare(name.size() - tail.size(), tail.size(), tail) == 0;
}

/// Sets the words of a model to those that end the name of a field: "skin" of "damage_skin".
class Chooser : public KeyTable {
 public:
  explicit Chooser(std::string field) : field_(std::move(field)) {}
  void text(const Key& key, std::string& value) override {
    for (const std::string& word : key.choices)
      if (ends_in(field_, "_" + word)) value = word;
  }

 private:
  std::string field_;
};

/// Fields of a model as its keys stand, with the words that `field` ends in.
std::vector<DoseField> fields_of(const RegistryEntry& entry, const std::string& field = "") {
  const std::shared_ptr<Configurable> made = entry.make();
  Chooser chooser(field);
  made->keys(chooser);
  const auto* model = dynamic_cast<const DoseModel*>(made.get());
  return model == nullptr ? std::vector<DoseField>{} : model->fields();
}

/// A name with its temperatures as T: time_below_m52_5_s and time_below_0_s are one field.
std::string any_temperature(const std::string& name) {
  static const std::regex temperature("_([mp][0-9]+(_[0-9]+)?|0)(?=_)");
  return std::regex_replace(name, temperature, "_T");
}

std::string verdict_text() {
  const evaluation::VerdictRules rules;
  return fmt::format(
      "verdict: of each criterion of a target; the terminal shows that of the first\n"
      "  Curative: coverage at least {:.1f} % and certain margin at least the target's `margin`,\n"
      "  {:.0f} mm when not given. Palliative: effective from {:.0f} % coverage on, ineffective\n"
      "  under {:.0f} %, partly effective between. Organs that left their bands change neither;\n"
      "  they are named beside the verdict.\n",
      100 * rules.whole, 1e3 * rules.curative_margin, 100 * rules.effective,
      100 * rules.ineffective);
}

}  // namespace

std::optional<std::string> describe_field(const std::string& name,
                                          const std::vector<std::string>& library) {
  if (name == "verdict") return verdict_text();
  for (const RegistryEntry* entry : registry::entries(kRegistry)) {
    for (const DoseField& field : fields_of(*entry, name)) {
      if (any_temperature(field.name) != any_temperature(name)) continue;
      const std::string topic = fmt::format("{}/{}", kRegistry, entry->name);
      return fmt::format("{}: a field of the dose model {}\n  {}\n\n{}{}", name, entry->name,
                         field.help, describe(topic, library), fields_text(topic));
    }
  }
  return std::nullopt;
}

std::string fields_text(const std::string& name) {
  std::string text;
  for (const RegistryEntry* entry : registry::entries(kRegistry)) {
    if (name != entry->name && name != fmt::format("{}/{}", kRegistry, entry->name)) continue;
    std::string lines;
    bool unset = false;
    for (DoseField& field : fields_of(*entry)) {
      const auto at = field.name.find(kUnset);
      unset = unset || at != std::string::npos;
      if (at != std::string::npos) field.name.replace(at, kUnset.size(), "T");
      lines += fmt::format("  {:<27} {}\n", field.name, field.help);
    }
    text += fmt::format("\nFields, as criteria and output name them{}:\n{}",
                        unset ? " (T: m40 for -40 degC, p50 for 50 degC)" : "", lines);
  }
  return text;
}

}  // namespace thermodose::cli
