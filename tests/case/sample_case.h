// Implements: a complete small case for the tests of the reader, and helpers around it.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "case/case_reader.h"

namespace thermodose::test {

/// A case that uses every section and no library.
inline const char* kSampleCase = R"(thermodose: 1
title: A sample
domain:
  box: {center: 0 0 10 mm, size: 100 80 60 mm}
  initial_temperature: 37 degC
  faces:
    all: {fixed: 37 degC}
    z_max: {convection: 25 W/m2/K, ambient: [[0 min, 25 degC], [2 min, 40 degC]]}
    z_min: {insulated: true}
tissue: soft
materials:
  soft:
    density: {value: 1050 kg/m3, spread: 2 %, source: made up}
    heat_capacity: 3600 J/kg/K
    conductivity: 0.5 W/m/K
    frozen_heat_capacity: 1900 J/kg/K
    frozen_conductivity: 2 W/m/K
    freezing: {linear: {solidus: -8 degC, liquidus: -1 degC, latent_heat: 250 kJ/kg}}
    perfusion: 40 mL/min/100g
    arterial_temperature: 37 degC
    metabolic_heat: 0 W/m3
  lump: {from: soft, conductivity: 0.6 W/m/K}
regions:
  - {name: core, shape: {sphere: {center: 0 0 0 mm, radius: 15 mm}}, tissue: lump}
devices:
  needle:
    diameter: 1.5 mm
    active_length: 20 mm
    law:
      surface_temperature:
        end_temperature: -140 degC
        fall: linear
        fall_time: 60 s
        off_temperature: 37 degC
probes:
  left: {device: needle, tip: -10 0 0 mm, direction: 0 0 2}
  right: {device: needle, tip: 10 0 0 mm, entry: 10 0 30 mm}
protocol:
  - probes: [left]
    steps:
      - {freeze: 10 min}
      - {passive_thaw: 3 min}
  - probes: [right]
    start: 1 min
    cycles: 2
    steps:
      - {freeze: 5 min, power: 80 %}
      - {active_thaw: 2 min, temperature: 20 degC}
dose: [temperature_extremes, {time_below: {temperature: -20 degC}}]
thermocouples: {behind: 0 -3 0 mm}
accuracy: 3 %
numerics: {engine: grid, cell_size: 1.25 mm, precision: double}
output: {fields_every: 1 min, isotherms: [0 degC, -40 degC]}
)";

/// `text` with the first `from` replaced by `to`; throws when it is not there.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("not in the sample: " + from);
  return text.replace(at, from.size(), to);
}

inline CaseSpec read_sample(const std::string& text, const ReadOptions& options = {}) {
  return read_case_text(text, "sample.yaml", options);
}

/// Every problem of a text, one line each; "" when it reads well.
inline std::string problems_of(const std::string& text, const ReadOptions& options = {}) {
  try {
    read_sample(text, options);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

/// A directory of its own that is removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "thermodose-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace thermodose::test
