// The keys of a case, declared once.
// Implements: keys(CaseVisitor&, CaseDraft&) of case/case_draft.h.
#include <limits>

#include "case/case_draft.h"

namespace thermodose {

namespace {

constexpr double kHuge = 1e9;
constexpr double kAboveZero = std::numeric_limits<double>::min();  // see Key::positive

void keys(Keys& k, FaceDraft& face) {
  k.real(key("fixed", "degC", "Temperature at which the face is held.").range(-270, 300).optional(),
         face.fixed);
  k.flag(key("insulated", "", "No heat flows through the face.").optional(), face.insulated);
  k.real(key("convection", "W/m2/K", "Heat-transfer coefficient to the ambient.")
             .range(0, 1e6)
             .optional(),
         face.convection);
  k.curve(key("ambient", "degC",
              "Temperature beyond a convective face: one value, or a table against time, linear "
              "between its rows and held outside them.")
              .range(-270, 300)
              .optional(),
          key("time", "min", "Time.").range(0, kHuge), face.ambient);
}

void domain_keys(Keys& k, CaseDraft& d) {
  k.section(key("box", "", "A three-dimensional block.").optional(), &d.has_box, [&](Keys& box) {
    box.point(key("center", "mm", "Centre of the block.").range(-1e5, 1e5), d.center);
    box.point(key("size", "mm", "Edge lengths along x, y and z.").range(0.01, 1e5), d.size);
  });
  k.section(
      key("cylinder", "", "An axisymmetric domain around the z axis, solved in (r, z).").optional(),
      &d.has_cylinder, [&](Keys& cylinder) {
        cylinder.real(key("radius", "mm", "Radius.").range(0.01, 1e5), d.radius);
        cylinder.real(key("bottom", "mm", "z of the lower face.").range(-1e5, 1e5), d.bottom);
        cylinder.real(key("top", "mm", "z of the upper face.").range(-1e5, 1e5), d.top);
      });
  k.plugin(
      key("mesh", "", "A mesh from a file, in 3-D or axisymmetric around the z axis.").optional(),
      "domain_mesh", d.mesh_name, d.mesh);
  k.real(key("initial_temperature", "degC", "Temperature of everything at the start.")
             .range(-200, 120),
         d.initial_temperature);
  k.section(
      key("faces", "",
          "What happens at the outer faces: one of fixed, insulated, or convection with ambient."),
      nullptr, [&](Keys& faces) {
        const auto face = [&](FaceName name, const char* help) {
          faces.section(key(kFaceNames[name], "", help).optional(), &d.faces[name].present,
                        [&](Keys& f) { keys(f, d.faces[name]); });
        };
        face(all_faces, "Every face that has no entry of its own.");
        face(x_min, "Face at the smallest x (box).");
        face(x_max, "Face at the largest x (box).");
        face(y_min, "Face at the smallest y (box).");
        face(y_max, "Face at the largest y (box).");
        face(z_min, "Face at the smallest z.");
        face(z_max, "Face at the largest z.");
        face(r_max, "Outer face of a cylinder.");
        faces.named(
            key("groups", "",
                "Faces of a mesh: physical groups of its surfaces (axisymmetric: its lines), by "
                "name or number.")
                .optional(),
            d.face_group_names, [&](std::size_t n) { d.face_groups.resize(n); },
            [&](Keys& f, std::size_t i) {
              d.face_groups[i].present = true;
              keys(f, d.face_groups[i]);
            });
      });
}

void region_keys(Keys& k, CaseDraft& d) {
  k.list(
      key("regions", "",
          "Tissues inside shapes, painted over the background in order: a later region covers "
          "earlier ones.")
          .optional(),
      [&](std::size_t n) { d.regions.resize(n); }, [&] { return d.regions.size(); },
      [&](Keys& region, std::size_t i) {
        region.text(key("name", "", "Name of the region, unique in the case."), d.regions[i].name);
        region.plugin(key("shape", "", "Where the region is."), "shape", d.regions[i].shape_name,
                      d.regions[i].shape);
        region.text(key("tissue", "", "A material of the library or of `materials`."),
                    d.regions[i].tissue);
      });
}

void probe_keys(Keys& k, CaseDraft& d) {
  k.named(
      key("probes", "", "Applicators, by name.").optional(), d.probe_names,
      [&](std::size_t n) { d.probes.resize(n); },
      [&](Keys& probe, std::size_t i) {
        ProbeDraft& p = d.probes[i];
        probe.text(key("device", "", "A device of the library or of `devices`."), p.device);
        probe.point(key("tip", "mm", "The sharp end of the needle."), p.tip);
        probe.point(key("direction", "1",
                        "From the tip along the shaft to the handle; any length. Give this "
                        "or `entry`.")
                        .optional(),
                    p.direction);
        probe.point(key("entry", "mm",
                        "A point on the shaft, such as where it enters the skin. Give this "
                        "or `direction`.")
                        .optional(),
                    p.entry);
      });
}

void step_keys(Keys& k, StepDraft& s) {
  const auto duration = [](const char* name, const char* help) {
    return key(name, "min", help).range(1e-4, 1e5).optional();
  };
  k.real(duration("freeze", "Freezes for this long."), s.freeze);
  k.real(duration("passive_thaw", "Lets the probe rest for this long, no cooling, no heating."),
         s.passive_thaw);
  k.real(duration("active_thaw", "Warms the probe for this long."), s.active_thaw);
  k.real(key("power", "%", "Share of the full freezing power; 100 % when not given.")
             .range(kAboveZero, 100)
             .optional(),
         s.power);
  // The range is that of devices/controlled_law.h, which this room may not see.
  k.real(key("temperature", "degC", "What an active thaw warms the probe to.")
             .range(15, 40)
             .optional(),
         s.temperature);
}

void protocol_keys(Keys& k, CaseDraft& d) {
  k.list(
      key("protocol", "", "Groups of probes and what they do; groups run side by side.").optional(),
      [&](std::size_t n) { d.protocol.resize(n); }, [&] { return d.protocol.size(); },
      [&](Keys& group, std::size_t i) {
        GroupDraft& g = d.protocol[i];
        group.texts(key("probes", "", "Names of the probes of the group, or all."), g.probes);
        group.real(key("start", "min", "When the first step begins.").range(0, 1e5).optional(),
                   g.start);
        group.integer(key("cycles", "1", "How often the steps are run.").range(1, 100).optional(),
                      g.cycles);
        group.list(
            key("steps", "",
                "One after the other; each is one of freeze, passive_thaw and active_thaw."),
            [&](std::size_t n) { g.steps.resize(n); }, [&] { return g.steps.size(); },
            [&](Keys& step, std::size_t j) { step_keys(step, g.steps[j]); });
      });
}

void numerics_keys(Keys& k, NumericsSpec& n) {
  k.text(key("engine", "", "Discretisation: uniform cubes or deal.II meshes.")
             .one_of({"auto", "grid", "mesh"})
             .optional(),
         n.engine);
  k.text(key("integrator", "", "Time integration; bdf2 runs on the mesh engine only.")
             .one_of({"auto", "rkl2", "bdf2"})
             .optional(),
         n.integrator);
  k.text(
      key("precision", "", "Arithmetic of the grid engine.").one_of({"float", "double"}).optional(),
      n.precision);
  k.real(key("cell_size", "mm", "Edge of the (finest) cells; from the accuracy when not given.")
             .range(0.01, 100)
             .optional(),
         n.cell_size);
  k.real(key("max_step", "s", "Longest time step; from the accuracy when not given.")
             .range(1e-4, 1e4)
             .optional(),
         n.max_step);
  k.real(key("step_tolerance", "K",
             "Largest error of a time step, RMS over moving nodes; from the accuracy when not "
             "given.")
             .range(1e-6, 10)
             .optional(),
         n.step_tolerance);
  k.flag(key("error_estimate", "",
             "Runs a companion on a coarser grid to state the discretisation error.")
             .optional(),
         n.error_estimate);
}

void output_keys(Keys& k, OutputSpec& o) {
  k.real(
      key("fields_every", "s",
          "Time between written fields. They are written at 0 s, wherever a step of the protocol "
          "begins or ends and at the end as well; 0 s = only there.")
          .range(0, kHuge)
          .optional(),
      o.fields_every);
  k.real(key("isotherms_every", "s",
             "Time between volumes of the isotherms, which are measured at 0 s, wherever a step of "
             "the protocol begins or ends and at the end as well; 0 s = only there.")
             .range(0, kHuge)
             .optional(),
         o.isotherms_every);
  k.real(key("traces_every", "s", "Time between samples of the thermocouples; 0 s = every step.")
             .range(0, kHuge)
             .optional(),
         o.traces_every);
  k.reals(key("isotherms", "degC", "Temperatures whose isotherms are measured.")
              .range(-200, 200)
              .optional(),
          o.isotherms);
  k.text(key("images", "",
             "Format of the dose maps on the grid of the label map: auto is nii.gz up to 20 "
             "million voxels.")
             .one_of({"auto", "none", "nii.gz", "nii", "nrrd", "mha"})
             .optional(),
         o.images);
}

}  // namespace

CaseDraft::CaseDraft() {
  output.traces_every = 1;
  output.isotherms_every = 60;
  output.isotherms = {kZeroCelsius, kZeroCelsius - 20, kZeroCelsius - 40};
}

void keys(CaseVisitor& k, CaseDraft& d) {
  k.integer(key("thermodose", "1", "Version of the case format.").range(1, 1), d.version);
  k.text(key("title", "", "What the case is, in one line.").optional(), d.title);
  k.section(key("domain", "", "The space that is simulated: a box, a cylinder or a mesh."), nullptr,
            [&](Keys& domain) { domain_keys(domain, d); });
  k.text(key("tissue", "", "The background: a material of the library or of `materials`."),
         d.tissue);
  k.library(key("materials", "",
                "Tissues of this case, by name; `from` takes over another entry, whose keys can "
                "be replaced.")
                .optional(),
            material_library(), d.materials);
  k.plugin(key("anatomy", "",
               "A label map of an image or a generated anatomy; its parts lie over the background "
               "and under the regions.")
               .optional(),
           "anatomy", d.anatomy_name, d.anatomy);
  region_keys(k, d);
  k.library(
      key("devices", "", "Devices of this case, by name; `from` as for materials.").optional(),
      device_library(), d.devices);
  probe_keys(k, d);
  protocol_keys(k, d);
  k.real(key("duration", "min",
             "Length of the simulation. Default: the end of the last step. Longer: the devices "
             "are off. Shorter: the protocol is cut.")
             .range(1e-4, 1e6)
             .optional(),
         d.duration);
  k.plugins(
      key("dose", "", std::string("What every point accumulates. Default: ") + kDefaultDose + ".")
          .optional(),
      "dose", d.dose_names, d.dose);
  perfusion_stop_keys(k, d);
  k.named_points(
      key("thermocouples", "mm", "Points whose temperature is recorded, by name.").optional(),
      d.thermocouple_names, d.thermocouples);
  evaluation_keys(k, d);
  k.real(key("accuracy", "%", "Error of the isotherm volumes that cells and steps are chosen for.")
             .range(0.1, 50)
             .optional(),
         d.accuracy);
  k.section(key("numerics", "", "For experts: overrides what the accuracy decides.").optional(),
            nullptr, [&](Keys& n) { numerics_keys(n, d.numerics); });
  k.section(key("output", "", "What is written, and when.").optional(), nullptr,
            [&](Keys& o) { output_keys(o, d.output); });
}

}  // namespace thermodose
