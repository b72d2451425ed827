// Parts of the check of a draft.
// Implements: what case_checks*.cc share; the door is check_draft in case/case_draft.h.
#pragma once

#include "base/bounded.h"
#include "base/domain_mesh.h"
#include "case/case_draft.h"
#include "case/problems.h"

namespace thermodose {

void check_domain(const CaseDraft& draft, Problems& problems);
void check_regions(const CaseDraft& draft, Problems& problems);
void check_materials(const CaseDraft& draft, Problems& problems);
void check_probes(const CaseDraft& draft, Problems& problems);
void check_protocol(const CaseDraft& draft, Problems& problems);
void check_dose(const CaseDraft& draft, Problems& problems);
void check_evaluation(const CaseDraft& draft, Problems& problems);
void check_settings(const CaseDraft& draft, Problems& problems);

/// Tells when no part of a region is in the domain, or when it lacks the symmetry of an
/// axisymmetric one.
void check_place(const CaseDraft& draft, const Bounded& shape, const std::string& path,
                 Problems& problems);
/// The domain is known: it can be asked what lies inside.
bool domain_good(const CaseDraft& draft, const Problems& problems);
/// True inside the domain or on its surface (with room for rounding).
bool in_domain(const CaseDraft& draft, const Vec3& point);
/// The mesh of the domain; null without one, or when its file could not be read.
const DomainMesh* domain_mesh(const CaseDraft& draft, const Problems& problems);
/// "x -50 .. 50, y -50 .. 50, z -50 .. 50 mm" or "r 0 .. 50, z -60 .. 60 mm".
std::string domain_text(const CaseDraft& draft);
/// "(1, 2, 3) mm".
std::string point_text(const Vec3& point);

}  // namespace thermodose
