// Implements: cli/commands.h.
#include "cli/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "base/units.h"
#include "base/version.h"
#include "case/case_reader.h"
#include "case/topics.h"
#include "cli/dose_fields.h"
#include "cli/label_maps.h"
#include "cli/progress_line.h"
#include "cli/signals.h"
#include "cli/summary_text.h"
#include "cli/templates.h"
#include "run/export.h"
#include "run/run.h"

namespace thermodose::cli {
namespace {

namespace fs = std::filesystem;

void print(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) {
    throw IoError(fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  }
}

std::vector<std::string> library() { return {(fs::path(home_directory()) / "materials").string()}; }

CaseSpec read(const Arguments& a) {
  ReadOptions options;
  options.overrides = split_settings(a.settings);
  options.library = library();
  return read_case(case_file(a.case_file), options);
}

/// What `action` returns; problems that it finds in the case get their lines.
template <class Action>
auto with_lines(const CaseSpec& spec, const Action& action) {
  try {
    return action();
  } catch (const InputError& error) {
    throw located(error, spec);
  }
}

// Lines of the log on standard error, above the bar. Remembers the warnings that were shown.
class Console {
 public:
  Console(ProgressLine& line, bool verbose) : line_(line) {
    log::to_console(verbose ? log::Level::info : log::Level::warning,
                    [this](log::Level level, const std::string& text) { show(level, text); });
  }
  ~Console() { log::to_console(log::Level::warning, {}); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  bool has_shown(const std::string& warning) const {
    return std::find(shown_.begin(), shown_.end(), warning) != shown_.end();
  }

 private:
  void show(log::Level level, const std::string& text) {
    if (level != log::Level::warning) return line_.message(text);
    line_.message("warning: " + text);
    shown_.push_back(text);
  }

  ProgressLine& line_;
  std::vector<std::string> shown_;
};

void run(const Arguments& a) {
  RunOptions options;
  const CaseSpec spec = read(a);
  options.stop = &stop_on_signals();  // until here there is nothing to keep
  options.directory = a.directory.empty() ? default_directory(spec.file) : a.directory;
  options.threads = a.threads;
  options.quiet = a.quiet;
  options.command_line = a.command_line;
  ProgressLine line(stderr, is_terminal(stderr));
  if (!a.quiet) options.progress = [&line](const Progress& p) { line.update(p); };
  const Console console(line, a.verbose);
  RunSummary summary = with_lines(spec, [&] { return run_case(spec, options); });
  line.clear();
  auto& warnings = summary.warnings;
  warnings.erase(std::remove_if(warnings.begin(), warnings.end(),
                                [&](const std::string& w) { return console.has_shown(w); }),
                 warnings.end());
  if (!a.quiet) print(summary_text(summary, options.directory));
}

void check(const Arguments& a) {
  const CaseSpec spec = read(a);
  const CheckReport report = with_lines(spec, [&] { return check_case(spec); });
  if (!a.echo) return print(report.text + "\n");
  // The report as comments: the whole output is a case file again.
  std::string text = "# ";
  for (const char c : report.text) {
    if (c == '\n') {
      text += "\n# ";
    } else {
      text += c;
    }
  }
  text += "\n#\n";
  text += resolved_yaml(spec, {fmt::format("thermodose {} (commit {})", version(), git_hash())});
  print(text::trim(text) + "\n");
}

void write_tissues(const Arguments& a) {
  ExportOptions options;
  options.directory = a.directory;
  options.extension = a.format;
  options.surfaces = a.surfaces;
  try {
    const units::Quantity q = units::split(a.spacing);
    const units::Unit unit = units::parse_unit(q.unit);
    if (!units::same_dimension(unit, units::parse_unit("mm")) || !(q.number > 0))
      throw units::UnitError("expected a length above 0, such as 0.5 mm");
    options.spacing = unit.to_si(q.number);
  } catch (const units::UnitError& error) {
    throw InputError(Problem{"", 0, "--spacing",
                             fmt::format("found {}: {}", text::quoted(a.spacing), error.what())});
  }
  const CaseSpec spec = read(a);
  const auto lines = with_lines(spec, [&] { return export_case(spec, options); });
  print(text::join(lines, "\n") + "\n");
}

void list_topic(const Arguments& a) {
  const std::string word = topic_word(a.topic);
  if (word == "templates" || word == "template" || word == "cases") {
    for (const Template& t : templates()) print(fmt::format("  {:<27} {}\n", t.name, t.summary));
    return;
  }
  if (word == "maps" || word == "map" || word == "label_maps") return print(list_maps(library()));
  std::string text = list(a.topic, library(), {"maps", "templates"});
  if (a.topic.empty()) {
    text += fmt::format("  {:<27} {}\n", "maps", "what the labels of a segmentation are");
    text += fmt::format("  {:<27} {}\n", "templates", "cases for `thermodose new`");
  }
  print(text);
}

void describe_topic(const Arguments& a) {
  const auto map = describe_map(a.topic, library());
  if (map) return print(*map);
  const auto field = describe_field(a.topic, library());
  print(field ? *field : describe(a.topic, library()) + fields_text(a.topic));
}

void create(const Arguments& a) {
  const std::string file = create_case(a.template_name, a.directory);
  print(fmt::format("wrote {}\nrun it with: thermodose run {}\n", file, file));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> split_settings(
    const std::vector<std::string>& settings) {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::vector<Problem> problems;
  for (const std::string& setting : settings) {
    const std::size_t equal = setting.find('=');
    if (equal == std::string::npos || text::trim(setting.substr(0, equal)).empty()) {
      problems.push_back({"", 0, "--set",
                          fmt::format("found {}, expected KEY=VALUE such as accuracy='5 %'",
                                      text::quoted(setting))});
      continue;
    }
    pairs.emplace_back(text::trim(setting.substr(0, equal)), setting.substr(equal + 1));
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  return pairs;
}

std::string case_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? (fs::path(path) / "case.yaml").string() : path;
}

std::string default_directory(const std::string& case_file) {
  const fs::path path = fs::absolute(case_file).lexically_normal();
  const bool named = path.stem() != "case" || !path.parent_path().has_filename();
  const fs::path name = named ? path.stem() : path.parent_path().filename();
  return (fs::path("results") / name).string();
}

void execute(const Arguments& arguments) {
  switch (arguments.command) {
    case Command::run:
      return run(arguments);
    case Command::check:
      return check(arguments);
    case Command::write:
      return write_tissues(arguments);
    case Command::list:
      return list_topic(arguments);
    case Command::describe:
      return describe_topic(arguments);
    case Command::create:
      return create(arguments);
  }
}

}  // namespace thermodose::cli
