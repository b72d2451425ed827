// Implements: reference_markdown of case/case_reader.h.
#include <algorithm>
#include <string>
#include <vector>

#include "base/registry.h"
#include "base/text.h"
#include "case/case_reader.h"
#include "case/key_table.h"

namespace thermodose {

namespace {

constexpr const char* kOpening = R"(# Reference of the case file

This page is generated from the declarations that read the file; do not edit it.
`thermodose describe TOPIC` prints the same in a terminal, and `case.schema.json` beside this page
gives it to editors.

## How values are written

- **Quantity**: a number and a unit, `5 mm`, `860 mL/min/kg`, `-140 degC`, `2 %`. Any unit of the
  right dimension is accepted and converted (UDUNITS-2). A bare number is an error where a unit
  is due. `/100g` means per 100 g. A temperature difference is written in K.
- With its origin: `{value: 0.52 W/m/K, spread: 8 %, source: Hasgall 2022}`.
- **Point**: three numbers and one unit, `0 12.5 -3 mm`, or `[0 mm, 12.5 mm, -3 mm]`.
- **Direction**: three numbers, `0 0 1`; the length does not matter.
- **List of quantities**: `[0 degC, -20 degC]` or `0 -20 degC`.
- **Table**: rows `[[0 min, 25 degC], [2 min, 40 degC]]`, or one quantity that holds everywhere.
- **Choice** (type `shape`, `dose`, ...): a bare word, or a map of one key, `{sphere: {...}}`.
- **Names** hold letters, digits, `_`, `-`, `+` and `.`, and start with a letter or digit.

## Library entries and `from`

A tissue or device that the case does not define comes from the library. `from: liver` in an entry of `materials` or
`devices` takes over all keys of another entry of the case or, by its own name, of the library; keys given beside it
replace them, one by one down into a law of the same name:

```yaml
materials:
  liver: {from: liver, freezing: {linear: {solidus: -6 degC}}}   # liquidus and the rest as in the library
```

A quantity is replaced with its spread and source, a law of another name as a whole. `KEY: ~` takes away what `from` brought.

## `--set`

`thermodose run CASE --set KEY=VALUE` replaces one value; it can be repeated, and `check` takes it, too.

- Keys are joined by dots: `--set probes.left.tip="0 0 1 mm"`.
- Entries of lists go by number from 0: `--set protocol.0.steps.0.freeze="5 min"`, also `protocol[0].steps[0].freeze`.
- A tissue or device from the library is varied like one of the case, as if it stood there with `from`:
  `--set materials.liver.perfusion="600 mL/min/kg"`.
- A name with dots is taken whole when it exists: `--set devices.icesphere_1.5mm_effective.diameter="1.6 mm"`. In quotes
  it may be new: `--set 'thermocouples."at_9.5mm"=9.5 0 0 mm'`.
- `KEY=~` takes a key away.

An entry that the case does not use, and a key that does not exist, are errors.

## What is not accepted

Anchors, aliases, tags and a second document in the file are errors, and so is a key given twice.
)";

std::string cell(const std::string& raw) {
  std::string out;
  for (const char c : raw) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

/// "<name>" would be an HTML tag outside of backticks.
std::string code(const std::string& raw) { return raw.empty() ? "" : "`" + raw + "`"; }

void table(std::string& out, const std::vector<KeyRow>& rows) {
  if (rows.empty()) {
    out += "No keys.\n";
    return;
  }
  out += "| key | type | unit | range | default | meaning |\n|---|---|---|---|---|---|\n";
  for (const auto& row : rows) {
    const std::string meaning =
        row.help + (row.source.empty() ? "" : " Source: " + row.source + ".");
    out += "| " + code(row.path) + " | " + row.type + " | " + cell(row.unit) + " | " +
           cell(row.range) + " | " + cell(row.fallback) + " | " + cell(meaning) + " |\n";
  }
}

std::string top_key(const std::string& path) { return path.substr(0, path.find_first_of(".[")); }

}  // namespace

std::string reference_markdown() {
  std::string out = kOpening;
  out += "\n## Keys of a case\n\n";
  std::vector<KeyRow> single;
  const auto rows = case_rows();
  const auto sections = [&](const std::string& top) {
    return std::count_if(rows.begin(), rows.end(),
                         [&](const KeyRow& r) { return top_key(r.path) == top; }) > 1;
  };
  for (const auto& row : rows) {
    if (row.path == top_key(row.path)) single.push_back(row);
  }
  table(out, single);
  for (const auto& top : single) {
    if (!sections(top.path)) continue;
    out += "\n### `" + top.path + "`\n\n";
    std::vector<KeyRow> inside;
    for (const auto& row : rows) {
      if (top_key(row.path) == top.path && row.path != top.path) inside.push_back(row);
    }
    table(out, inside);
  }
  for (const auto& registry : described_registries()) {
    out += "\n## Choices of type `" + registry + "`\n";
    for (const RegistryEntry* entry : registry::entries(registry)) {
      out += "\n### " + registry + ": `" + entry->name + "`\n\n" + entry->summary + "\n\n";
      table(out, entry_rows(registry, entry->name));
    }
  }
  return out;
}

}  // namespace thermodose
