// Implements: label maps as anatomies for tests: a small map, loading, the problems of a case.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "anatomy_keys.h"
#include "base/error.h"
#include "base/registry.h"
#include "geometry/label_anatomy.h"
#include "label_files.h"
#include "output/scratch.h"

namespace thermodose::test {

using output_test::Scratch;

inline const std::string kMap =
    "title: a test\n"
    "labels:\n"
    "  1: {name: liver, tissue: liver}\n"
    "  2: {name: kidney, tissue: kidney}\n"
    "  3: {name: vein, tissue: blood}\n"
    "  4: {name: rib, tissue: bone_cortical}\n"
    "  5: {name: colon, tissue: air}\n"
    "  6: {name: lesion, tissue: liver_tumour}\n";

using Loaded = std::shared_ptr<LabelAnatomy>;

inline Loaded load(const Scratch& dir, const Given& given) {
  const RegistryEntry* entry = registry::find("anatomy", "labels");
  if (entry == nullptr) throw std::runtime_error("no anatomy 'labels'");
  auto anatomy = std::dynamic_pointer_cast<LabelAnatomy>(entry->make());
  GivenKeys keys(given);
  anatomy->keys(keys);
  const std::string shipped = std::string(THERMODOSE_SOURCE_DIR) + "/materials";
  anatomy->prepare({dir.path(), {shipped}});
  return anatomy;
}

/// A case with the map of this file, and fat as the background.
inline Given usual(const std::string& file) {
  Given g;
  g.texts = {{"file", file}, {"map", "./map.yaml"}, {"background", "fat"}};
  return g;
}

inline Given override_with(const std::string& tissue, const std::string& name = "") {
  Given g;
  g.texts["tissue"] = tissue;
  if (!name.empty()) g.texts["name"] = name;
  return g;
}

/// "key: message", or "file:line: key: message" with the name of the file only, in order.
inline std::vector<std::string> problems(const Scratch& dir, const Given& given) {
  std::vector<std::string> out;
  try {
    load(dir, given);
  } catch (const InputError& e) {
    for (Problem p : e.problems()) {
      p.file = p.file.substr(p.file.rfind('/') + 1);
      out.push_back(p.text());
    }
  }
  return out;
}

inline void expect_problems(const Scratch& dir, const Given& given,
                            const std::vector<std::string>& parts) {
  const auto found = problems(dir, given);
  EXPECT_EQ(found.size(), parts.size());
  for (std::size_t n = 0; n < std::max(found.size(), parts.size()); ++n) {
    const std::string text = n < found.size() ? found[n] : "(nothing)";
    EXPECT_TRUE(n < parts.size() && text.find(parts[n]) != std::string::npos)
        << text << "\n  expected: " << (n < parts.size() ? parts[n] : "nothing");
  }
}

}  // namespace thermodose::test
