// Implements: what happens when the disk is full, the directory cannot be written or vanishes, or
// the process is killed: an IoError with path and reason, and nothing left that looks complete.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <random>
#include <thread>

#include "child.h"
#include "output/atomic_file.h"
#include "output/field_writer.h"
#include "output/results_writer.h"
#include "output/run_directory.h"
#include "output/summary.h"
#include "sample_geometry.h"
#include "scratch.h"

namespace thermodose {
namespace {

using output_test::ChildReport;
using output_test::in_child;
using output_test::Scratch;
using ::testing::AssertionResult;

AssertionResult mentions(const std::string& text, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (text.find(word) == std::string::npos)
      return ::testing::AssertionFailure() << "'" << word << "' is not in: " << text;
  }
  return ::testing::AssertionSuccess();
}

/// Random values: no block is constant, nothing can be compressed.
std::vector<float> noise(std::size_t n) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(200, 310);
  std::vector<float> v(n);
  for (float& x : v) x = uniform(random);
  return v;
}

/// A run's worth of writing: fields (0.4 MB per step), tables, text, summary last.
std::string write_run(const std::string& path, int steps) {
  const RunDirectory dir(path);
  write_file_atomically(dir.resolved_case(), "thermodose: 1\n");
  FieldWriter fields(dir.path());
  const NodeGeometry g = output_test::sample_grid();
  const std::vector<float> t = noise(g.size());
  fields.set_mesh(g, {});
  for (int s = 0; s < steps; ++s)
    fields.write_step(s, {{{"temperature_degC", "degC", "Temperature"}, t.data()}});
  fields.finish();
  const Table table{"traces", "", {{"time", "s", "", std::vector<double>(2000, 0.125)}}};
  write_csv(dir.traces_csv(), table);
  write_results_h5(dir.results_h5(), {table}, "id");
  write_summary(dir.summary_json(), RunSummary());
  return "done";
}

std::vector<std::string> complete_names(const Scratch& dir) {
  std::vector<std::string> out;
  for (const std::string& name : dir.names()) {
    if (name.size() < 5 || name.substr(name.size() - 5) != ".part") out.push_back(name);
  }
  return out;
}

TEST(Failure, AWholeRunLeavesNoPart) {
  const Scratch dir;
  EXPECT_EQ(write_run(dir.path(), 2), "done");
  EXPECT_EQ(dir.names(), (std::vector<std::string>{"case.resolved.yaml", "fields.h5", "fields.xdmf",
                                                   "results.h5", "summary.json", "traces.csv"}));
}

TEST(Failure, FileSizeLimitStopsEveryWriterWithAReason) {
  // A limit on the size of files makes write() fail part-way without any privilege.
  const std::vector<std::pair<std::string, std::size_t>> stages{
      {"case.resolved.yaml", 8}, {"fields.h5", 600000}, {"fields.h5", 2000}, {"fields.h5", 100}};
  for (const auto& [name, bytes] : stages) {
    const Scratch dir;
    const std::size_t limit = bytes;
    const ChildReport r = in_child([&] {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit wanted{limit, limit};
      if (::setrlimit(RLIMIT_FSIZE, &wanted) != 0) return std::string("setrlimit failed");
      return write_run(dir.path(), 4);
    });
    EXPECT_TRUE(mentions(r.text, {"IoError: ", dir.path(), name + ".part", "File too large"}));
    EXPECT_TRUE(r.exited_normally()) << "signal " << r.signal();
    for (const std::string& left : complete_names(dir)) EXPECT_EQ(left, "case.resolved.yaml");
  }
}

/// Mounts a small file system at `path` in a mount name space of the child's own.
bool mount_small(const std::string& path, const char* size) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  // MS_PRIVATE: the mount must not show outside.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return ::mount("tmpfs", path.c_str(), "tmpfs", 0, size) == 0;
}

TEST(Failure, FullDiskAtAnyMoment) {
  for (const char* size : {"size=4k", "size=64k", "size=500k", "size=1000k", "size=1700k"}) {
    const Scratch dir;
    const ChildReport r = in_child([&] {
      if (!mount_small(dir.path(), size)) return std::string("no mount");
      const std::string said = output_test::told_by([&] { return write_run(dir.path(), 4); });
      std::string left;
      for (const std::string& name : complete_names(dir)) left += " " + name;
      return said + "\nleft:" + left;
    });
    if (r.text == "no mount") GTEST_SKIP() << "needs the right to mount a tmpfs";
    EXPECT_TRUE(mentions(r.text, {"IoError: ", dir.path(), "No space left on device"}));
    EXPECT_FALSE(mentions(r.text, {"summary.json"})) << size;
    EXPECT_FALSE(mentions(r.text, {"fields.xdmf"})) << size;
    EXPECT_TRUE(r.exited_normally()) << size << ", signal " << r.signal();
  }
}

TEST(Failure, DirectoryWithoutWritePermission) {
  const Scratch dir;
  ASSERT_EQ(::chmod(dir.path().c_str(), 0555), 0);
  const auto as_nobody = [&](const std::function<void()>& body) {
    return in_child([&] {
      if (::geteuid() == 0 && ::setuid(65534) != 0) return std::string("setuid failed");
      body();
      return std::string("no error");
    });
  };
  const std::string reason = "Permission denied";
  EXPECT_TRUE(mentions(as_nobody([&] { const RunDirectory d(dir.path()); }).text,
                       {"IoError: ", dir.path(), reason}));
  EXPECT_TRUE(mentions(as_nobody([&] { const RunDirectory d(dir.file("sub/sub")); }).text,
                       {"IoError: ", dir.file("sub/sub"), reason}));
  EXPECT_TRUE(mentions(as_nobody([&] { const FieldWriter w(dir.path()); }).text,
                       {"IoError: ", dir.file("fields.h5.part"), reason}));
  EXPECT_TRUE(mentions(as_nobody([&] { write_file_atomically(dir.file("a"), ""); }).text,
                       {"IoError: ", dir.file("a.part"), reason}));
  ASSERT_EQ(::chmod(dir.path().c_str(), 0755), 0);
}

TEST(Failure, OutputPathThatIsAFile) {
  const Scratch dir;
  dir.write("results", "mine");
  for (const char* name : {"results", "results/below"}) {
    const std::string said = output_test::told_by([&] {
      const RunDirectory d(dir.file(name));
      return std::string("no error");
    });
    EXPECT_TRUE(mentions(said, {"IoError: ", dir.file(name), "irectory"}));
  }
  EXPECT_EQ(dir.read("results"), "mine");
}

TEST(Failure, DirectoryVanishesDuringTheRun) {
  const Scratch dir;
  const std::string path = dir.file("run");
  const std::string said = output_test::told_by([&] {
    const RunDirectory run(path);
    FieldWriter fields(run.path());
    const NodeGeometry g = output_test::sample_hexahedra(3);
    const std::vector<float> t = noise(g.size());
    fields.set_mesh(g, {});
    fields.write_step(0, {{{"temperature_degC", "degC", ""}, t.data()}});
    std::filesystem::remove_all(path);
    fields.finish();
    return std::string("no error");
  });
  EXPECT_TRUE(mentions(said, {"IoError: ", path, "No such file or directory"}));
}

TEST(Failure, TargetOfARenameIsADirectory) {
  const Scratch dir;
  std::filesystem::create_directory(dir.file("summary.json"));
  const std::string said = output_test::told_by([&] {
    write_summary(dir.file("summary.json"), RunSummary());
    return std::string("no error");
  });
  EXPECT_TRUE(mentions(said, {"IoError: ", "summary.json.part", "irectory"}));
}

TEST(Failure, KilledAtAnyMomentLeavesNothingThatLooksComplete) {
  std::mt19937 random(11);
  int in_the_middle = 0;
  for (int trial = 0; trial < 12; ++trial) {
    const Scratch dir;
    const pid_t child = ::fork();
    if (child == 0) {
      write_run(dir.path(), 1000000);
      ::_exit(0);
    }
    // Wait until it writes, then a random moment.
    for (int wait = 0; wait < 5000 && !std::filesystem::exists(dir.file("fields.h5.part")); ++wait)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20000));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(complete_names(dir), std::vector<std::string>{"case.resolved.yaml"});
    in_the_middle += int(std::filesystem::exists(dir.file("fields.h5.part")));
    // The next run in the same directory starts clean.
    EXPECT_EQ(write_run(dir.path(), 1), "done");
    EXPECT_EQ(complete_names(dir), dir.names());
  }
  EXPECT_EQ(in_the_middle, 12);
}

TEST(Failure, KilledRunOverAnOlderOneLeavesNothingOfIt) {
  const Scratch dir;
  write_run(dir.path(), 1);
  const ChildReport r = in_child([&]() -> std::string {
    const RunDirectory run(dir.path());
    ::raise(SIGKILL);
    return "";
  });
  EXPECT_EQ(r.signal(), SIGKILL);
  EXPECT_TRUE(dir.names().empty()) << dir.names().front();
}

TEST(RunDirectory, IsHeldByOneRunAtATime) {
  const Scratch dir;
  {
    const RunDirectory first(dir.path());
    try {
      const RunDirectory second(dir.path());
      FAIL() << "two runs would mix their results";
    } catch (const IoError& e) {
      EXPECT_NE(std::string(e.what()).find("another run"), std::string::npos) << e.what();
    }
  }
  EXPECT_NO_THROW(RunDirectory{dir.path()}) << "free again";
}

TEST(RunDirectory, KeepsWhatIsNotItsOwn) {
  const Scratch dir;
  dir.write("notes.txt", "mine");
  dir.write("notes.txt.part", "mine");
  dir.write("summary.json.part", "stale");
  const RunDirectory run(dir.file("new/er"));  // parents are made
  EXPECT_TRUE(std::filesystem::is_directory(run.path()));
  const RunDirectory again(dir.path());
  EXPECT_EQ(dir.names(), (std::vector<std::string>{"new", "notes.txt", "notes.txt.part"}));
  EXPECT_EQ(again.file("x"), dir.file("x"));
}

TEST(RunDirectory, ResultsOfSomebodyElseAreNotRemoved) {
  const Scratch dir;
  dir.write("summary.json", "mine");
  EXPECT_THROW(RunDirectory{dir.path()}, IoError);
  EXPECT_EQ(dir.read("summary.json"), "mine");
  dir.write("run.log", "of a run");
  EXPECT_NO_THROW(RunDirectory{dir.path()});
  EXPECT_EQ(dir.names(), std::vector<std::string>{"run.log"});
}

TEST(RunDirectory, NameThatNoFileSystemTakes) {
  const Scratch dir;
  EXPECT_THROW(RunDirectory{dir.file(std::string(400, 'x'))}, IoError);
}

TEST(AtomicFile, AppearsOnCommitOnly) {
  const Scratch dir;
  dir.write("a.txt", "old");
  {
    AtomicFile file(dir.file("a.txt"));
    file.write("half");
  }
  EXPECT_EQ(dir.read("a.txt"), "old");
  EXPECT_EQ(dir.read("a.txt.part"), "half");
  AtomicFile file(dir.file("a.txt"));
  const std::string text(100000, 'x');
  file.write(text);
  file.write("end");
  file.commit();
  EXPECT_EQ(dir.read("a.txt"), text + "end");
  EXPECT_EQ(dir.names(), std::vector<std::string>{"a.txt"});
}

}  // namespace
}  // namespace thermodose
