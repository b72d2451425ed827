// Implements: case/problems.h.
#include "case/problems.h"

#include <algorithm>

#include "base/text.h"

namespace thermodose {

namespace {

/// The path without its last part: "a.b[0]" -> "a.b" -> "a" -> "".
std::string parent_path(const std::string& path) {
  const auto cut = path.find_last_of(".[");
  return cut == std::string::npos ? "" : path.substr(0, cut);
}

bool is_below(const std::string& path, const std::string& parent) {
  if (parent.empty() || path == parent) return true;
  return path.size() > parent.size() && path.compare(0, parent.size(), parent) == 0 &&
         (path[parent.size()] == '.' || path[parent.size()] == '[');
}

}  // namespace

void Problems::add(const Place& place, const std::string& key, const std::string& message) {
  problems_.push_back({place.file ? *place.file : "", place.line, key, message});
  if (problems_.size() < kMostProblems) return;
  problems_.push_back(
      {problems_.front().file, 0, "",
       "reading stopped here: there are " + std::to_string(kMostProblems) + " problems or more"});
  raise();
}

void Problems::add_at(const std::string& key, const std::string& message) {
  add(nearest_place(places_, key), key, message);
}

bool Problems::good(const std::string& key) const {
  return std::none_of(problems_.begin(), problems_.end(), [&](const Problem& p) {
    const bool parent = !p.key.empty() && is_below(key, p.key);
    return parent || is_below(p.key, key);
  });
}

bool Problems::told(const std::string& key) const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [&](const Problem& p) { return p.key == key; });
}

std::string Problems::elsewhere(const std::string& key, const std::string& top) const {
  constexpr std::size_t kMost = 2;
  std::vector<std::string> found;
  for (const auto& known : known_keys_) {
    const bool inside = top.empty() || known.rfind(top + ".", 0) == 0;
    if (inside && known.substr(known.rfind('.') + 1) == key) {  // npos + 1 is the beginning
      found.push_back("'" + known + "'");
    }
  }
  if (found.empty() || found.size() > kMost) return "";
  return "; there is " + text::list(found, "and");
}

std::string Problems::note(const std::string& path, About about) const {
  const auto found = notes_.find({path, about});
  return found == notes_.end() ? "" : found->second;
}

void Problems::raise() const {
  if (problems_.empty()) return;
  std::vector<std::string> files;
  for (const auto& p : problems_) {
    if (std::find(files.begin(), files.end(), p.file) == files.end()) files.push_back(p.file);
  }
  const auto rank = [&](const std::string& file) {
    return std::find(files.begin(), files.end(), file) - files.begin();
  };
  std::vector<Problem> sorted = problems_;
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Problem& a, const Problem& b) {
    const auto ra = rank(a.file), rb = rank(b.file);
    return ra != rb ? ra < rb : a.line < b.line;
  });
  // A library file that several entries use tells its problems once.
  std::vector<Problem> distinct;
  for (auto& p : sorted) {
    const bool known = std::any_of(distinct.begin(), distinct.end(), [&](const Problem& d) {
      const bool same_place = d.file == p.file && d.line == p.line;
      return same_place && d.message == p.message && (p.line > 0 || p.key == d.key);
    });
    if (!known) distinct.push_back(std::move(p));
  }
  throw InputError(std::move(distinct));
}

Place nearest_place(const std::map<std::string, Place>& places, const std::string& key) {
  std::string path = key;
  while (places.count(path) == 0 && !path.empty()) path = parent_path(path);
  const auto found = places.find(path);
  return found == places.end() ? Place{} : found->second;
}

std::string child_path(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

std::string child_path(const std::string& parent, std::size_t index) {
  return parent + "[" + std::to_string(index) + "]";
}

}  // namespace thermodose
