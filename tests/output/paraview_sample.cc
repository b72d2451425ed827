// Writes small results whose values are known in closed form, for the read-back by ParaView.
// Implements: DIR/{grid,hexahedra,axisymmetric}/fields.{h5,xdmf} with a temperature linear in
// space, whose value is known everywhere, and expected.json beside them (see
// scripts/check_fields.py). Usage: paraview_sample DIR
#include <algorithm>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "output/atomic_file.h"
#include "output/field_writer.h"
#include "output/results_writer.h"
#include "output/run_directory.h"
#include "output/summary.h"
#include "sample_geometry.h"

namespace thermodose::output_test {
namespace {

using Json = nlohmann::json;

/// 5 + 0.5 x - 0.25 y - 2.5 z + t / 100 degC, x in mm, t in s.
double temperature(const Vec3& mm, double time) {
  return 5 + 0.5 * mm[0] - 0.25 * mm[1] - 2.5 * mm[2] + time / 100;
}

Vec3 millimetres(const NodeGeometry& g, std::size_t i) {
  const Vec3 p = node_at(g, i);
  return {1000 * p[0], 1000 * p[1], 1000 * p[2]};
}

/// One probe along z, two thermocouples and the isotherms of the picture; the volumes are not those
/// of the fields.
RunSummary sample_summary(double time) {
  RunSummary s;
  s.case_title = "Sample of the tests";
  for (const double degc : {0.0, -20.0, -40.0}) {
    IsothermSummary i;
    i.time = time;
    i.temperature = degc + kZeroCelsius;
    i.volume = 1e-6 * (50 + degc);
    i.volume_error = 1e-8;
    i.extent = {0.01, 0.02, 0.03};
    s.isotherms.push_back(i);
  }
  ProbeSummary p;
  p.name = "probe";
  p.direction = {0, 0, 1};
  p.diameter = 0.003;
  p.active_length = 0.03;
  s.probes.push_back(p);
  for (const double x : {0.001, 0.004}) {
    ThermocoupleSummary t;
    t.name = x < 0.002 ? "wall" : "without_trace";
    t.position = {x, 0, 0.002};
    s.thermocouples.push_back(t);
  }
  return s;
}

/// What render.py reads of the resolved case: the freeze ends between the second and the third
/// field time, and the one region has a name.
constexpr const char* kCase =
    "protocol:\n"
    "  - probes: [probe]\n"
    "    start: 0 s\n"
    "    cycles: 1\n"
    "    steps:\n"
    "      - freeze: 100 s\n"
    "        power: 100 %\n"
    "      - passive_thaw: 20 s\n"
    "duration: 120 s\n"
    "regions:\n"
    "  - name: core\n";

/// 1 within a sphere about the middle of the domain, half as wide as its shortest edge.
std::vector<std::int32_t> sample_regions(const NodeGeometry& g) {
  Vec3 lower = node_at(g, 0);
  Vec3 upper = node_at(g, g.size() - 1);
  double shortest = 1e9;
  for (std::size_t d = 0; d < 3; ++d) {
    if (!g.axisymmetric || d != 1) shortest = std::min(shortest, upper[d] - lower[d]);
  }
  if (g.axisymmetric) lower[0] = -upper[0];
  std::vector<std::int32_t> ids(g.size());
  for (std::size_t i = 0; i < g.size(); ++i) {
    double square = 0;
    for (std::size_t d = 0; d < 3; ++d) {
      const double x = node_at(g, i)[d] - 0.5 * (lower[d] + upper[d]);
      square += x * x;
    }
    ids[i] = square < 0.0625 * shortest * shortest ? 1 : 0;
  }
  return ids;
}

Table sample_traces() {
  return {"traces",
          "",
          {{"time_s", "s", "", {0, 60, 120}},
           {"wall_degC", "degC", "", {37, 10, -5}},
           {"left_surface_degC", "degC", "", {37, -140, -140}}}};
}

/// Writes three steps on each of the meshes; the last step has t_min_degC besides.
void write_sample(const std::string& directory, const std::vector<NodeGeometry>& meshes,
                  const Vec3& probe) {
  const RunDirectory dir(directory);
  FieldWriter writer(dir.path());
  Json expected{{"tolerance", 1e-3}};
  double time = 0;
  std::vector<float> kelvin;
  for (const NodeGeometry& g : meshes) {
    const std::vector<std::int32_t> ids(g.size(), 2);
    writer.set_mesh(g, {{{"material_id", "1", "Tissue"}, ids, {"a", "b", "c"}},
                        {{"region_id", "1", "Region"}, sample_regions(g), {"background", "core"}}});
    kelvin.resize(g.size());
    for (int step = 0; step < 3; ++step, time += 60) {
      for (std::size_t i = 0; i < kelvin.size(); ++i)
        kelvin[i] = static_cast<float>(temperature(millimetres(g, i), time) + 273.15);
      writer.write_step(time,
                        {{{"temperature_degC", "degC", "Temperature"}, kelvin.data(), -273.15, 1}});
      expected["times_s"].push_back(time);
      expected["points"].push_back(g.size());
      const std::size_t cells = g.uniform
                                    ? std::size_t(g.nodes[0] - 1) * std::size_t(g.nodes[1] - 1) *
                                          std::size_t(g.nodes[2] - 1)
                                    : g.cells.size() / std::size_t(g.nodes_per_cell());
      expected["cells"].push_back(cells);
    }
  }
  time -= 60;
  writer.add_to_last_step(
      {{{"t_min_degC", "degC", "Lowest temperature"}, kelvin.data(), -274.15, 1}});
  writer.finish();

  const NodeGeometry& last = meshes.back();
  Vec3 lower = millimetres(last, 0);
  Vec3 upper = lower;
  double low = 1e9;
  double high = -1e9;
  for (std::size_t i = 0; i < last.size(); ++i) {
    const Vec3 p = millimetres(last, i);
    for (std::size_t d = 0; d < 3; ++d) {
      lower[d] = std::min(lower[d], p[d]);
      upper[d] = std::max(upper[d], p[d]);
    }
    low = std::min(low, temperature(p, time));
    high = std::max(high, temperature(p, time));
  }
  expected["bounds_mm"] = {lower[0], upper[0], lower[1], upper[1], lower[2], upper[2]};
  expected["ranges"] = {{"temperature_degC", {low, high}},
                        {"t_min_degC", {low - 1, high - 1}},
                        {"material_id", {2, 2}}};
  for (const double t : {time - 60, time}) {
    expected["values"].push_back({{"time_s", t},
                                  {"field", "temperature_degC"},
                                  {"point_mm", probe},
                                  {"value", temperature(probe, t)}});
  }
  write_file_atomically(dir.file("expected.json"), expected.dump(1));
  write_summary(dir.summary_json(), sample_summary(time));
  write_csv(dir.traces_csv(), sample_traces());
  write_file_atomically(dir.file("case.resolved.yaml"), kCase);
}

}  // namespace
}  // namespace thermodose::output_test

int main(int argc, char** argv) {
  using namespace thermodose::output_test;
  if (argc != 2) return 2;
  try {
    const std::string directory = argv[1];
    write_sample(directory + "/grid", {sample_grid()}, {-31.3, 17.2, 40.9});
    write_sample(directory + "/hexahedra", {sample_hexahedra(2), sample_hexahedra(5)},
                 {3.3, 0.7, 1.1});
    write_sample(directory + "/axisymmetric", {sample_axisymmetric(6, 20)}, {4.2, 0, 3.7});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return 0;
}
