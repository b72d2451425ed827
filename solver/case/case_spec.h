// The checked case: what CaseReader makes of case.yaml.
// Implements: plain SI structs, no text beyond names, no file handles. Everything that a user
// chooses from a registry (shape, material, device, dose model) is held as a Configurable and
// cast to its own interface by the room that owns the registry. Keys are declared in the
// `keys` functions (case_keys.cc), once.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/keys.h"
#include "base/types.h"
#include "case/evaluation_spec.h"
#include "case/place.h"

namespace thermodose {

/// Thermal condition of one outer face.
struct FaceSpec {
  std::string kind;        ///< "fixed", "insulated", "convective"
  double temperature = 0;  ///< K, fixed
  double coefficient = 0;  ///< W/m2/K, convective
  /// (s, K) ambient temperature against time, linear between points, held outside; convective
  std::vector<std::pair<double, double>> ambient;
  // Of a mesh only:
  std::string name;    ///< of its boundary group, or where it is
  bool group = false;  ///< it is a boundary group
  int side = -1;       ///< of the box around the domain, as base/domain_mesh.h has it
};

/// Faces in the order x_min, x_max, y_min, y_max, z_min, z_max; an axisymmetric domain uses
/// x as r (x_min is the axis and always insulated) and has no y faces. A mesh from a file has the
/// faces that it names (base/domain_mesh.h).
struct DomainSpec {
  bool axisymmetric = false;
  Vec3 lower{}, upper{};           ///< m
  double initial_temperature = 0;  ///< K
  std::vector<FaceSpec> faces = std::vector<FaceSpec>(6);
  std::string mesh_name;               ///< entry of its registry; empty: a box or a cylinder
  std::shared_ptr<Configurable> mesh;  ///< registry "domain_mesh", ready for use; may be null
};

/// A region: tissue inside a shape. Later regions paint over earlier ones.
struct RegionSpec {
  std::string name;
  std::string shape_name;
  std::shared_ptr<Configurable> shape;  ///< registry "shape"
  std::string tissue;                   ///< name of an entry of CaseSpec::materials
};

/// A named material or device: library file, case section, or a library entry with overrides.
struct NamedConfigurable {
  std::string name;
  std::string origin;  ///< "library: liver.yaml", "case", "library: liver.yaml + case"
  std::shared_ptr<Configurable> object;
  std::string kind;  ///< entry of the registry: "tissue", "cryoprobe"
};

/// A probe in space. The axis runs from the tip in `direction` (towards the handle).
struct ProbeSpec {
  std::string name;
  std::string device;  ///< name of an entry of CaseSpec::devices
  Vec3 tip{};          ///< m
  Vec3 direction{};    ///< unit vector from tip to handle (from `entry` when that was given)
};

/// One step of a protocol.
struct StepSpec {
  std::string kind;                   ///< "freeze", "passive_thaw", "active_thaw"
  double duration = 0;                ///< s
  double power = 1;                   ///< fraction 0..1 of full freezing power (freeze)
  std::optional<double> temperature;  ///< K, target of an active thaw
};

/// Probes that run one list of steps together, repeated `cycles` times.
struct ProtocolGroupSpec {
  std::vector<std::string> probes;  ///< names; {"all"} = every probe
  double start = 0;                 ///< s
  int cycles = 1;
  std::vector<StepSpec> steps;
};

/// Expert settings. Unset = decided from the accuracy.
struct NumericsSpec {
  std::string engine = "auto";           ///< "auto", "grid", "mesh"
  std::string integrator = "auto";       ///< "auto", "rkl2", "bdf2" (mesh only)
  std::string precision = "float";       ///< "float", "double"
  std::optional<double> cell_size;       ///< m; grid: cube edge; mesh: edge of the finest cells
  std::optional<double> max_step;        ///< s
  std::optional<double> step_tolerance;  ///< K, embedded error per step
  bool error_estimate = true;            ///< companion run on a coarser grid
};

struct OutputSpec {
  double fields_every = 0;     ///< s; besides the steps of the protocol and the end; 0 = only those
  double isotherms_every = 0;  ///< s; the same
  double traces_every = 0;     ///< s
  std::vector<double> isotherms;  ///< K
  std::string images = "auto";    ///< "auto", "none" or the extension of dose maps on the image
};

struct CaseSpec {
  std::string file;  ///< as given on the command line
  int version = 1;
  std::string title;
  DomainSpec domain;
  std::string tissue;                        ///< background, name of an entry of materials
  std::vector<NamedConfigurable> materials;  ///< only those the case uses; registry "material"
  std::string anatomy_name;                  ///< entry of its registry; empty: there is none
  std::shared_ptr<Configurable> anatomy;     ///< registry "anatomy", ready for use; may be null
  std::vector<NamedConfigurable> devices;    ///< only those the case uses; registry "device"
  std::vector<RegionSpec> regions;
  std::vector<ProbeSpec> probes;
  std::vector<ProtocolGroupSpec> protocol;
  double end_time = 0;  ///< s, end of the last step of the last group, or the key `duration`
  std::vector<std::string> dose_names;
  std::vector<std::shared_ptr<Configurable>> dose;  ///< registry "dose"
  PerfusionStopSpec perfusion_stops;
  std::vector<std::string> thermocouple_names;
  std::vector<Vec3> thermocouples;  ///< m
  std::vector<TargetSpec> targets;
  std::vector<ProtectSpec> protect;
  double accuracy = 0;  ///< relative, e.g. 0.02
  NumericsSpec numerics;
  OutputSpec output;
  std::map<std::string, Place> places;  ///< of keys, for problems that are found later
};

}  // namespace thermodose
