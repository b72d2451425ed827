// Implements: tests of bone that grey values scale, on both engines: laws of grades, steady heat
// through a ramp against its integral, storage and sources against their sums, the ends, volumes
// and fields.
#include "geometry/bone_scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "geometry/image_io.h"
#include "output/h5_read.h"
#include "run/graded.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

constexpr double kLow = 100, kHigh = 1300;  // HU

/// Fraction of cortical bone along x in mm.
using Fraction = std::function<double(double)>;

double ramp(double x) { return (x + 10) / 20; }

ImageGrid box_grid(const Vec3& spacing, const std::array<int, 3>& size) {
  ImageGrid g;
  g.spacing = spacing;
  g.size = size;
  g.axes = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  for (std::size_t d = 0; d < 3; ++d) g.origin[d] = -0.5 * (size[d] - 1) * spacing[d];
  return g;
}

/// Bone in |x| <= 10 mm and around (label 1), and beyond a plane (label 2) where there is one.
struct Slab {
  Fraction fraction = ramp;
  std::string grades = "64";
  std::string engine = "grid";
  std::string cell;  ///< by default, cells of 1.25 mm; an octree without needles is of its coarsest
  std::string conductivity = "3 W/m/K";  ///< of cortical bone; of cancellous 1 W/m/K
  std::string label_tissue = "bone_cancellous";
  std::string plane;  ///< "x > 3.1": what lies there is no bone
  bool with_ct = true;

  CaseText text(const Scratch& dir) const {
    write_files(dir);
    const std::string size = !cell.empty() ? cell : engine == "grid" ? "1.25 mm" : "0.15625 mm";
    CaseText c;
    c.tissue = "bone_cancellous";
    c.materials = plain_material("bone_cancellous", "1 W/m/K",
                                 "    perfusion: 8 kW/m3/K\n    arterial_temperature: 37 degC\n"
                                 "    metabolic_heat: 400 W/m3\n") +
                  dense("bone_cortical") + plain_material("other", "0.4 W/m/K");
    c.domain = "box: {center: 0 0 0 mm, size: 20 5 5 mm}";
    c.probes = "{}";
    c.protocol = "[]";
    c.thermocouples = "{end: 10 0 0 mm, middle: 0 0 0 mm}";
    c.numerics = "{engine: " + engine + ", cell_size: " + size + ", error_estimate: false}";
    c.output = "{isotherms: [0 degC], images: none}";
    c.more = "duration: 10 s\nanatomy:\n  labels:\n    file: " + dir.file("labels.nrrd") +
             "\n    frame: LPS\n    overrides:\n      1: {name: bone, tissue: " + label_tissue +
             "}\n      2: {name: soft, tissue: other}\n" +
             (with_ct ? "    ct: {file: " + dir.file("ct.nrrd") +
                            ", cancellous: 100 HU, cortical: 1300 HU, grades: " + grades + "}\n"
                      : "");
    return c;
  }

 private:
  std::string dense(const std::string& name) const {
    return "  " + name + ":\n    density: 2000 kg/m3\n    heat_capacity: 1250 J/kg/K\n" +
           "    conductivity: " + conductivity +
           "\n    freezing: none\n    perfusion: 2 kW/m3/K\n    arterial_temperature: 37 degC\n" +
           "    metabolic_heat: 100 W/m3\n";
  }
  // Voxels of the CT are half as large as cells of 1.25 mm, and their faces are on those of cells.
  void write_files(const Scratch& dir) const {
    const ImageGrid labels = box_grid({0.5, 0.5, 0.5}, {48, 12, 12});
    std::vector<std::uint8_t> voxels;
    for (std::size_t n = 0; n < labels.voxels(); ++n) {
      const double x = labels.origin[0] + 0.5 * static_cast<double>(n % 48);
      voxels.push_back(!plane.empty() && x > 3.1 ? 2 : 1);
    }
    write_image(dir.file("labels.nrrd"), labels, voxels, "labels");
    const ImageGrid ct = box_grid({0.625, 2, 3}, {38, 3, 4});
    std::vector<float> hu;
    for (std::size_t n = 0; n < ct.voxels(); ++n) {
      const double x = ct.origin[0] + 0.625 * static_cast<double>(n % 38);
      hu.push_back(static_cast<float>(kLow + (kHigh - kLow) * fraction(x)));
    }
    write_image(dir.file("ct.nrrd"), ct, hu, "HU");
  }
};

/// Heat through 20 mm between 20 degC and, over 200 W/m2/K, 60 degC, when it is steady, W/m2.
double steady_flux(Slab slab, const Scratch& dir) {
  CaseText c = slab.text(dir);
  for (const std::string word : {"    perfusion: 8 kW/m3/K\n", "    metabolic_heat: 400 W/m3\n",
                                 "    perfusion: 2 kW/m3/K\n", "    metabolic_heat: 100 W/m3\n"}) {
    const auto at = c.materials.find(word);
    const auto colon = word.find(": ");
    c.materials.replace(
        at, word.size(),
        word.substr(0, colon) + ": 0 W/m3" + (word.find("perf") != word.npos ? "/K\n" : "\n"));
  }
  c.faces =
      "all: {insulated: true}, x_min: {fixed: 20 degC}, "
      "x_max: {convection: 200 W/m2/K, ambient: 60 degC}";
  c.initial = "40 degC";
  c.more.replace(c.more.find("10 s"), 4, "40 min");
  return 200 * (kelvin(60) - run_in(dir, read(c)).thermocouples[0].final);
}

double flux_of(double resistance) { return 40 / (resistance + 1.0 / 200); }

// k(x) = 1 + 2 f W/m/K: int dx/k = L ln(3) / 2.
TEST(BoneScaleRun, SteadyHeatThroughARampIsThatOfItsIntegral) {
  const double exact = flux_of(20e-3 * std::log(3.0) / 2);
  for (const char* engine : {"grid", "mesh"}) {
    const Scratch dir;
    Slab slab;
    slab.engine = engine;
    // Cells of 1/16: their means are multiples of 1/64, so that only cells make an error.
    EXPECT_NEAR(steady_flux(slab, dir), exact, 1e-3 * exact) << engine;
  }
}

// With few grades every cell conducts as its grade; the error is below half a step of k, and what
// is rounded up and down nearly cancels.
TEST(BoneScaleRun, FewGradesErrByLessThanHalfAStep) {
  const double exact = flux_of(20e-3 * std::log(3.0) / 2);
  for (const int grades : {2, 4, 8}) {
    double resistance = 0;
    for (int i = 0; i < 16; ++i) {
      const double f = std::floor((i + 0.5) / 16 * grades + 0.5) / grades;
      resistance += 1.25e-3 / (1 + 2 * f);
    }
    for (const char* engine : {"grid", "mesh"}) {
      const Scratch dir;
      Slab slab;
      slab.engine = engine;
      slab.grades = std::to_string(grades);
      const double flux = steady_flux(slab, dir);
      EXPECT_NEAR(flux, flux_of(resistance), 2e-4 * exact) << engine << " " << grades;
      // |dk| <= (3 - 1) / (2 grades) of k >= 1.
      EXPECT_LT(std::abs(flux / exact - 1), 1.0 / grades) << engine << " " << grades;
    }
  }
}

/// Sum over nodes of volume times a property of their laws.
template <class Property>
double sum_of(const Assembly<double>& a, const Property& property) {
  double sum = 0;
  for (const auto& run : a.engine.system->all_runs())
    for (std::size_t n = run.begin; n < run.end; ++n)
      sum += a.engine.system->volume(n) *
             property(a.engine.system->laws()[static_cast<std::size_t>(run.law)]);
  return sum;
}

// Storage and sources are linear in the fraction: over a whole ramp they are those of its mean.
TEST(BoneScaleRun, StorageAndSourcesAreThoseOfTheFractions) {
  for (const char* engine : {"grid", "mesh"}) {
    const Scratch dir;
    Slab slab;
    slab.engine = engine;
    const Assembly<double> a(read(slab.text(dir)));
    const double volume = 20e-3 * 5e-3 * 5e-3;
    const auto capacity = [](const SegmentLaw& l) {
      return l.enthalpy(kelvin(30)) - l.enthalpy(kelvin(29));
    };
    const auto source = [](const SegmentLaw& l) { return l.source(l.enthalpy(kelvin(27))); };
    EXPECT_NEAR(sum_of(a, capacity), volume * (4e6 + 2.5e6) / 2, 1e-9 * volume * 4e6) << engine;
    EXPECT_NEAR(sum_of(a, source), volume * (80e3 + 400 + 20e3 + 100) / 2, 1e-6 * volume * 1e5)
        << engine;
  }
}

// Freezing bone, from the library: H, theta and S of every grade are the sums of its ends.
TEST(BoneScaleRun, LawsOfGradesAreMixtures) {
  const Scratch dir;
  Slab slab;
  slab.grades = "8";
  CaseText c = slab.text(dir);
  c.materials = plain_material("other", "0.4 W/m/K");
  const CaseSpec spec = read(c);
  const Model m = make_model(spec, 0.05);
  ASSERT_EQ(m.grade_law.size(), 9U);
  const SegmentLaw& low = m.laws[static_cast<std::size_t>(m.grade_law.front())];
  const SegmentLaw& high = m.laws[static_cast<std::size_t>(m.grade_law.back())];
  EXPECT_EQ(low.material, "bone_cancellous");
  EXPECT_EQ(high.material, "bone_cortical");
  for (int n = 0; n <= 8; ++n) {
    const double f = n / 8.0;
    const SegmentLaw& law = m.laws[static_cast<std::size_t>(m.grade_law[std::size_t(n)])];
    for (const double celsius : {-120.0, -30.0, -8.0, -4.5, -1.0, 10.0, 37.0, 60.0}) {
      const auto mean = [&](const std::function<double(const SegmentLaw&)>& of) {
        return (1 - f) * of(low) + f * of(high);
      };
      const double t = kelvin(celsius), h = law.enthalpy(t);
      const double enthalpy = mean([&](const auto& l) { return l.enthalpy(t); });
      const double theta = mean([&](const auto& l) { return l.kirchhoff(l.enthalpy(t)); });
      const double source = mean([&](const auto& l) { return l.source(l.enthalpy(t)); });
      EXPECT_NEAR(h, enthalpy, 1e-3 * std::abs(enthalpy) + 1) << n << " " << celsius;
      EXPECT_NEAR(law.kirchhoff(h), theta, 1e-3 * std::abs(theta) + 1e-3) << n << " " << celsius;
      EXPECT_NEAR(law.source(h), source, 1e-3 * std::abs(source) + 1) << n << " " << celsius;
    }
    EXPECT_EQ(m.graded_law(f), m.grade_law[std::size_t(n)]);
    EXPECT_EQ(m.graded_law(std::max(0.0, f - 0.0624)), m.grade_law[std::size_t(n)]);
    EXPECT_EQ(m.graded_law(std::min(1.0, f + 0.0624)), m.grade_law[std::size_t(n)]);
  }
}

// Where every voxel is below or above the thresholds, the run is that of the plain tissue.
TEST(BoneScaleRun, AtTheEndsItIsThePlainTissue) {
  for (const char* engine : {"grid", "mesh"}) {
    for (const double f : {-0.2, 1.7}) {
      const Scratch dir;
      Slab scaled;
      scaled.engine = engine;
      scaled.grades = "8";
      scaled.plane = "x > 3.1";
      scaled.fraction = [f](double) { return f; };
      Slab plain = scaled;
      plain.with_ct = false;
      plain.label_tissue = f < 0 ? "bone_cancellous" : "bone_cortical";
      const auto final = [&](const Slab& slab) {
        CaseText c = slab.text(dir);
        c.faces = "all: {insulated: true}, x_min: {fixed: 20 degC}, x_max: {fixed: 60 degC}";
        c.more.replace(c.more.find("10 s"), 4, "2 min");
        const RunSummary s = run_in(dir, read(c));
        return std::pair(s.thermocouples[1].final, s.energy.stored);
      };
      const auto [with, with_stored] = final(scaled);
      const auto [without, without_stored] = final(plain);
      EXPECT_NEAR(with, without, 1e-4) << engine << " " << f;
      EXPECT_NEAR(with_stored, without_stored, 1e-5 * std::abs(without_stored)) << engine;
      EXPECT_GT(std::abs(without - kelvin(37)), 0.01) << "something happened";
    }
  }
}

// Bone that ends inside of cells: its region keeps its volume, and the cortical bone of all nodes
// adds up to that of the voxels in it.
TEST(BoneScaleRun, RegionsKeepTheirVolumesAndCorticalBoneAddsUp) {
  const Scratch dir;
  Slab slab;
  slab.plane = "x > 3.1";
  const Assembly<double> a(read(slab.text(dir)));
  slab.with_ct = false;
  const Assembly<double> plain(read(slab.text(dir)));
  ASSERT_EQ(a.engine.region_volume.size(), 2U);
  EXPECT_EQ(a.engine.region_volume, plain.engine.region_volume);
  EXPECT_EQ(a.engine.node_region, plain.engine.node_region);
  EXPECT_TRUE(plain.model.law_shares.empty());
  double cortical = 0;
  for (const auto& run : a.engine.system->all_runs())
    for (const auto& [tissue, share] : a.engine.law_shares[static_cast<std::size_t>(run.law)])
      if (tissue == a.model.grade_law.back())
        for (std::size_t n = run.begin; n < run.end; ++n)
          cortical += share * a.engine.system->volume(n);
  // Labels end at x = 3 mm: the voxel with its centre at 3.25 is beyond. int f dx = 13^2 / 40 mm.
  const double exact = 13.0 * 13.0 / 40 * 1e-3 * 25e-6;
  // Shares of mixed nodes are rounded to eighths of their volume.
  EXPECT_NEAR(cortical, exact, 0.01 * exact);
}

// Cells of an octree that are larger than its finest, and than the voxels.
TEST(BoneScaleRun, LargeCellsHaveTheMeanOfTheirVoxels) {
  const Scratch dir;
  Slab slab;
  slab.engine = "mesh";
  slab.fraction = [](double x) { return static_cast<long>(std::floor(x / 0.625)) % 2 == 0; };
  slab.cell = "2.5 mm";
  const Assembly<double> a(read(slab.text(dir)));
  const Vec3 half{1.25e-3, 1.25e-3, 1.25e-3};
  EXPECT_NEAR(mean_fraction(a.model, {Vec3{} - half, half}, false), 0.5, 1e-4);
  for (const auto& run : a.engine.system->all_runs())
    EXPECT_EQ(run.law, a.model.grade_law[32]) << "half of the voxels are cortical";
}

TEST(BoneScaleRun, FieldsShowTheFractionAndTheResolvedCaseIsTheSame) {
  for (const char* engine : {"grid", "mesh"}) {
    const Scratch dir;
    Slab slab;
    slab.engine = engine;
    run_in(dir, read(slab.text(dir)));
    const output_test::H5Reader fields(dir.file("out/fields.h5"));
    const auto fraction = fields.values("mesh/0/cortical_fraction");
    const auto region = fields.values("mesh/0/region_id");
    ASSERT_EQ(fraction.size(), region.size());
    EXPECT_NEAR(std::accumulate(fraction.begin(), fraction.end(), 0.0) /
                    static_cast<double>(fraction.size()),
                0.5, 1e-6)
        << engine;
    EXPECT_EQ(*std::max_element(region.begin(), region.end()), 1) << "one region";
    EXPECT_NE(dir.read("out/fields.xdmf").find("cortical_fraction"), std::string::npos);
    const CaseSpec again = read_case(dir.file("out/case.resolved.yaml"), library());
    const Model m = make_model(again, 0.05);
    ASSERT_NE(m.scale, nullptr);
    EXPECT_EQ(m.scale->grades(), 64);
    EXPECT_NEAR(m.scale->fraction({2.8125e-3, 0, 0}), ramp(2.8125), 1e-4);
  }
  const Scratch dir;
  Slab plain;
  plain.with_ct = false;
  run_in(dir, read(plain.text(dir)));
  EXPECT_FALSE(output_test::H5Reader(dir.file("out/fields.h5")).has("mesh/0/cortical_fraction"));
}

// Voxels of the CT and cells of 1.25 mm share faces: a cell has the mean of two voxels, the ramp at
// its middle to the nearest 1/64, which for 16 cells is a multiple of 1/32.
TEST(BoneScaleRun, TheSummaryHasTheMeanOfEachBone) {
  for (const char* engine : {"grid", "mesh"}) {
    const Scratch dir;
    Slab slab;
    slab.engine = engine;
    slab.cell = "1.25 mm";
    run_in(dir, read(slab.text(dir)));
    const auto all = summary_of(dir).at("regions");
    ASSERT_EQ(all.size(), 1U) << engine;
    EXPECT_EQ(all[0].at("name"), "bone");
    EXPECT_NEAR(all[0].at("cortical_fraction").get<double>(), 0.5, 1e-6) << engine;
  }
  // Bone up to voxels with their middle beyond x = 3.1 mm, which begin at 3 mm: ten whole cells
  // (2.5 mm) with the ramp at their middles, and 0.4 of the eleventh, to 1 / 36 as a cut cell has
  // it, whose bone is in the voxel of the CT at 2.8125 mm.
  const Scratch dir;
  Slab slab;
  slab.plane = "x > 3.1";
  run_in(dir, read(slab.text(dir)));
  const auto bone = summary_of(dir).at("regions").at(0), soft = summary_of(dir).at("regions").at(1);
  const double slice = 1e-3 * 1.25 * 25;  // mL
  const double part = bone.at("volume_mL").get<double>() / slice - 10;
  EXPECT_NEAR(part, 0.4, 1.0 / 36);
  double sum = part * std::round(64 * ramp(2.8125)) / 64;
  for (int cell = 0; cell < 10; ++cell) sum += (cell + 0.5) / 16;
  EXPECT_NEAR(bone.at("cortical_fraction").get<double>(), sum / (10 + part), 1e-6);
  EXPECT_FALSE(soft.contains("cortical_fraction")) << "no bone: " << soft;
  const Scratch other;
  Slab plain;
  plain.with_ct = false;
  run_in(other, read(plain.text(other)));
  EXPECT_FALSE(summary_of(other).at("regions").at(0).contains("cortical_fraction"));
}

TEST(BoneScaleRun, ProblemsOfTheKeysHaveTheirLines) {
  const Scratch dir;
  const auto told = [&](const std::string& from, const std::string& to) {
    CaseText c = Slab().text(dir);
    c.more.replace(c.more.find(from), from.size(), to);
    try {
      read(c);
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string("nothing");
  };
  const auto expect = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  const std::string no_thresholds = told(", cancellous: 100 HU, cortical: 1300 HU", "");
  expect(no_thresholds, "anatomy.labels.ct.cancellous: missing");
  expect(no_thresholds, "anatomy.labels.ct.cortical: missing");
  expect(told("1300 HU", "100 HU"),
         "ct.cortical: found 100 HU, expected more than ct.cancellous (100 HU)");
  expect(told("1300 HU", "1300"), "anatomy.labels.ct.cortical");
  expect(told("1300 HU", "1300 mm"), "CT number (HU)");
  expect(told("1300 HU", "30000 HU"), "20000");
  expect(told("grades: 64", "grades: 0"), "anatomy.labels.ct.grades");
  expect(told("grades: 64", "parts: [nose]"), "the image has no part 'nose'");
  expect(told("grades: 64", "threshold: 3 HU"), "threshold");
  expect(told(dir.file("ct.nrrd"), "none.nrrd"), "anatomy.labels.ct.file");
}

}  // namespace
}  // namespace thermodose::run_test
