// Implements: thermodose_docs, which writes docs/reference.md and docs/case.schema.json anew.
// Run it after a change of any declared key; a test fails while the files are stale.
#include <fstream>
#include <iostream>

#include "case/case_reader.h"

namespace {
bool write(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  std::cout << (out ? "wrote " : "cannot write ") << path << "\n";
  return static_cast<bool>(out);
}
}  // namespace

int main() {
  const std::string docs = THERMODOSE_SOURCE_DIR "/docs/";
  const bool reference = write(docs + "reference.md", thermodose::reference_markdown());
  const bool schema = write(docs + "case.schema.json", thermodose::schema_json());
  return reference && schema ? 0 : 4;
}
