// Implements: small cases as text through the real reader, short runs of them, and what the tests
// of the run room share.
#pragma once

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/types.h"
#include "case/case_reader.h"
#include "fem/thread_team.h"
#include "output/scratch.h"
#include "run/engine.h"
#include "run/model.h"
#include "run/plan.h"
#include "run/run.h"

namespace thermodose::run_test {

using output_test::Scratch;

inline double kelvin(double celsius) { return celsius + kZeroCelsius; }

/// A case in pieces. As it stands: a 40 mm cube at 37 degC, a needle with 10 mm active length in
/// its middle that freezes one minute and rests one minute, 17^3 nodes.
struct CaseText {
  std::string domain = "box: {center: 0 0 0 mm, size: 40 40 40 mm}";
  std::string initial = "37 degC";
  std::string faces = "all: {fixed: 37 degC}";
  std::string tissue = "soft";
  std::string materials;  ///< further entries, indented by two
  std::string regions = "[]";
  std::string devices;  ///< further entries, indented by two
  std::string probes = "{p: {device: needle, tip: 0 0 -5 mm, direction: 0 0 1}}";
  std::string protocol = "[{probes: [p], steps: [{freeze: 1 min}, {passive_thaw: 1 min}]}]";
  std::string dose = "[temperature_extremes]";
  std::string thermocouples = "{near: 4 0 0 mm}";
  std::string accuracy = "5 %";
  std::string numerics = "{cell_size: 2.5 mm, error_estimate: false}";
  std::string output = "{isotherms: [0 degC, -20 degC], traces_every: 5 s}";
  std::string more;  ///< further keys of the top level

  std::string text() const {
    const bool soft = tissue == "soft" || regions.find("soft") != std::string::npos;
    const bool needle = probes.find("needle") != std::string::npos;
    return "thermodose: 1\ntitle: small\ndomain:\n  " + domain +
           "\n  initial_temperature: " + initial + "\n  faces: {" + faces + "}\ntissue: " + tissue +
           "\n" + section("materials", (soft ? kSoft : "") + materials) +
           section("devices", (needle ? kNeedle : "") + devices) + "regions: " + regions +
           "\nprobes: " + probes + "\nprotocol: " + protocol + "\ndose: " + dose +
           "\nthermocouples: " + thermocouples + "\naccuracy: " + accuracy +
           "\nnumerics: " + numerics + "\noutput: " + output + "\n" + more;
  }

  static std::string section(const std::string& name, const std::string& entries) {
    return entries.empty() ? "" : name + ":\n" + entries;
  }

  /// The tissue of cases/cryo_ref.
  static constexpr const char* kSoft = R"(  soft:
    density: 1050 kg/m3
    heat_capacity: 3600 J/kg/K
    conductivity: 0.5 W/m/K
    frozen_heat_capacity: 1900 J/kg/K
    frozen_conductivity: 2 W/m/K
    freezing: {linear: {solidus: -8 degC, liquidus: -1 degC, latent_heat: 250 kJ/kg}}
    perfusion: 20 kW/m3/K
    arterial_temperature: 37 degC
    metabolic_heat: 0 W/m3
)";
  static constexpr const char* kNeedle = R"(  needle:
    diameter: 1.5 mm
    active_length: 10 mm
    law:
      surface_temperature:
        {end_temperature: -140 degC, fall: linear, fall_time: 30 s, off_temperature: 37 degC}
)";
};

inline ReadOptions library() {
  ReadOptions options;
  options.library = {std::string(THERMODOSE_SOURCE_DIR) + "/materials"};
  return options;
}

inline CaseSpec read(const CaseText& text) {
  return read_case_text(text.text(), "small.yaml", library());
}

/// A material without freezing, perfusion or heat of its own, with `lines` (each indented by four).
inline std::string plain_material(const std::string& name, const std::string& conductivity,
                                  const std::string& lines = "") {
  return "  " + name +
         ":\n    density: 1000 kg/m3\n    heat_capacity: 4000 J/kg/K\n    conductivity: " +
         conductivity + "\n    freezing: none\n" +
         (lines.find("perfusion") == std::string::npos ? "    perfusion: 0 W/m3/K\n" : "") +
         (lines.find("metabolic") == std::string::npos ? "    metabolic_heat: 0 W/m3\n" : "") +
         lines;
}

/// Runs a case into `scratch`; errors pass through.
inline RunSummary run_in(const Scratch& scratch, const CaseSpec& spec, int threads = 1,
                         std::function<void(const Progress&)> progress = {},
                         const std::atomic<bool>* stop = nullptr) {
  RunOptions options;
  options.directory = scratch.file("out");
  options.threads = threads;
  options.quiet = true;
  options.stop = stop;
  options.progress = std::move(progress);
  return run_case(spec, options);
}

inline RunSummary run(const CaseText& text, int threads = 1) {
  const Scratch scratch;
  return run_in(scratch, read(text), threads);
}

inline nlohmann::json summary_of(const Scratch& scratch) {
  return nlohmann::json::parse(scratch.read("out/summary.json"));
}

/// A case with its model, protocol and engine, as a pass has them.
template <class Real>
struct Assembly {
  explicit Assembly(CaseSpec the_spec, std::shared_ptr<ThreadTeam> team = nullptr)
      : spec(std::move(the_spec)),
        plan(make_plan(spec)),
        model(make_model(spec, 0.05)),
        schedule(make_schedule(model)),
        conditions(model, schedule),
        engine(make_engine<Real>(model, plan, conditions,
                                 team ? team : std::make_shared<ThreadTeam>(1))) {}
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  CaseSpec spec;
  Plan plan;
  Model model;
  Schedule schedule;
  CaseConditions conditions;
  Engine<Real> engine;
};

/// Volume of a level at a time, m3; fails the lookup with a throw.
inline const IsothermSummary& isotherm(const RunSummary& s, double time, double celsius) {
  for (const auto& i : s.isotherms)
    if (i.time == time && std::abs(i.temperature - kelvin(celsius)) < 1e-9) return i;
  throw std::runtime_error("no such isotherm");
}

}  // namespace thermodose::run_test
