// Implements: base/units.h.
#include "base/units.h"

#include <fmt/format.h>
#include <udunits2.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>

#include "base/error.h"
#include "base/text.h"

namespace thermodose::units {

namespace {

// Names offered to someone who misspelt a unit, and known dimensions with their SI unit.
const std::vector<std::string> kCommonUnits{
    "m",   "cm",  "mm",     "um",     "s",      "min",    "h",       "ms",  "degC", "K",
    "W",   "kW",  "mW",     "J",      "kJ",     "MJ",     "kg",      "g",   "mg",   "L",
    "mL",  "%",   "deg",    "radian", "Pa",     "V",      "A",       "ohm", "Hz",   "kHz",
    "MHz", "GHz", "m2",     "m3",     "mm2",    "mm3",    "percent", "cm2", "cm3",  "kPa",
    "S",   "mol", "minute", "hour",   "second", "degree", "HU"};

struct NamedDimension {
  const char* name;
  const char* unit;
};
constexpr NamedDimension kDimensions[] = {
    {"pure number", "1"},
    {"length", "m"},
    {"time", "s"},
    {"temperature", "K"},
    {"mass", "kg"},
    {"angle", "radian"},
    {"area", "m2"},
    {"volume", "m3"},
    {"rate", "1/s"},
    {"speed", "m/s"},
    {"power", "W"},
    {"power per kelvin", "W/K"},
    {"energy", "J"},
    {"density", "kg/m3"},
    {"thermal conductivity", "W/m/K"},
    {"change of thermal conductivity per kelvin", "W/m/K2"},
    {"specific heat capacity", "J/kg/K"},
    {"volumetric heat capacity", "J/m3/K"},
    {"energy per mass", "J/kg"},
    {"energy per volume", "J/m3"},
    {"power per volume", "W/m3"},
    {"power per mass", "W/kg"},
    {"power per area", "W/m2"},
    {"heat-transfer coefficient", "W/m2/K"},
    {"volumetric heat-transfer coefficient", "W/m3/K"},
    {"volume flow per mass", "m3/kg/s"},
    {"mass flow per volume", "kg/m3/s"},
    {"diffusivity", "m2/s"},
    {"volume flow", "m3/s"},
    {"mass flow", "kg/s"},
    {"temperature rate", "K/s"},
    {"inverse temperature", "1/K"},
    {"pressure", "Pa"},
    {"voltage", "V"},
    {"electric current", "A"},
    {"electric resistance", "ohm"},
    {"electric conductivity", "S/m"},
    {"electric charge", "C"},
    {"CT number", "HU"},
};

struct FreeUnit {
  void operator()(ut_unit* unit) const { ut_free(unit); }
};
using UnitPointer = std::unique_ptr<ut_unit, FreeUnit>;

/// The process-wide unit system. UDUNITS-2 keeps a global status, hence the lock.
struct System {
  std::mutex lock;
  std::unique_ptr<ut_system, void (*)(ut_system*)> system{nullptr, ut_free_system};
  std::map<std::string, Unit> cache;

  System() {
    ut_set_error_message_handler(ut_ignore);
    system.reset(ut_read_xml(nullptr));
    if (!system) throw IoError("cannot read the unit database of UDUNITS-2");
    // "deg" is missing in the database of UDUNITS-2.
    const UnitPointer degree(ut_parse(system.get(), "degree", UT_UTF8));
    ut_map_name_to_unit("deg", UT_ASCII, degree.get());
    // Grey values of a CT: a scale of their own, so that "300 %" is not taken for 3 HU.
    const UnitPointer hounsfield(ut_new_base_unit(system.get()));
    ut_map_name_to_unit("HU", UT_ASCII, hounsfield.get());
    ut_map_unit_to_symbol(hounsfield.get(), "HU", UT_ASCII);
  }
};

System& system() {
  static System the;
  return the;
}

ut_status add_basic(const ut_unit* unit, int power, Unit& out) {
  const char* symbol = ut_get_symbol(unit, UT_ASCII);
  out.powers.emplace_back(symbol != nullptr ? symbol : "?", power);
  return UT_SUCCESS;
}

ut_status visit_basic(const ut_unit* unit, void* arg) {
  return add_basic(unit, 1, *static_cast<Unit*>(arg));
}

ut_status visit_product(const ut_unit* /*unit*/, int count, const ut_unit* const* basic,
                        const int* powers, void* arg) {
  for (int i = 0; i < count; ++i) {
    if (powers[i] != 0) add_basic(basic[i], powers[i], *static_cast<Unit*>(arg));
  }
  return UT_SUCCESS;
}

ut_status visit_scaled(const ut_unit* /*unit*/, double scale, const ut_unit* underlying,
                       double offset, void* arg);
ut_status refuse_time(const ut_unit* /*unit*/, const ut_unit* /*time*/, double /*origin*/,
                      void* /*arg*/) {
  return UT_MEANINGLESS;
}
ut_status refuse_logarithm(const ut_unit* /*unit*/, double /*base*/, const ut_unit* /*reference*/,
                           void* /*arg*/) {
  return UT_MEANINGLESS;
}

constexpr ut_visitor kVisitor{visit_basic, visit_product, visit_scaled, refuse_time,
                              refuse_logarithm};

ut_status visit_scaled(const ut_unit* /*unit*/, double scale, const ut_unit* underlying,
                       double offset, void* arg) {
  auto& out = *static_cast<Unit*>(arg);
  // UDUNITS-2: value in underlying = scale * (value + offset). Outer layers come first.
  out.shift += out.scale * scale * offset;
  out.scale *= scale;
  return ut_accept_visitor(underlying, &kVisitor, arg);
}

/// Identifiers of a unit expression: "mL", "min", "kg".
std::vector<std::string> identifiers(const std::string& expression) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : expression + " ") {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalpha(u) || u >= 0x80 || c == '%' || c == '_') {
      word += c;
    } else if (!word.empty()) {
      out.push_back(word);
      word.clear();
    }
  }
  return out;
}

bool known(const std::string& word) {
  return UnitPointer(ut_parse(system().system.get(), word.c_str(), UT_UTF8)) != nullptr;
}

std::string unknown_message(const std::string& shown, const std::string& expression) {
  for (const auto& word : identifiers(expression)) {
    if (known(word)) continue;
    return "unknown unit " + text::quoted(word) +
           (word == shown ? "" : " in " + text::quoted(shown)) +
           text::did_you_mean(word, kCommonUnits);
  }
  return "cannot read the unit " + text::quoted(shown) + "; write it like W/m/K or mL/min/kg";
}

/// Only products and powers of units: no time origins, logarithms or offsets.
void require_plain(const std::string& shown) {
  static const std::string allowed = "/*^.-()% _";
  for (const char c : shown) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) || u >= 0x80 || allowed.find(c) != std::string::npos) continue;
    throw UnitError("cannot read the unit " + text::quoted(shown) + ": unexpected " +
                    text::quoted(std::string(1, c)));
  }
  for (const auto& word : identifiers(shown)) {
    for (const char* verb : {"since", "after", "from", "ref", "re", "lg", "ln", "lb", "log"}) {
      if (word == verb) throw UnitError("unknown unit " + text::quoted(shown));
    }
  }
}

/// "mL/min/100g" -> "mL/min/(100 g)": to UDUNITS-2 it would be "divided by 100, times gram".
std::string with_amounts(const std::string& shown) {
  const auto skip = [&](std::size_t from, const auto& is_wanted) {
    while (from < shown.size() && is_wanted(static_cast<unsigned char>(shown[from]))) ++from;
    return from;
  };
  const auto is_blank = [](unsigned char c) { return c == ' '; };
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; };
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  const auto is_power = [](unsigned char c) { return std::isdigit(c) != 0 || c == '^'; };
  std::string out;
  for (std::size_t at = 0; at < shown.size();) {
    out += shown[at];
    if (shown[at++] != '/') continue;
    const std::size_t number = skip(at, is_blank), number_end = skip(number, is_digit);
    const std::size_t unit = skip(number_end, is_blank), letters_end = skip(unit, is_letter);
    const std::size_t unit_end = skip(letters_end, is_power);
    if (number_end == number || letters_end == unit) continue;
    out += "(" + shown.substr(number, number_end - number) + " " +
           shown.substr(unit, unit_end - unit) + ")";
    at = unit_end;
  }
  return out;
}

Unit parse_new(const std::string& shown) {
  if (shown.size() > 100) throw UnitError("unknown unit " + text::quoted(shown));
  require_plain(shown);
  const std::string expression = with_amounts(shown);
  const UnitPointer unit(ut_parse(system().system.get(), expression.c_str(), UT_UTF8));
  if (!unit) throw UnitError(unknown_message(shown, expression));
  Unit out;
  if (ut_accept_visitor(unit.get(), &kVisitor, &out) != UT_SUCCESS || !(out.scale > 0) ||
      !std::isfinite(out.scale) || !std::isfinite(out.shift)) {
    throw UnitError("cannot use the unit " + text::quoted(shown));
  }
  std::sort(out.powers.begin(), out.powers.end());
  return out;
}

bool is_absolute(const Unit& unit) { return unit.shift != 0; }
bool is_temperature(const Unit& unit) {
  return unit.powers == std::vector<std::pair<std::string, int>>{{"K", 1}};
}

std::string expected(const Unit& target) {
  if (is_absolute(target)) return "a temperature such as '37 degC'";
  if (target.powers.empty()) {
    return target.text == "1" || target.text.empty() ? "a pure number"
                                                     : "a share such as '2 " + target.text + "'";
  }
  return dimension(target) + " in units such as " + target.text;
}

std::string hint(const Quantity& q, const Unit& target) {
  if (is_temperature(target) && (q.unit == "C" || q.unit == "Celcius" || q.unit == "c")) {
    return "; for degrees Celsius write degC";
  }
  if (is_temperature(target) && q.unit == "F") return "; for degrees Fahrenheit write degF";
  if (q.unit.find("mK") != std::string::npos) return "; mK is millikelvin: write W/m/K";
  return "";
}

/// `value`, a sum or product of terms up to `magnitude`, without the digits that rounding in
/// binary left: 15 significant digits of the magnitude are kept.
double decimal(double value, double magnitude) {
  constexpr int kDigits = 15;
  if (value == 0) return 0;  // not -0
  if (!std::isfinite(value) || !std::isfinite(magnitude)) return value;
  const auto exponent = [](double x) {
    return static_cast<int>(std::floor(std::log10(std::fabs(x))));
  };
  const int digits = kDigits - std::max(0, exponent(magnitude) - exponent(value));
  if (digits < 1) return 0;
  const std::string text = fmt::format("{:.{}e}", value, digits - 1);
  double out = value;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

}  // namespace

double Unit::to_si(double number) const {
  if (scale == 1 && shift == 0) return number;
  return decimal(scale * number + shift, std::max(std::fabs(scale * number), std::fabs(shift)));
}

double Unit::from_si(double si) const {
  if (scale == 1 && shift == 0) return si;
  return decimal((si - shift) / scale, std::max(std::fabs(si), std::fabs(shift)) / scale);
}

Unit parse_unit(const std::string& raw) {
  const std::string shown = text::trim(raw);
  if (shown.empty() || shown == "1") {
    Unit one;
    one.text = "1";
    return one;
  }
  System& s = system();
  const std::lock_guard<std::mutex> guard(s.lock);
  const auto found = s.cache.find(shown);
  if (found != s.cache.end()) return found->second;
  Unit unit = parse_new(shown);
  unit.text = shown;
  constexpr std::size_t kMostCached = 1000;
  if (s.cache.size() < kMostCached) s.cache.emplace(shown, unit);
  return unit;
}

bool same_dimension(const Unit& a, const Unit& b) { return a.powers == b.powers; }

std::string dimension(const Unit& unit) {
  const std::string si = si_unit(unit);
  for (const auto& d : kDimensions) {
    if (si == d.unit) return si == "1" ? d.name : fmt::format("{} ({})", d.name, si);
  }
  return "a quantity in " + si;
}

std::string si_unit(const Unit& unit) {
  for (const auto& d : kDimensions) {
    if (same_dimension(parse_unit(d.unit), unit)) return d.unit;
  }
  std::string out;
  for (const auto& [name, power] : unit.powers) {
    out += (out.empty() ? "" : " ") + name + (power == 1 ? "" : std::to_string(power));
  }
  return out;
}

std::string minus_hint(const std::string& text) {
  for (const char* dash : {"\xE2\x88\x92", "\xE2\x80\x93"}) {  // minus sign, en dash
    if (text.find(dash) != std::string::npos) return "; the minus sign is '-'";
  }
  return "";
}

Quantity split(const std::string& raw) {
  const std::string shown = text::trim(raw);
  const char* first = shown.data();
  const char* const last = first + shown.size();
  if (first != last && *first == '+' && first + 1 != last && first[1] != '-') ++first;
  double value = 0;
  const auto [end, error] = std::from_chars(first, last, value, std::chars_format::general);
  if (error == std::errc::result_out_of_range) {
    throw UnitError("the number " + text::quoted(shown) + " is too large or too small");
  }
  if (error != std::errc() || !std::isfinite(value)) {
    throw UnitError("found " + text::quoted(shown) + ", which is not a number" + minus_hint(shown));
  }
  std::string unit = text::trim(std::string(end, last));
  const auto starts_unit = [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return std::isalpha(u) || u >= 0x80 || c == '%' || c == '(' || c == '/';
  };
  const bool touching = end != last && *end != ' ' && *end != '\t';
  const bool hex = touching && (unit[0] == 'x' || unit[0] == 'X');
  const bool reciprocal = !touching && unit.rfind("1/", 0) == 0;  // "0.015 1/s"
  if (!unit.empty() && ((!starts_unit(unit[0]) && !reciprocal) || hex)) {
    throw UnitError("found " + text::quoted(shown) +
                    ": after the number there must be a unit, not " + text::quoted(unit));
  }
  if (!unit.empty() && unit[0] == '/') unit = "1" + unit;
  return {value, unit};
}

double number(const std::string& raw) {
  const Quantity q = split(raw);
  if (!q.unit.empty()) {
    throw UnitError("found " + text::quoted(text::trim(raw)) +
                    ", expected a number without a unit");
  }
  return q.number;
}

double to_si(const std::string& raw, const Unit& target) { return to_si(split(raw), target); }

double to_si(const Quantity& q, const Unit& target) {
  const std::string shown =
      text::quoted(text::exact(q.number) + (q.unit.empty() ? "" : " ") + q.unit);
  const bool pure = target.powers.empty() && target.scale == 1;
  if (q.unit.empty() && !pure) {
    throw UnitError("found the bare number " + shown + ", expected " + expected(target) +
                    ": the unit is missing");
  }
  const Unit unit = parse_unit(q.unit);
  if (!same_dimension(unit, target)) {
    throw UnitError("found " + shown + ", which is " + dimension(unit) + ", expected " +
                    expected(target) + hint(q, target));
  }
  if (is_absolute(unit) && !is_absolute(target)) {
    throw UnitError("found " + shown + ", expected a temperature difference: write it in K");
  }
  const double si = unit.to_si(q.number);
  if (!std::isfinite(si)) throw UnitError("the number " + shown + " is too large");
  return si;
}

}  // namespace thermodose::units
