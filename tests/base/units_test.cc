// Implements: tests of base/units.h.
#include "base/units.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

namespace thermodose::units {
namespace {

double si(const std::string& text, const std::string& target) {
  return to_si(text, parse_unit(target));
}

/// The message of the error that `text` gives, "" when it gives none.
std::string complaint(const std::string& text, const std::string& target) {
  try {
    to_si(text, parse_unit(target));
  } catch (const UnitError& e) {
    return e.what();
  }
  return "";
}

struct Conversion {
  const char *text, *target;
  double si;
};

std::ostream& operator<<(std::ostream& out, const Conversion& c) { return out << c.text; }

class Converts : public ::testing::TestWithParam<Conversion> {};

TEST_P(Converts, ToSi) {
  const auto& c = GetParam();
  EXPECT_NEAR(si(c.text, c.target), c.si, 1e-14 * std::fabs(c.si)) << c.text;
}

INSTANTIATE_TEST_SUITE_P(
    Quantities, Converts,
    ::testing::Values(
        Conversion{"15 mm", "mm", 0.015}, Conversion{"1.5 cm", "mm", 0.015},
        Conversion{"10 min", "s", 600}, Conversion{"0.5 h", "min", 1800},
        Conversion{"-140 degC", "degC", 133.15},
        Conversion{"37 \xc2\xb0"
                   "C",
                   "degC", 310.15},
        Conversion{"133.15 K", "degC", 133.15}, Conversion{"98.6 degF", "degC", 310.15},
        Conversion{"0.3 K", "K", 0.3}, Conversion{"2 %", "%", 0.02}, Conversion{"50%", "1", 0.5},
        Conversion{"3", "1", 3}, Conversion{"0.5 W/m/K", "W/m/K", 0.5},
        Conversion{"0.5 W/(m K)", "W/m/K", 0.5}, Conversion{"0.5 W/m/degC", "W/m/K", 0.5},
        Conversion{"20 kW/m3/K", "W/m3/K", 2e4},
        Conversion{"860 mL/min/kg", "mL/min/kg", 860e-6 / 60},
        Conversion{"86 mL/min/100g", "mL/min/kg", 860e-6 / 60},
        Conversion{"86 mL/min/100 g", "mL/min/kg", 860e-6 / 60},
        Conversion{"86 mL/100g/min", "mL/min/kg", 860e-6 / 60},
        Conversion{"0.5 kg/m3/s", "kg/m3/s", 0.5}, Conversion{"0.015 1/s", "1/s", 0.015},
        Conversion{"0 1/s", "1/s", 0}, Conversion{"250 kJ/kg", "kJ/kg", 2.5e5},
        Conversion{"250 MJ/m3", "MJ/m3", 2.5e8}, Conversion{"0.0017 W/m/K2", "W/m/K2", 0.0017},
        Conversion{"25 W/m2/K", "W/m2/K", 25}, Conversion{"25 W m-2 K-1", "W/m2/K", 25},
        Conversion{"3 \xc2\xb5m", "mm", 3e-6}, Conversion{"90 deg", "deg", std::acos(0.)},
        Conversion{"+1e-3 m", "mm", 1e-3}, Conversion{".5 m", "mm", 0.5},
        Conversion{"  7   mm ", "mm", 0.007}, Conversion{"1 kcal", "J", 4186.8},
        Conversion{"1 W/10cm2", "W/m2", 1000}, Conversion{"1 W/10 cm^2/K", "W/m2/K", 1000},
        Conversion{"10 W/kg", "W/kg", 10}, Conversion{"1 g/mL", "kg/m3", 1000}));

struct Refusal {
  const char *text, *target, *message;
};

std::ostream& operator<<(std::ostream& out, const Refusal& r) { return out << r.text; }

class Refuses : public ::testing::TestWithParam<Refusal> {};

TEST_P(Refuses, WithTheMessage) {
  EXPECT_EQ(complaint(GetParam().text, GetParam().target), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Quantities, Refuses,
    ::testing::Values(
        Refusal{"15", "mm",
                "found the bare number '15', expected length (m) in units such as mm: the unit is "
                "missing"},
        Refusal{"37", "degC",
                "found the bare number '37', expected a temperature such as '37 degC': the unit is "
                "missing"},
        Refusal{
            "0.02", "%",
            "found the bare number '0.02', expected a share such as '2 %': the unit is missing"},
        Refusal{"15 mn", "mm", "unknown unit 'mn'; did you mean 'm'?"},
        Refusal{"15 Kelvni", "K", "unknown unit 'Kelvni'"},
        Refusal{"3 mins", "min", "unknown unit 'mins'; did you mean 'min'?"},
        Refusal{"860 mL/mni/kg", "mL/min/kg",
                "unknown unit 'mni' in 'mL/mni/kg'; did you mean 'min'?"},
        Refusal{"10 s", "mm",
                "found '10 s', which is time (s), expected length (m) in units such as mm"},
        Refusal{"37 C", "degC",
                "found '37 C', which is electric charge (C), expected a temperature such as '37 "
                "degC'; for degrees Celsius write degC"},
        Refusal{"0.5 W/mK", "W/m/K",
                "found '0.5 W/mK', which is power per kelvin (W/K), expected thermal conductivity "
                "(W/m/K) "
                "in units such as W/m/K; mK is millikelvin: write W/m/K"},
        Refusal{"0.3 degC", "K",
                "found '0.3 degC', expected a temperature difference: write it in K"},
        Refusal{"nan mm", "mm", "found 'nan mm', which is not a number"},
        Refusal{"inf mm", "mm", "found 'inf mm', which is not a number"},
        Refusal{"1e999 mm", "mm", "the number '1e999 mm' is too large or too small"},
        Refusal{"1e308 Gm", "mm", "the number '1e+308 Gm' is too large"},
        Refusal{"0x10 mm", "mm",
                "found '0x10 mm': after the number there must be a unit, not 'x10 mm'"},
        Refusal{"1,5 mm", "mm",
                "found '1,5 mm': after the number there must be a unit, not ',5 mm'"},
        Refusal{"10 20 mm", "mm",
                "found '10 20 mm': after the number there must be a unit, not '20 mm'"},
        Refusal{"- 5 mm", "mm", "found '- 5 mm', which is not a number"},
        Refusal{"+-5 mm", "mm", "found '+-5 mm', which is not a number"},
        Refusal{"ten mm", "mm", "found 'ten mm', which is not a number"},
        Refusal{"", "mm", "found '', which is not a number"},
        Refusal{"5 mm;", "mm", "cannot read the unit 'mm;': unexpected ';'"},
        Refusal{"5 mm @ 3", "mm", "cannot read the unit 'mm @ 3': unexpected '@'"},
        Refusal{"5 days since 2000-01-01", "s", "unknown unit 'days since 2000-01-01'"},
        Refusal{"5 m/0", "mm", "cannot read the unit 'm/0'; write it like W/m/K or mL/min/kg"},
        Refusal{"50 %", "deg",
                "found '50 %', which is pure number, expected angle (radian) in "
                "units such as deg"},
        Refusal{"3 mm", "1", "found '3 mm', which is length (m), expected a pure number"}));

TEST(Units, SiUnitsAreReadableAndCoherent) {
  for (const char* unit : {"mm", "mL/min/kg", "kJ/kg", "MJ/m3", "degC", "W/m/K2", "kW/m3/K", "%",
                           "deg", "min", "m3/s2", "kg2/A"}) {
    const Unit own = parse_unit(unit);
    const Unit coherent = parse_unit(si_unit(own));
    EXPECT_TRUE(same_dimension(own, coherent)) << unit;
    EXPECT_EQ(coherent.scale, 1) << unit;
    EXPECT_EQ(coherent.shift, 0) << unit;
  }
  EXPECT_EQ(si_unit(parse_unit("mW/cm/degC")), "W/m/K");
  EXPECT_EQ(dimension(parse_unit("mW/cm/degC")), "thermal conductivity (W/m/K)");
}

TEST(Units, ConvertBack) {
  EXPECT_NEAR(parse_unit("degC").from_si(310.15), 37, 1e-12);
  EXPECT_NEAR(parse_unit("mm").from_si(0.015), 15, 1e-13);
  EXPECT_NEAR(parse_unit("degF").from_si(310.15), 98.6, 1e-12);
}

TEST(Units, AngleIsNoPureNumber) {
  EXPECT_FALSE(same_dimension(parse_unit("deg"), parse_unit("%")));
  EXPECT_TRUE(same_dimension(parse_unit(""), parse_unit("%")));
}

TEST(Units, MayBeUsedFromSeveralThreads) {
  std::vector<std::thread> threads;
  std::vector<int> good(4, 0);
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([t, &good] {
      for (int i = 0; i < 200; ++i) {
        const std::string unit = "m" + std::to_string(1 + (i + static_cast<int>(t)) % 50);
        if (parse_unit(unit).scale == 1 && si("5 mm", "m") == 0.005) ++good[t];
        if (complaint("5 nonsense", "m").empty()) good[t] = -1000;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : good) EXPECT_EQ(count, 200);
}

}  // namespace
}  // namespace thermodose::units
