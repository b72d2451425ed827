// Implements: dose model "cem43": cumulative equivalent minutes at 43 degC (Sapareto and Dewey,
// Int. J. Radiat. Oncol. Biol. Phys. 10:787, 1984),
//   CEM43 = int R^(43 degC - T) dt, min,   R = 0.5 from 43 degC on, 0.25 below.
// Within a step T is linear in time and the integral is in closed form on both sides of 43 degC.
//
// Other conventions break elsewhere (`breakpoint` T_b) and with other R; the rate stays continuous
// and 1 at 43 degC: R_below^(43 - T) up to T_b, R_below^(43 - T_b) R_above^(T_b - T) from there on,
// and the same with the sides exchanged where T_b is below 43 degC. (Sapareto and Dewey let their
// program alter both.)
//
// Limits. The law holds for some 2 to 15 K above body temperature (Dewhirst et al. 2003). Below
// `counts_from` nothing counts; at the default, 37 degC, what is left out is less than 0.015 min
// per hour. Above `held_above` the rate stays what it is there; at the default, 100 degC, that is
// 2^57, so that nothing overflows.
#include "dose/cem43.h"

#include <cmath>

#include "base/registry.h"
#include "base/text.h"

namespace thermodose {

void Cem43::keys(Keys& k) {
  k.real(key("counts_from", "degC",
             "Below this nothing counts; at 37 degC that leaves out less than 0.015 min per "
             "hour.")
             .range(0, 43)
             .optional(),
         floor_);
  k.real(key("held_above", "degC",
             "Above this the rate stays what it is there; the law is doubtful more than 15 K "
             "above body temperature.")
             .range(43, 150)
             .optional()
             .source("range of the law: Dewhirst et al. 2003"),
         ceiling_);
  const char* source = "Sapareto and Dewey 1984";
  k.real(key("breakpoint", "degC", "Where R changes from r_below to r_above.")
             .range(38, 48)
             .optional()
             .source(source),
         breakpoint_);
  k.real(
      key("r_above", "1", "R from the breakpoint on.").range(0.05, 0.99).optional().source(source),
      above_);
  k.real(key("r_below", "1", "R below the breakpoint.").range(0.05, 0.99).optional().source(source),
         below_);
}

// Below the break cells acquire tolerance while they are heated: a kelvin costs more of the rate.
std::vector<std::string> Cem43::check() const {
  if (above_ >= below_) return {};
  return {"r_above: found " + text::number(above_) + ", expected at least r_below (" +
          text::number(below_) +
          "): R is larger from the breakpoint on, such as 0.5 against 0.25 below; are the two "
          "exchanged?"};
}

void Cem43::start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
                  const std::vector<NodeRun>& all, EnthalpyView initial, double time) {
  const double at = breakpoint_ - kZeroCelsius, hot = -std::log(above_), mild = -std::log(below_);
  dose::Equivalence rate;
  rate.breakpoint = static_cast<float>(at);
  rate.hot = static_cast<float>(hot);
  rate.mild = static_cast<float>(mild);
  // 43 degC lies on the mild side of a higher break.
  rate.scale = static_cast<float>(std::exp((at > 43 ? mild : hot) * (at - 43)) / 60);
  minutes_.start(rate, nodes, laws, all, initial, time, floor_, ceiling_);
}

void Cem43::advance(const DoseStep& step) { minutes_.advance(step); }

std::vector<DoseField> Cem43::fields() const {
  return {{"cem43_min", "min", "Cumulative equivalent minutes at 43 degC."}};
}

std::vector<float> Cem43::values(std::size_t /*index*/, double time) const {
  return minutes_.values(time, [](double minutes) { return minutes; });
}

void Cem43::look(std::size_t /*index*/, double /*time*/, const std::vector<NodeRun>& runs,
                 std::vector<float>& field) const {
  minutes_.look(runs, field, [](double minutes) { return minutes; });
}

namespace {

THERMODOSE_REGISTER("dose", "cem43", Cem43,
                    "Cumulative equivalent minutes at 43 degC, R = 0.5 from 43 degC on and 0.25 "
                    "below (Sapareto and Dewey 1984).");

}  // namespace
}  // namespace thermodose
