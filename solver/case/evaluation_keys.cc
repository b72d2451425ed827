// The keys `perfusion_stops`, `targets` and `protect`, declared once.
// Implements: perfusion_stop_keys and evaluation_keys of case/case_draft.h.
#include "case/case_draft.h"

namespace thermodose {

namespace {

void criterion_keys(Keys& k, CriterionSpec& c) {
  k.real(key("below", "degC", "Treated where the tissue was below this at any time.")
             .range(-200, 37)
             .optional(),
         c.below);
  k.real(key("above", "degC", "Treated where the tissue was above this at any time.")
             .range(37, 200)
             .optional(),
         c.above);
  k.text(key("field", "",
             "A field of a dose model, such as cem43_min; needs at_least or at_most. Temperatures: "
             "below and above.")
             .optional(),
         c.field);
  const std::vector<std::string> units{"1", "min", "K", "K/min"};
  k.real_in(key("at_least", "min", "Treated where the field is this or more at the end.")
                .range(0, 1e30)
                .optional(),
            units, c.at_least);
  k.real_in(key("at_most", "min", "Treated where the field is this or less at the end.")
                .range(0, 1e30)
                .optional(),
            units, c.at_most);
}

void structure_keys(Keys& k, StructureSpec& s) {
  k.texts(key("region", "",
              "Regions or parts of the anatomy that it consists of, one or a list, as far as no "
              "other region covers them. Default: the one of its own name.")
              .optional(),
          s.regions);
  k.plugin(key("shape", "", "Where it is, instead of `region`: a shape that changes no tissue.")
               .optional(),
           "shape", s.shape_name, s.shape);
}

void criteria_keys(Keys& k, const char* help, std::vector<CriterionSpec>& criteria) {
  k.list(
      key("criteria", "", help).optional(), [&](std::size_t n) { criteria.resize(n); },
      [&] { return criteria.size(); },
      [&](Keys& one, std::size_t i) { criterion_keys(one, criteria[i]); });
}

}  // namespace

void perfusion_stop_keys(CaseVisitor& k, CaseDraft& d) {
  k.section(
      key("perfusion_stops", "",
          "Where damage stops perfusion and metabolic heat for good. Not given: they depend on the "
          "present temperature alone.")
          .optional(),
      &d.has_perfusion_stops, [&](Keys& stop) {
        PerfusionStopSpec& s = d.perfusion_stops;
        stop.text(key("field", "",
                      "A field of a dose model of the case, such as omega_microvascular; needs "
                      "one of law, at_least and at_most."),
                  s.field);
        stop.text(key("law", "",
                      "exponential: both go on with the share exp(-field) of the field omega of "
                      "an arrhenius model.")
                      .one_of({"exponential"})
                      .optional()
                      .source("microvascular stasis: simulation of University of Costa Rica 2021"),
                  s.law);
        const std::vector<std::string> units{"1", "min", "degC", "K/min"};
        stop.real_in(key("at_least", "1", "They stop where the field is this or more.")
                         .range(-200, 1e30)
                         .optional(),
                     units, s.at_least);
        stop.real_in(key("at_most", "1", "They stop where the field is this or less.")
                         .range(-200, 1e30)
                         .optional(),
                     units, s.at_most);
      });
}

void evaluation_keys(CaseVisitor& k, CaseDraft& d) {
  k.named(
      key("targets", "",
          "What is to be treated, by name: coverage, margins, residuals, overtreatment, verdict.")
          .optional(),
      d.target_names, [&](std::size_t n) { d.targets.resize(n); },
      [&](Keys& target, std::size_t i) {
        TargetSpec& t = d.targets[i];
        structure_keys(target, t.where);
        criteria_keys(target,
                      "What counts as treated; each is one of below, above and field. The verdict "
                      "follows from the first one. Default where probes freeze: below -40 degC.",
                      t.criteria);
        target.real(key("margin", "mm",
                        "Wanted all round the target: treated tissue farther out counts as "
                        "overtreated, and a treatment that reaches it everywhere as curative.")
                        .range(0, 100)
                        .optional()
                        .source("Wang et al. 2013, doi:10.1007/s00270-012-0377-1"),
                    t.margin);
      });
  k.named(
      key("protect", "",
          "What is to be spared, by name: extremes with place and time, time and volume outside a "
          "band of temperature.")
          .optional(),
      d.protect_names, [&](std::size_t n) { d.protect.resize(n); },
      [&](Keys& organ, std::size_t i) {
        ProtectSpec& p = d.protect[i];
        structure_keys(organ, p.where);
        organ.reals(key("keep", "degC",
                        "The band of temperature it stands, lower and upper: [10 degC, 45 degC] "
                        "is the default, for nerves.")
                        .range(-200, 200)
                        .optional()
                        .source("review of nerves beside ablations, PMC9246484"),
                    p.keep);
        criteria_keys(organ, "Doses of which its volume is told, as for targets.", p.criteria);
      });
}

}  // namespace thermodose
