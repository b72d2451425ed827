#include "base/registry.h"

#include <cassert>
#include <map>

namespace thermodose::registry {

namespace {
using Entries = std::map<std::string, RegistryEntry>;
// A function-local static: registration runs before main in an unspecified order.
std::map<std::string, Entries>& store() {
  static std::map<std::string, Entries> all;
  return all;
}
}  // namespace

bool add(const std::string& registry, RegistryEntry entry) {
  const std::string name = entry.name;
  const bool fresh = store()[registry].emplace(name, std::move(entry)).second;
  assert(fresh && "two entries of one registry share a name");
  return fresh;
}

const RegistryEntry* find(const std::string& registry, const std::string& name) {
  const auto r = store().find(registry);
  if (r == store().end()) return nullptr;
  const auto e = r->second.find(name);
  return e == r->second.end() ? nullptr : &e->second;
}

std::vector<const RegistryEntry*> entries(const std::string& registry) {
  std::vector<const RegistryEntry*> out;
  const auto r = store().find(registry);
  if (r == store().end()) return out;
  for (const auto& [name, entry] : r->second) out.push_back(&entry);
  return out;
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& [name, entries] : store()) out.push_back(name);
  return out;
}

}  // namespace thermodose::registry
