// thermodose: predicts what a percutaneous thermal treatment does to tissue.
// Implements: the entry point; see cli/program.h.
#include "cli/program.h"

int main(int argc, char** argv) { return thermodose::cli::run_program(argc, argv); }
