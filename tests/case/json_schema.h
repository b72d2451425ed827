// Implements: a small JSON Schema validator, enough for docs/case.schema.json, and YAML -> JSON
// under the core schema of YAML 1.2, as editors do it. Unknown keywords throw, so that the
// validator cannot quietly agree with a schema it does not understand.
#pragma once

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>

namespace thermodose::test {

using Json = nlohmann::json;

inline Json to_json(const YAML::Node& node) {
  if (node.IsMap()) {
    Json out = Json::object();
    for (const auto& entry : node) out[entry.first.Scalar()] = to_json(entry.second);
    return out;
  }
  if (node.IsSequence()) {
    Json out = Json::array();
    for (const auto& item : node) out.push_back(to_json(item));
    return out;
  }
  if (!node.IsDefined() || node.IsNull()) return nullptr;
  const std::string text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "true" || text == "false") return text == "true";
  static const std::regex whole("[-+]?[0-9]+"),
      real("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  if (std::regex_match(text, whole)) return std::stol(text);
  if (std::regex_match(text, real)) return std::stod(text);
  return text;
}

class JsonSchema {
 public:
  explicit JsonSchema(Json root) : root_(std::move(root)) {}

  /// "" when the value is valid, else the path of the first mismatch.
  std::string validate(const Json& value) const { return check(root_, value, "$"); }

 private:
  std::string check(const Json& schema, const Json& value, const std::string& at) const {
    for (const auto& [keyword, rule] : schema.items()) {
      const std::string problem = apply(keyword, rule, schema, value, at);
      if (!problem.empty()) return problem;
    }
    return "";
  }

  std::string apply(const std::string& keyword, const Json& rule, const Json& schema,
                    const Json& value, const std::string& at) const {
    static const std::set<std::string> notes{"$schema", "title", "description", "$defs"};
    if (notes.count(keyword) > 0) return "";
    if (keyword == "type") return has_type(rule, value) ? "" : at + ": type";
    if (keyword == "enum") return has_word(rule, value) ? "" : at + ": enum";
    if (keyword == "$ref") return check(resolve(rule), value, at);
    if (keyword == "anyOf") return any_of(rule, value, at);
    if (keyword == "pattern") return matches(rule, value) ? "" : at + ": pattern";
    if (keyword == "minimum") return !value.is_number() || value >= rule ? "" : at + ": minimum";
    if (keyword == "maximum") return !value.is_number() || value <= rule ? "" : at + ": maximum";
    if (keyword == "minItems") return !value.is_array() || value.size() >= rule ? "" : at + ": few";
    if (keyword == "maxItems")
      return !value.is_array() || value.size() <= rule ? "" : at + ": many";
    if (keyword == "required") return required(rule, value, at);
    if (keyword == "properties" || keyword == "additionalProperties") {
      return keyword == "properties" ? properties(rule, value, at)
                                     : others(rule, schema, value, at);
    }
    if (keyword == "items" || keyword == "prefixItems") return items(keyword, rule, value, at);
    throw std::runtime_error("the validator does not know " + keyword);
  }

  static bool has_word(const Json& rule, const Json& value) {
    return std::find(rule.begin(), rule.end(), value) != rule.end();
  }
  static bool has_type(const Json& rule, const Json& value) {
    if (rule.is_array()) {
      return std::any_of(rule.begin(), rule.end(),
                         [&](const Json& one) { return has_type(one, value); });
    }
    const std::string type = rule;
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "number" && value.is_number()) || (type == "null" && value.is_null());
  }
  const Json& resolve(const std::string& reference) const {
    return root_.at(Json::json_pointer(reference.substr(1)));
  }
  std::string any_of(const Json& rule, const Json& value, const std::string& at) const {
    std::string all;
    for (const auto& option : rule) {
      const std::string problem = check(option, value, at);
      if (problem.empty()) return "";
      all += " " + problem;
    }
    return at + ": none of (" + all + " )";
  }
  static bool matches(const std::string& pattern, const Json& value) {
    return !value.is_string() || std::regex_search(value.get<std::string>(), std::regex(pattern));
  }
  static std::string required(const Json& rule, const Json& value, const std::string& at) {
    for (const std::string key : rule) {
      if (value.is_object() && !value.contains(key)) return at + ": missing " + key;
    }
    return "";
  }
  std::string properties(const Json& rule, const Json& value, const std::string& at) const {
    if (!value.is_object()) return "";
    for (const auto& [key, inner] : value.items()) {
      if (!rule.contains(key)) continue;
      const std::string problem = check(rule[key], inner, at + "." + key);
      if (!problem.empty()) return problem;
    }
    return "";
  }
  std::string others(const Json& rule, const Json& schema, const Json& value,
                     const std::string& at) const {
    if (!value.is_object()) return "";
    for (const auto& [key, inner] : value.items()) {
      if (schema.contains("properties") && schema["properties"].contains(key)) continue;
      if (rule == Json(false)) return at + ": unknown " + key;
      const std::string problem = check(rule, inner, at + "." + key);
      if (!problem.empty()) return problem;
    }
    return "";
  }
  std::string items(const std::string& keyword, const Json& rule, const Json& value,
                    const std::string& at) const {
    if (!value.is_array()) return "";
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool prefix = keyword == "prefixItems";
      if (prefix && i >= rule.size()) break;
      const std::string problem =
          check(prefix ? rule[i] : rule, value[i], at + "[" + std::to_string(i) + "]");
      if (!problem.empty()) return problem;
    }
    return "";
  }

  Json root_;
};

}  // namespace thermodose::test
