// The case as its keys describe it.
// Implements: members that the keys bind to where the file's words and CaseSpec differ (box or
// cylinder, faces by name, steps by kind), and the way from one to the other and back.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "case/case_spec.h"
#include "case/case_visitor.h"
#include "case/problems.h"

namespace thermodose {

/// What the file says of one face.
struct FaceDraft {
  bool present = false;
  std::optional<double> fixed;  ///< K
  bool insulated = false;
  std::optional<double> convection;                ///< W/m2/K
  std::vector<std::pair<double, double>> ambient;  ///< (s, K)
};

/// Faces by name; `all` stands for every face that is not named. The first six names are those
/// of CaseSpec in its order.
enum FaceName { x_min, x_max, y_min, y_max, z_min, z_max, r_max, all_faces, face_names };
inline constexpr std::array<const char*, face_names> kFaceNames{"x_min", "x_max", "y_min", "y_max",
                                                                "z_min", "z_max", "r_max", "all"};

struct ProbeDraft {
  std::string device;
  Vec3 tip{};                     ///< m
  std::optional<Vec3> direction;  ///< any length
  std::optional<Vec3> entry;      ///< m
};

struct StepDraft {
  std::optional<double> freeze, passive_thaw, active_thaw;  ///< s
  std::optional<double> power;                              ///< 0..1
  std::optional<double> temperature;                        ///< K
};

struct GroupDraft {
  std::vector<std::string> probes;
  double start = 0;  ///< s
  int cycles = 1;
  std::vector<StepDraft> steps;
};

struct CaseDraft {
  int version = 1;
  std::string title;
  bool has_box = false, has_cylinder = false;
  std::string mesh_name;
  std::shared_ptr<Configurable> mesh;      ///< registry "domain_mesh"; null without one
  Vec3 center{}, size{};                   ///< m, box
  double radius = 0, bottom = 0, top = 0;  ///< m, cylinder
  double initial_temperature = 0;          ///< K
  std::array<FaceDraft, face_names> faces;
  std::vector<std::string> face_group_names;  ///< boundary groups of a mesh
  std::vector<FaceDraft> face_groups;
  std::string tissue;
  std::vector<NamedConfigurable> materials, devices;
  std::string anatomy_name;
  std::shared_ptr<Configurable> anatomy;
  std::vector<RegionSpec> regions;
  std::vector<std::string> probe_names;
  std::vector<ProbeDraft> probes;
  std::vector<GroupDraft> protocol;
  std::optional<double> duration;  ///< s
  std::vector<std::string> dose_names;
  std::vector<std::shared_ptr<Configurable>> dose;
  bool has_perfusion_stops = false;
  PerfusionStopSpec perfusion_stops;
  std::vector<std::string> thermocouple_names;
  std::vector<Vec3> thermocouples;
  std::vector<std::string> target_names, protect_names;
  std::vector<TargetSpec> targets;
  std::vector<ProtectSpec> protect;
  double accuracy = 0.02;
  NumericsSpec numerics;
  OutputSpec output;

  CaseDraft();
  bool axisymmetric() const;  ///< true for a mesh that could not be read
};

/// Declares every key of a case.
void keys(CaseVisitor& k, CaseDraft& draft);

/// Those of `perfusion_stops`, a part of them (evaluation_keys.cc).
void perfusion_stop_keys(CaseVisitor& k, CaseDraft& draft);
/// Those of `targets` and `protect`, a part of them (evaluation_keys.cc).
void evaluation_keys(CaseVisitor& k, CaseDraft& draft);

/// The dose models of a case without the key `dose`, as YAML.
inline constexpr const char* kDefaultDose =
    "[temperature_extremes, {time_below: {temperature: -40 degC}}]";

/// Checks that need several keys; every problem with its place.
void check_draft(const CaseDraft& draft, Problems& problems);

/// The checked case. Only for drafts without problems.
CaseSpec spec_of(const CaseDraft& draft);
CaseDraft draft_of(const CaseSpec& spec);

/// End of the last step of a group, s.
double end_of(const GroupDraft& group);

}  // namespace thermodose
