// Implements: field_writer.h.
#include "output/field_writer.h"

#include <fmt/format.h>

#include <cassert>
#include <chrono>
#include <filesystem>

#include "base/error.h"
#include "output/atomic_file.h"
#include "output/hdf5_file.h"
#include "output/xdmf.h"

namespace thermodose {

namespace {

using Clock = std::chrono::steady_clock;

/// Adds the time of its life to a sum.
class Stopwatch {
 public:
  explicit Stopwatch(double& sum) : sum_(sum) {}
  ~Stopwatch() { sum_ += std::chrono::duration<double>(Clock::now() - begin_).count(); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double& sum_;
  Clock::time_point begin_ = Clock::now();
};

constexpr double kMillimetres = 1000;  ///< per metre

/// Lexicographic corners to the order of VTK and XDMF, which go round each face.
constexpr int kRound[8] = {0, 1, 3, 2, 4, 5, 7, 6};

std::string in_directory(const std::string& directory, const char* name) {
  return (std::filesystem::path(directory) / name).string();
}

/// Removes stale parts before the new one is created.
std::string fresh_part(const std::string& h5, const std::string& xdmf) {
  remove_if_exists(part_name(h5));
  remove_if_exists(part_name(xdmf));
  return part_name(h5);
}

}  // namespace

struct FieldWriter::State {
  State(const std::string& directory, FieldWriterOptions wanted)
      : options(std::move(wanted)),
        h5_path(in_directory(directory, "fields.h5")),
        xdmf_path(in_directory(directory, "fields.xdmf")),
        h5(fresh_part(h5_path, xdmf_path)) {}

  std::vector<std::uint64_t> field_shape() const {
    const XdmfMesh& mesh = meshes.back();
    if (mesh.uniform) return {mesh.nodes[2], mesh.nodes[1], mesh.nodes[0]};
    return {mesh.points};
  }
  std::size_t field_size() const {
    std::size_t n = 1;
    for (const std::uint64_t s : field_shape()) n *= s;
    return n;
  }
  void describe(const std::string& path, const FieldInfo& info) {
    h5.attribute(path, "unit", info.unit);
    h5.attribute(path, "help", info.help);
  }
  void write_uniform(const NodeGeometry& geometry);
  void write_cells(const NodeGeometry& geometry);
  std::string write_field(const std::string& group, const NodeField& field);
  void write_fields(const std::vector<NodeField>& fields);

  FieldWriterOptions options;
  std::string h5_path, xdmf_path;
  Hdf5File h5;
  std::vector<XdmfMesh> meshes;
  std::vector<XdmfField> id_fields;  ///< of the present mesh
  std::vector<XdmfStep> steps;
  std::vector<float> scratch;
  double seconds = 0;
  bool finished = false;
};

void FieldWriter::State::write_uniform(const NodeGeometry& geometry) {
  XdmfMesh& mesh = meshes.back();
  const double mm = kMillimetres;
  mesh.spacing = mm * geometry.spacing;
  std::vector<std::int32_t> nodes;
  for (std::size_t d = 0; d < 3; ++d) {
    mesh.nodes[d] = std::uint64_t(geometry.nodes[d]);
    mesh.origin[d] = mm * geometry.origin[d];
    nodes.push_back(geometry.nodes[d]);
  }
  h5.table(mesh.path + "/origin_mm", {3},
           std::vector<double>{mesh.origin[0], mesh.origin[1], mesh.origin[2]});
  h5.table(mesh.path + "/spacing_mm", {3}, std::vector<double>(3, mesh.spacing));
  h5.table(mesh.path + "/nodes", {3}, nodes);
}

void FieldWriter::State::write_cells(const NodeGeometry& geometry) {
  XdmfMesh& mesh = meshes.back();
  const std::size_t corners = std::size_t(geometry.nodes_per_cell());
  mesh.points = geometry.points.size();
  mesh.cells = geometry.cells.size() / corners;
  std::vector<float> points;
  points.reserve(3 * geometry.points.size());
  for (const Vec3& p : geometry.points) {
    for (const double x : p) points.push_back(static_cast<float>(kMillimetres * x));
  }
  std::vector<std::int32_t> cells(geometry.cells.size());
  for (std::size_t c = 0; c < cells.size(); c += corners) {
    for (std::size_t i = 0; i < corners; ++i)
      cells[c + i] = geometry.cells[c + std::size_t(kRound[i])];
  }
  h5.table(mesh.path + "/points_mm", {mesh.points, 3}, points);
  h5.table(mesh.path + "/cells", {mesh.cells, corners}, cells);
}

/// Returns the path of the dataset.
std::string FieldWriter::State::write_field(const std::string& group, const NodeField& field) {
  const float* values = field.values;
  if (field.offset != 0 || field.factor != 1) {
    scratch.resize(field_size());
    for (std::size_t i = 0; i < scratch.size(); ++i)
      scratch[i] = static_cast<float>(field.factor * double(field.values[i]) + field.offset);
    values = scratch.data();
  }
  std::string path = group + "/" + field.info.name;
  h5.field(path, field_shape(), values, options.gzip_level);
  describe(path, field.info);
  return path;
}

void FieldWriter::State::write_fields(const std::vector<NodeField>& fields) {
  const std::string group = fmt::format("/step/{}", steps.size() - 1);
  for (const NodeField& field : fields)
    steps.back().fields.push_back({field.info.name, write_field(group, field), false});
}

FieldWriter::FieldWriter(const std::string& directory, FieldWriterOptions options)
    : state_(std::make_unique<State>(directory, std::move(options))) {
  const Stopwatch watch(state_->seconds);
  Hdf5File& h5 = state_->h5;
  h5.attribute("/", "format", std::string("thermodose-fields 1"));
  h5.attribute("/", "title", state_->options.title);
  h5.attribute("/", "run_id", state_->options.run_id);
  h5.attribute("/", "length_unit", std::string("mm"));
  h5.attribute("/", "time_unit", std::string("s"));
}

FieldWriter::~FieldWriter() = default;

void FieldWriter::set_mesh(const NodeGeometry& geometry, const std::vector<NodeIds>& ids,
                           const std::vector<NodeField>& still) {
  State& s = *state_;
  const Stopwatch watch(s.seconds);
  XdmfMesh mesh;
  mesh.uniform = geometry.uniform;
  mesh.axisymmetric = geometry.axisymmetric;
  mesh.path = fmt::format("/mesh/{}", s.meshes.size());
  s.meshes.push_back(mesh);
  s.h5.group(mesh.path);
  geometry.uniform ? s.write_uniform(geometry) : s.write_cells(geometry);
  s.h5.attribute(mesh.path, "axisymmetric", std::int64_t(geometry.axisymmetric));
  s.id_fields.clear();
  for (const NodeIds& id : ids) {
    assert(id.values.size() == geometry.size());
    const std::string path = mesh.path + "/" + id.info.name;
    s.h5.field(path, s.field_shape(), id.values.data(), s.options.gzip_level);
    s.describe(path, id.info);
    if (!id.names.empty()) s.h5.attribute(path, "names", id.names);
    s.id_fields.push_back({id.info.name, path, true});
  }
  for (const NodeField& field : still)
    s.id_fields.push_back({field.info.name, s.write_field(mesh.path, field), false});
}

void FieldWriter::write_step(double time_s, const std::vector<NodeField>& fields) {
  State& s = *state_;
  const Stopwatch watch(s.seconds);
  assert(!s.meshes.empty() && "set_mesh comes first");
  assert((s.steps.empty() || s.steps.back().time < time_s) && "times increase");
  s.steps.push_back({time_s, s.meshes.size() - 1, s.id_fields});
  const std::string group = fmt::format("/step/{}", s.steps.size() - 1);
  s.h5.group(group);
  s.h5.attribute(group, "time_s", time_s);
  s.h5.attribute(group, "mesh", std::int64_t(s.meshes.size() - 1));
  s.write_fields(fields);
}

void FieldWriter::add_to_last_step(const std::vector<NodeField>& fields) {
  const Stopwatch watch(state_->seconds);
  assert(!state_->steps.empty() && "write_step comes first");
  state_->write_fields(fields);
}

void FieldWriter::finish() {
  State& s = *state_;
  const Stopwatch watch(s.seconds);
  assert(!s.finished && "finish twice");
  s.finished = true;
  s.h5.close();
  // The description of an earlier run must not stand beside the data of this one.
  remove_if_exists(s.xdmf_path);
  publish_part(s.h5_path);
  write_file_atomically(s.xdmf_path,
                        xdmf_document("fields.h5", s.options.title, s.meshes, s.steps));
}

void FieldWriter::discard() {
  State& s = *state_;
  assert(!s.finished && "discard after finish");
  s.finished = true;
  s.h5.close();
  remove_if_exists(part_name(s.h5_path));
}

double FieldWriter::seconds() const { return state_->seconds; }

}  // namespace thermodose
