// Implements: base/text.h.
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace thermodose::text {

namespace {

double change_cost(char a, char b) {
  if (a == b) return 0;
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return lower(a) == lower(b) ? 0.5 : 1;
}

/// Length of the UTF-8 sequence that starts at bytes[i], 0 when it is malformed.
std::size_t utf8_length(const std::string& bytes, std::size_t i) {
  const auto at = [&](std::size_t k) {
    return k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0U;
  };
  const unsigned lead = at(i);
  if (lead < 0x80) return 1;
  const std::size_t n = lead >= 0xC2 && lead < 0xE0   ? 2
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xF0 && lead < 0xF5 ? 4
                                                      : 0;
  if (n == 0) return 0;
  for (std::size_t k = 1; k < n; ++k) {
    if ((at(i + k) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = at(i + 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second >= 0xA0;
  const bool beyond = lead == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : n;
}

}  // namespace

double edit_distance(const std::string& a, const std::string& b) {
  const std::size_t n = a.size(), m = b.size();
  std::vector<double> before(m + 1), last(m + 1), row(m + 1);
  for (std::size_t j = 0; j <= m; ++j) last[j] = static_cast<double>(j);
  for (std::size_t i = 1; i <= n; ++i) {
    row[0] = static_cast<double>(i);
    for (std::size_t j = 1; j <= m; ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change_cost(a[i - 1], b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[m];
}

std::optional<std::string> nearest(const std::string& word,
                                   const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 100, kMost = 2000;  // input of a user is not to be trusted
  if (word.empty() || word.size() > kLongest) return std::nullopt;
  std::optional<std::string> best;
  double best_distance = 0;
  for (std::size_t i = 0; i < std::min(candidates.size(), kMost); ++i) {
    const std::string& candidate = candidates[i];
    if (candidate.size() > kLongest) continue;
    if (candidate == word) continue;  // what was written is what is wrong
    double d = edit_distance(word, candidate);
    // A word that is a whole part of the other ("diameter" in "probe_diameter") is near, too.
    if (std::min(word.size(), candidate.size()) >= 4 &&
        (candidate.find(word) != std::string::npos || word.find(candidate) != std::string::npos)) {
      d = std::min(d, 1.5);
    }
    if (!best || d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  const double longest = static_cast<double>(std::max(word.size(), best ? best->size() : 0));
  if (best && best_distance <= std::max(1., 0.4 * longest)) return best;
  return std::nullopt;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const auto near = nearest(word, candidates);
  return near ? "; did you mean '" + *near + "'?" : "";
}

std::string list(const std::vector<std::string>& names, const std::string& last) {
  constexpr std::size_t kMost = 40;
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == kMost && names.size() > kMost + 1) {
      out += " " + last + " " + std::to_string(names.size() - kMost) + " more";
      break;
    }
    if (i > 0) out += i + 1 == names.size() ? " " + last + " " : ", ";
    out += names[i];
  }
  return out;
}

std::string join(const std::vector<std::string>& names, const std::string& separator) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) out += (i > 0 ? separator : "") + names[i];
  return out;
}

std::string quoted(const std::string& raw) {
  constexpr std::size_t kLongest = 60;
  std::string out = "'";
  std::size_t i = 0;
  while (i < raw.size() && i < kLongest) {
    const std::size_t n = utf8_length(raw, i);
    const auto c = static_cast<unsigned char>(raw[i]);
    if (n == 0 || c < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", c);
      ++i;
    } else {
      out += raw.substr(i, n);
      i += n;
    }
  }
  return out + (i < raw.size() ? "...'" : "'");
}

std::string trim(const std::string& raw) {
  const auto first = raw.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return raw.substr(first, raw.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> words(const std::string& raw) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while ((at = raw.find_first_not_of(" \t\r\n", at)) != std::string::npos) {
    const std::size_t end = std::min(raw.find_first_of(" \t\r\n", at), raw.size());
    out.push_back(raw.substr(at, end - at));
    at = end;
  }
  return out;
}

bool is_utf8(const std::string& bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t n = utf8_length(bytes, i);
    if (n == 0) return false;
    i += n;
  }
  return true;
}

std::string number(double value) { return fmt::format("{:.6g}", value); }

std::string exact(double value) { return fmt::format("{}", value); }

}  // namespace thermodose::text
