// Registries of what a user can choose by name.
// Implements: a map "registry name / entry name" -> factory and one-paragraph summary. A new
// entry is one new .cc with one THERMODOSE_REGISTER line at its bottom; rooms are CMake OBJECT
// libraries, so the registration is never dropped by the linker.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/keys.h"

namespace thermodose {

/// What a registry knows of an entry.
struct RegistryEntry {
  std::string name;
  std::string summary;  ///< what it implements, with equation and source
  std::function<std::shared_ptr<Configurable>()> make;
};

namespace registry {

/// Adds an entry; returns true so that it can initialise a namespace-scope constant.
bool add(const std::string& registry, RegistryEntry entry);
/// The entry, or null when the name is unknown.
const RegistryEntry* find(const std::string& registry, const std::string& name);
/// All entries of one registry, sorted by name.
std::vector<const RegistryEntry*> entries(const std::string& registry);
/// Names of all registries, sorted.
std::vector<std::string> names();

}  // namespace registry

/// THERMODOSE_REGISTER("shape", "sphere", Sphere, "Ball |x - c| <= r.")
#define THERMODOSE_REGISTER(registry_name, entry_name, Type, summary_text)            \
  [[maybe_unused]] static const bool registered_##Type = ::thermodose::registry::add( \
      registry_name, {entry_name, summary_text, [] { return std::make_shared<Type>(); }})

}  // namespace thermodose
