// Cases to start from.
// Implements: `thermodose new`: copies a shipped case directory, never over anything.
#pragma once

#include <string>
#include <vector>

namespace thermodose::cli {

struct Template {
  std::string name;
  std::string summary;  ///< first comment line of its case.yaml
};

/// The shipped cases, sorted by name.
std::vector<Template> templates();

/// Copies the files of a template to a new directory (an empty one is good too), with the header of
/// the case saying how to run it there, and returns the path of its case file. Throws InputError
/// when the template is unknown or the directory holds something, IoError when the copy fails; then
/// nothing is left of it.
std::string create_case(const std::string& template_name, const std::string& directory);

}  // namespace thermodose::cli
