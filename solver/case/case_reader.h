// case.yaml -> CaseSpec, and everything else that is made from the declared keys.
// Implements: the door of solver/case.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "case/case_spec.h"

namespace thermodose {

struct ReadOptions {
  /// Directories with <material>.yaml and probes/<device>.yaml. `materials/` beside the case is
  /// searched before them.
  std::vector<std::string> library;
  /// --set KEY=VALUE: dotted key ("probes.left.tip", list entries by number: "regions.0.tissue")
  /// and a YAML value.
  std::vector<std::pair<std::string, std::string>> overrides;
};

/// Reads and checks a case with all library files it touches. Throws InputError with every
/// problem of all of them, IoError when the file cannot be read.
CaseSpec read_case(const std::string& path, const ReadOptions& options);

/// The same for a text that is no file; `name` stands for the file in messages and its folder for
/// the folder of the case.
CaseSpec read_case_text(const std::string& text, const std::string& name,
                        const ReadOptions& options);

/// The error with file and line of every problem that names a key of the case but no line: those
/// that were found after the reading.
InputError located(const InputError& error, const CaseSpec& spec);

/// The case in full as YAML: every key, SI values with SI units, no `from`, no library needed.
/// Reads back as the same case. `provenance`: lines that open it as comments.
std::string resolved_yaml(const CaseSpec& spec, const std::vector<std::string>& provenance);

/// docs/reference.md: every key and every registry entry.
std::string reference_markdown();

/// docs/case.schema.json: JSON Schema (draft 2020-12) of a case, for editors.
std::string schema_json();

/// Plain text on a topic: "case", a key ("domain.box", "protocol", "active_length"), a registry
/// ("shape", "dose models"), an entry ("sphere", "shape/sphere"), a material or device of the
/// library; all meanings of a word that has several. Throws InputError for an unknown topic, with
/// the nearest one.
std::string describe(const std::string& topic, const std::vector<std::string>& library);

/// Names with one line each: "materials", "devices", "keys", "laws", a registry as one says it
/// ("shape", "shapes", "dose models"); "" lists the topics. Throws InputError for an unknown topic,
/// with the nearest one. `others`: topics that the caller has besides, for that message.
std::string list(const std::string& topic, const std::vector<std::string>& library,
                 const std::vector<std::string>& others = {});

}  // namespace thermodose
