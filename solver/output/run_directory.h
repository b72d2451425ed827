// The directory of a run.
// Implements: its creation, the names of the files of a run, what happens to older results.
#pragma once

#include <string>

namespace thermodose {

/// DIR of `thermodose run -o DIR`. Construction creates it (with parents), checks that it can be
/// written and removes what an earlier run left: its files, finished or not (`.part`), summary.json
/// first. So every file in it is of this run, and since summary.json is written last and marks a
/// finished run, a killed run never looks complete. In surfaces/ and images/ these are the files
/// lesion_*, target_* and dose_*. Files of other names are never touched, and a
/// directory with files of these names but without run.log and case.resolved.yaml is refused.
///
/// While it lives it holds an advisory lock on the directory (flock: no file is left behind, and a
/// killed run holds nothing), so that two runs do not mix their results.
class RunDirectory {
 public:
  /// Throws IoError: the path is a file, cannot be created or cannot be written, holds files of
  /// these names that are no run's, or another run holds it.
  explicit RunDirectory(const std::string& path);
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const;
  std::string fields_h5() const { return file("fields.h5"); }
  std::string fields_xdmf() const { return file("fields.xdmf"); }
  std::string results_h5() const { return file("results.h5"); }
  std::string traces_csv() const { return file("traces.csv"); }
  std::string summary_json() const { return file("summary.json"); }
  std::string resolved_case() const { return file("case.resolved.yaml"); }
  std::string log() const { return file("run.log"); }
  std::string surfaces() const { return file("surfaces"); }
  std::string images() const { return file("images"); }

 private:
  void lock();
  void remove_older_folder(const std::string& folder) const;

  std::string path_;
  int lock_ = -1;  ///< descriptor of the directory
};

}  // namespace thermodose
