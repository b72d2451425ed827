// Implements: resolved_yaml of case/case_reader.h.
#include "case/case_draft.h"
#include "case/case_reader.h"
#include "case/yaml_writer.h"

namespace thermodose {

std::string resolved_yaml(const CaseSpec& spec, const std::vector<std::string>& provenance) {
  YamlWriter writer;
  for (const auto& line : provenance) writer.comment(line);
  CaseDraft draft = draft_of(spec);
  keys(writer, draft);
  return writer.text();
}

}  // namespace thermodose
