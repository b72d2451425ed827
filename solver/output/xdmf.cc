// Implements: xdmf.h.
#include "output/xdmf.h"

#include <fmt/format.h>

namespace thermodose {

namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string item(const std::string& dimensions, const std::string& type, const std::string& where) {
  return fmt::format("<DataItem Dimensions=\"{}\" {} Format=\"HDF\">{}</DataItem>", dimensions,
                     type, where);
}

constexpr const char* kFloat = "NumberType=\"Float\" Precision=\"4\"";
constexpr const char* kInt = "NumberType=\"Int\" Precision=\"4\"";

/// Array dimensions of a node field, slowest first.
std::string node_dimensions(const XdmfMesh& mesh) {
  return mesh.uniform ? fmt::format("{} {} {}", mesh.nodes[2], mesh.nodes[1], mesh.nodes[0])
                      : fmt::format("{}", mesh.points);
}

/// XDMF lists dimensions, origin and spacing from the slowest axis to the fastest: z, y, x.
std::string uniform_mesh(const XdmfMesh& mesh) {
  const char* format =
      "<DataItem Dimensions=\"3\" NumberType=\"Float\" Precision=\"8\" "
      "Format=\"XML\">{:.17g} {:.17g} {:.17g}</DataItem>";
  std::string out = fmt::format(
      "      <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"{}\"/>\n", node_dimensions(mesh));
  out += "      <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n        ";
  out += fmt::format(fmt::runtime(format), mesh.origin[2], mesh.origin[1], mesh.origin[0]);
  out += "\n        ";
  out += fmt::format(fmt::runtime(format), mesh.spacing, mesh.spacing, mesh.spacing);
  return out + "\n      </Geometry>\n";
}

std::string cell_mesh(const XdmfMesh& mesh, const std::string& h5_name) {
  const char* type = mesh.axisymmetric ? "Quadrilateral" : "Hexahedron";
  const int corners = mesh.axisymmetric ? 4 : 8;
  return fmt::format(
      "      <Topology TopologyType=\"{}\" NumberOfElements=\"{}\">\n        {}\n      "
      "</Topology>\n      <Geometry GeometryType=\"XYZ\">\n        {}\n      </Geometry>\n",
      type, mesh.cells,
      item(fmt::format("{} {}", mesh.cells, corners), kInt, h5_name + ":" + mesh.path + "/cells"),
      item(fmt::format("{} 3", mesh.points), kFloat, h5_name + ":" + mesh.path + "/points_mm"));
}

}  // namespace

std::string xdmf_document(const std::string& h5_name, const std::string& title,
                          const std::vector<XdmfMesh>& meshes, const std::vector<XdmfStep>& steps) {
  std::string out =
      "<?xml version=\"1.0\" ?>\n<!DOCTYPE Xdmf SYSTEM \"Xdmf.dtd\" []>\n"
      "<Xdmf Version=\"2.0\">\n  <Domain>\n";
  out += fmt::format("    <Information Name=\"title\" Value=\"{}\"/>\n", escaped(title));
  out += "    <!-- coordinates in mm, time in s -->\n";
  out += "    <Grid Name=\"fields\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  for (const XdmfStep& step : steps) {
    const XdmfMesh& mesh = meshes[step.mesh];
    out += "    <Grid Name=\"tissue\" GridType=\"Uniform\">\n";
    out += fmt::format("      <Time Value=\"{:.17g}\"/>\n", step.time);
    out += mesh.uniform ? uniform_mesh(mesh) : cell_mesh(mesh, h5_name);
    for (const XdmfField& field : step.fields) {
      out += fmt::format(
          "      <Attribute Name=\"{}\" AttributeType=\"Scalar\" Center=\"Node\">\n        {}\n"
          "      </Attribute>\n",
          escaped(field.name),
          item(node_dimensions(mesh), field.integer ? kInt : kFloat, h5_name + ":" + field.path));
    }
    out += "    </Grid>\n";
  }
  return out + "    </Grid>\n  </Domain>\n</Xdmf>\n";
}

}  // namespace thermodose
