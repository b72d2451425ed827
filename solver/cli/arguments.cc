// Implements: cli/arguments.h with CLI11.
#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "base/text.h"
#include "base/version.h"

namespace thermodose::cli {
namespace {

constexpr int kUsageError = 2;

const char* const kFooter =
    "Exit status: 0 done, 2 bad input, 3 the solver could not go on, 4 a file could not be read\n"
    "or written, 130 interrupted, 70 a bug in the program.\n"
    "THERMODOSE_HOME names the directory with 'materials' and 'cases' if they are elsewhere.";

void add_case(CLI::App& command, Arguments& a) {
  command.add_option("CASE", a.case_file, "Case file, or a directory with a case.yaml")->required();
  command
      .add_option("--set", a.settings,
                  "Overrides one key of the case, also of a tissue or device it takes from the "
                  "library: --set accuracy='5 %' --set domain.initial_temperature='36 degC' "
                  "--set protocol.0.steps.0.freeze='8 min'; a name with dots may stand in quotes")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->expected(1)
      ->take_all();
}

void add_run(CLI::App& program, Arguments& a) {
  CLI::App* run = program.add_subcommand("run", "Simulates a case and writes its results");
  run->callback([&a] { a.command = Command::run; });
  add_case(*run, a);
  run->add_option("-o,--output", a.directory, "Directory of the results [results/NAME]")
      ->type_name("DIR");
  run->add_option("--threads", a.threads, "Threads [the cores that are free]")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  CLI::Option* quiet = run->add_flag("-q,--quiet", a.quiet, "No progress, no summary");
  run->add_flag("-v,--verbose", a.verbose, "Shows the lines of run.log too")->excludes(quiet);
}

void add_others(CLI::App& program, Arguments& a) {
  CLI::App* check = program.add_subcommand(
      "check", "Shows all problems of a case, or its cells, steps, memory, time and warnings");
  check->callback([&a] { a.command = Command::check; });
  add_case(*check, a);
  check->add_flag("--echo", a.echo,
                  "The resolved case too, in SI with all defaults: the output is a case file");

  const auto join_words = [&a](const std::vector<std::string>& words) {
    a.topic = text::join(words, " ");
  };
  CLI::App* list = program.add_subcommand("list", "Lists what a case can name");
  list->callback([&a] { a.command = Command::list; });
  list->add_option_function<std::vector<std::string>>(
          "TOPIC", join_words,
          "materials, devices, maps, templates, shapes, dose models, laws, ... [all]")
      ->type_name("WORDS");

  CLI::App* describe = program.add_subcommand(
      "describe", "Explains a key, a material, a device, a shape, a law, ...");
  describe->callback([&a] { a.command = Command::describe; });
  describe
      ->add_option_function<std::vector<std::string>>(
          "TOPIC", join_words, "A name that `list` shows, or a key such as domain.box.size")
      ->type_name("WORDS")
      ->required();

  CLI::App* create = program.add_subcommand("new", "Copies a commented case to start from");
  create->callback([&a] { a.command = Command::create; });
  create->add_option("TEMPLATE", a.template_name, "A name of `thermodose list templates`")
      ->required();
  create->add_option("DIR", a.directory, "Directory to make")->required();
}

void add_export(CLI::App& program, Arguments& a) {
  CLI::App* write = program.add_subcommand(
      "export", "Writes the tissues of a case as a label map, and as surfaces");
  write->callback([&a] { a.command = Command::write; });
  add_case(*write, a);
  write->add_option("-o,--output", a.directory, "Directory to write to")
      ->type_name("DIR")
      ->required();
  write->add_option("--spacing", a.spacing, "Edge of voxels and surfaces' cells [1 mm]")
      ->type_name("LENGTH");
  write->add_option("--format", a.format, "Format of the label map [nii.gz]")
      ->check(CLI::IsMember({"nii.gz", "nii", "nrrd", "mha"}));
  write->add_flag("--surfaces", a.surfaces, "Closed surfaces too, .stl and .vtp in mm");
}

/// The words as a shell would take them again.
std::string command_line(int argc, const char* const* argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    std::string word = argv[i];
    if (word.empty() || word.find_first_of(" \t\n'\"\\$`*?[](){}<>|&;#~!") != std::string::npos) {
      for (std::size_t at = 0; (at = word.find('\'', at)) != std::string::npos; at += 4)
        word.replace(at, 1, "'\\''");
      word.insert(0, 1, '\'').push_back('\'');
    }
    line += (i > 0 ? " " : "") + word;
  }
  return line;
}

// The nearest command or option to the first word that is none, for a message.
std::string nearest_word(const CLI::App& program, int argc, const char* const* argv) {
  std::vector<std::string> commands, options;
  for (const CLI::App* command : program.get_subcommands({}))
    commands.push_back(command->get_name());
  std::vector<const CLI::App*> in_use{&program};
  for (const CLI::App* command : program.get_subcommands()) in_use.push_back(command);
  for (const CLI::App* app : in_use)
    for (const CLI::Option* option : app->get_options())
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  const auto unknown = [](const std::vector<std::string>& names, const std::string& word) {
    return std::find(names.begin(), names.end(), word) == names.end();
  };
  for (int i = 1; i < argc; ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    if (word.rfind("--", 0) == 0 && unknown(options, word))
      return text::did_you_mean(word, options);
    if (in_use.size() == 1 && word.rfind('-', 0) != 0) return text::did_you_mean(word, commands);
  }
  return "";
}

}  // namespace

std::string version_text() {
  std::string text =
      fmt::format("thermodose {} (commit {})\n  compiler: {}\n  libraries:", version(), git_hash(),
                  build_description());
  for (const auto& [name, number] : library_versions()) text += fmt::format(" {} {}", name, number);
  return text + "\n";
}

Parsed parse(int argc, const char* const* argv) {
  Arguments a;
  a.command_line = command_line(argc, argv);
  CLI::App program("Predicts what a percutaneous thermal treatment does to tissue.", "thermodose");
  program.footer(kFooter);
  program.require_subcommand(1);
  program.set_version_flag("--version", version_text, "Version, commit, libraries");
  add_run(program, a);
  add_others(program, a);
  add_export(program, a);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, problem;
    if (program.exit(error, out, problem) == 0) return {std::nullopt, out.str(), 0};
    const std::string near = nearest_word(program, argc, argv);
    std::string text = problem.str();
    if (!near.empty()) text.insert(text.find('\n'), near);
    return {std::nullopt, text, kUsageError};
  }
  return {a, "", 0};
}

}  // namespace thermodose::cli
