// Implements: tests of fields.h5 and fields.xdmf: what is written is read back with HDF5 itself.
#include "output/field_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "h5_read.h"
#include "sample_geometry.h"
#include "scratch.h"

namespace thermodose {
namespace {

using output_test::H5Reader;
using output_test::Scratch;

const FieldInfo kTemperature{"temperature_degC", "degC", "Temperature of the tissue"};
const FieldInfo kIce{"ice_fraction", "1", "Fraction of the freezable water that is ice"};

/// All captures of a pattern with one group.
std::vector<std::string> captures(const std::string& text, const std::string& pattern) {
  const std::regex re(pattern);
  std::vector<std::string> out;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), re); it != std::sregex_iterator();
       ++it)
    out.push_back((*it)[1]);
  return out;
}

/// Distinct at every node and not representable by one block: i + 100 j + 10000 k.
std::vector<float> numbered(const NodeGeometry& g) {
  std::vector<float> v(g.size());
  const std::size_t nx = std::size_t(g.nodes[0]);
  const std::size_t ny = std::size_t(g.nodes[1]);
  for (std::size_t i = 0; i < v.size(); ++i)
    v[i] = static_cast<float>(i % nx + 100 * (i / nx % ny) + 10000 * (i / nx / ny));
  return v;
}

TEST(FieldWriter, GridRoundTrip) {
  for (const int gzip : {0, 1}) {
    const Scratch dir;
    const NodeGeometry g = output_test::sample_grid();
    const std::vector<float> kelvin = numbered(g);
    std::vector<std::int32_t> ids(g.size());
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = int(i % 3);
    FieldWriterOptions options;
    options.gzip_level = gzip;
    options.title = "a < b & \"c\"";
    options.run_id = "run-7";
    FieldWriter writer(dir.path(), options);
    writer.set_mesh(g, {{{"material_id", "1", "Tissue"}, ids, {"muscle", "fat", "ice ball"}}});
    writer.write_step(12.5, {{kTemperature, kelvin.data(), -273.15, 1}});
    writer.finish();
    EXPECT_GT(writer.seconds(), 0);

    ASSERT_EQ(dir.names(), (std::vector<std::string>{"fields.h5", "fields.xdmf"}));
    const H5Reader h5(dir.file("fields.h5"));
    EXPECT_EQ(h5.text("/", "run_id"), "run-7");
    EXPECT_EQ(h5.text("/", "length_unit"), "mm");
    EXPECT_EQ(h5.text("/mesh/0/material_id", "names"), "muscle|fat|ice ball");
    EXPECT_EQ(h5.number("/step/0", "time_s"), 12.5);
    const std::string t = "/step/0/temperature_degC";
    EXPECT_EQ(h5.text(t, "unit"), "degC");
    EXPECT_EQ(h5.text(t, "help"), "Temperature of the tissue");
    EXPECT_TRUE(h5.is_float32(t));
    EXPECT_EQ(h5.shape(t), (std::vector<hsize_t>{37, 41, 70}));
    const std::vector<double> read = h5.values(t);
    const std::vector<double> read_ids = h5.values("/mesh/0/material_id");
    for (std::size_t i = 0; i < g.size(); ++i) {
      ASSERT_EQ(read[i], double(static_cast<float>(double(kelvin[i]) - 273.15))) << i;
      ASSERT_EQ(read_ids[i], ids[i]) << i;
    }
  }
}

TEST(FieldWriter, XdmfDescribesTheGridSlowestAxisFirst) {
  const Scratch dir;
  const NodeGeometry g = output_test::sample_grid();
  const std::vector<float> t = numbered(g);
  FieldWriterOptions options;
  options.title = "a < b -- & \"c\"";
  FieldWriter writer(dir.path(), options);
  writer.set_mesh(g, {});
  writer.write_step(0, {{kTemperature, t.data()}});
  writer.write_step(60, {{kTemperature, t.data()}, {kIce, t.data()}});
  writer.finish();
  const std::string xdmf = dir.read("fields.xdmf");
  EXPECT_EQ(captures(xdmf, "Name=\"title\" Value=\"([^\"]*)\""),
            (std::vector<std::string>{"a &lt; b -- &amp; &quot;c&quot;"}));
  for (const auto& comment : captures(xdmf, "<!--(.*)-->"))  // "--" may not stand in a comment
    EXPECT_EQ(comment.find("--"), std::string::npos) << comment;
  EXPECT_EQ(captures(xdmf, "<Time Value=\"([^\"]*)\""), (std::vector<std::string>{"0", "60"}));
  EXPECT_EQ(captures(xdmf, "3DCoRectMesh\" Dimensions=\"([^\"]*)\""),
            (std::vector<std::string>{"37 41 70", "37 41 70"}));
  const auto numbers = captures(xdmf, "Format=\"XML\">([^<]*)<");
  ASSERT_EQ(numbers.size(), 4U);
  double z = 0;
  double y = 0;
  double x = 0;
  ASSERT_EQ(std::sscanf(numbers[0].c_str(), "%lf %lf %lf", &z, &y, &x), 3);
  EXPECT_NEAR(z, 10, 1e-9);
  EXPECT_NEAR(y, -20, 1e-9);
  EXPECT_NEAR(x, -40, 1e-9);
  EXPECT_EQ(numbers[1].substr(0, 4), "1.25");
  EXPECT_EQ(captures(xdmf, "Format=\"HDF\">([^<]*)<"),
            (std::vector<std::string>{"fields.h5:/step/0/temperature_degC",
                                      "fields.h5:/step/1/temperature_degC",
                                      "fields.h5:/step/1/ice_fraction"}));
}

TEST(FieldWriter, ConstantBlocksTakeNoSpaceAndReadBackWhole) {
  const Scratch dir;
  const NodeGeometry g = output_test::sample_grid();
  std::vector<float> t(g.size(), 310.15F);
  t[5 + 70 * (6 + 41 * 7)] = 250;  // one node of one block
  const std::vector<float> zero(g.size(), 0);
  FieldWriter writer(dir.path());
  writer.set_mesh(g, {});
  writer.write_step(1, {{kTemperature, t.data(), -273.15, 1}, {kIce, zero.data()}});
  writer.finish();
  const H5Reader h5(dir.file("fields.h5"));
  EXPECT_EQ(h5.storage("/step/0/ice_fraction"), 0U);
  EXPECT_EQ(h5.storage("/step/0/temperature_degC"), 4U * 32 * 32 * 32);
  const std::vector<double> read = h5.values("/step/0/temperature_degC");
  for (std::size_t i = 0; i < g.size(); ++i)
    ASSERT_EQ(read[i], double(static_cast<float>(double(t[i]) - 273.15)));
  for (const double v : h5.values("/step/0/ice_fraction")) ASSERT_EQ(v, 0);
}

TEST(FieldWriter, HexahedraGoRoundTheirFacesAndMeshesMayChange) {
  const Scratch dir;
  FieldWriter writer(dir.path());
  for (const int n : {2, 3}) {
    const NodeGeometry m = output_test::sample_hexahedra(n);
    const std::vector<float> t(m.size(), float(n));
    writer.set_mesh(m,
                    {{{"region_id", "1", "Region"}, std::vector<std::int32_t>(m.size(), n), {}}});
    writer.write_step(n, {{kTemperature, t.data()}});
    writer.write_step(n + 0.5, {{kTemperature, t.data()}});
  }
  writer.finish();
  const H5Reader h5(dir.file("fields.h5"));
  EXPECT_EQ(h5.number("/step/1", "mesh"), 0);
  EXPECT_EQ(h5.number("/step/2", "mesh"), 1);
  EXPECT_EQ(h5.shape("/mesh/1/points_mm"), (std::vector<hsize_t>{16, 3}));
  EXPECT_EQ(h5.shape("/mesh/1/cells"), (std::vector<hsize_t>{3, 8}));
  const std::vector<double> points = h5.values("/mesh/0/points_mm");
  EXPECT_EQ(*std::max_element(points.begin(), points.end()), 4);  // mm
  // The first cell: VTK's order goes counter-clockwise round the bottom, then round the top.
  const std::vector<double> cells = h5.values("/mesh/0/cells");
  const double expected[8][3] = {{0, 0, 0}, {2, 0, 0}, {2, 2, 0}, {0, 2, 0},
                                 {0, 0, 2}, {2, 0, 2}, {2, 2, 2}, {0, 2, 2}};
  for (std::size_t c = 0; c < 8; ++c) {
    for (std::size_t d = 0; d < 3; ++d)
      EXPECT_EQ(points[3 * std::size_t(cells[c]) + d], expected[c][d]) << c;
  }
  const std::string xdmf = dir.read("fields.xdmf");
  EXPECT_EQ(captures(xdmf, "TopologyType=\"(\\w+)\"").front(), "Hexahedron");
  EXPECT_EQ(captures(xdmf, "NumberOfElements=\"(\\d+)\""),
            (std::vector<std::string>{"2", "2", "3", "3"}));
  EXPECT_EQ(captures(xdmf, "(/mesh/\\d/region_id)"),
            (std::vector<std::string>{"/mesh/0/region_id", "/mesh/0/region_id", "/mesh/1/region_id",
                                      "/mesh/1/region_id"}));
}

TEST(FieldWriter, AxisymmetricMeshesAreQuadrilateralsInTheRZPlane) {
  const Scratch dir;
  const NodeGeometry m = output_test::sample_axisymmetric(4, 6);
  const std::vector<float> t(m.size(), 1);
  FieldWriter writer(dir.path());
  writer.set_mesh(m, {});
  writer.write_step(0, {{kTemperature, t.data()}});
  writer.add_to_last_step({{{"t_min_degC", "degC", "Lowest temperature"}, t.data(), 1, 2}});
  writer.finish();
  const H5Reader h5(dir.file("fields.h5"));
  EXPECT_EQ(h5.number("/mesh/0", "axisymmetric"), 1);
  EXPECT_EQ(h5.values("/step/0/t_min_degC").back(), 3);
  const std::vector<double> cells = h5.values("/mesh/0/cells");
  EXPECT_EQ((std::vector<double>(cells.begin(), cells.begin() + 4)),
            (std::vector<double>{0, 1, 6, 5}));
  const std::string xdmf = dir.read("fields.xdmf");
  EXPECT_EQ(captures(xdmf, "TopologyType=\"(\\w+)\"").front(), "Quadrilateral");
  EXPECT_NE(xdmf.find("/step/0/t_min_degC"), std::string::npos);
}

TEST(FieldWriter, NothingLooksCompleteBeforeFinishAndOldResultsStay) {
  const Scratch dir;
  const NodeGeometry m = output_test::sample_hexahedra(2);
  const std::vector<float> t(m.size(), 1);
  dir.write("fields.xdmf.part", "stale");
  dir.write("fields.xdmf", "old");
  dir.write("fields.h5", "old");
  {
    FieldWriter writer(dir.path());
    EXPECT_EQ(dir.names(),
              (std::vector<std::string>{"fields.h5", "fields.h5.part", "fields.xdmf"}));
    writer.set_mesh(m, {});
    writer.write_step(0, {{kTemperature, t.data()}});
  }
  EXPECT_EQ(dir.read("fields.h5"), "old");
  EXPECT_EQ(dir.read("fields.xdmf"), "old");
  FieldWriter writer(dir.path());
  writer.set_mesh(m, {});
  writer.write_step(0, {{kTemperature, t.data()}});
  writer.finish();
  EXPECT_EQ(dir.names(), (std::vector<std::string>{"fields.h5", "fields.xdmf"}));
  EXPECT_EQ(dir.read("fields.xdmf").substr(0, 5), "<?xml");
}

}  // namespace
}  // namespace thermodose
