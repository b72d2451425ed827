#!/usr/bin/env bash
# Implements: set-up and build on a Debian 12 machine, used by quickstart.sh, test.sh, validate.sh.
#
# Run it to install what is missing from scripts/packages.txt and to build build/thermodose.
# Source it to use its functions. Idempotent: when nothing is missing nothing is installed.
#   THERMODOSE_BUILD_DIR  where to build (default: build/ in the source tree)
#   THERMODOSE_JOBS       parallel compile jobs (default: from cores and memory)
set -euo pipefail
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
if ! { : <&0; } 2>/dev/null; then exec </dev/null; fi # stdin may be closed in a CI runner

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${THERMODOSE_BUILD_DIR:-$root/build}

say() { printf '==> %s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# stage NAME COMMAND...: runs the command and notes how long it took.
stage_names=() stage_seconds=()
stage() {
  local name=$1 begin=$EPOCHREALTIME
  shift
  say "$name"
  "$@"
  stage_names+=("$name")
  stage_seconds+=("$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')")
}

print_stages() {
  local i
  say "time of each stage"
  for i in "${!stage_names[@]}"; do
    printf '    %-44s %8s s\n' "${stage_names[$i]}" "${stage_seconds[$i]}"
  done
}

listed_packages() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$root/scripts/packages.txt"; }

missing_packages() {
  local package
  for package in $(listed_packages); do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
}

# retry COMMAND...: package mirrors fail now and then.
retry() {
  local attempt
  for attempt in 1 2 3; do
    if "$@"; then return 0; fi
    say "attempt $attempt failed: $*"
    sleep $((attempt * 5))
  done
  return 1
}

install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "no apt here: install the equivalents of scripts/packages.txt yourself"
    return 0
  fi
  local missing sudo=()
  mapfile -t missing < <(missing_packages)
  if ((${#missing[@]} == 0)); then
    say "all packages of scripts/packages.txt are installed"
    return 0
  fi
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null || { ! [[ -t 0 ]] && ! sudo -n true 2>/dev/null; }; then
      fail "these packages are missing and need root or sudo: ${missing[*]}"
    fi
    sudo=(sudo env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8)
  fi
  say "installing: ${missing[*]}"
  local quiet=(-q -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  retry "${sudo[@]}" apt-get "${quiet[@]}" update || fail "apt-get update failed"
  retry "${sudo[@]}" apt-get "${quiet[@]}" install -y --no-install-recommends "${missing[@]}" \
    >"$package_log" 2>&1 || {
    tail -n 40 "$package_log" >&2
    fail "apt-get install failed"
  }
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]} == 0)) || fail "still missing after installation: ${missing[*]}"
}

# A translation unit that sees deal.II takes up to 2 GB in the compiler.
compile_jobs() {
  local cores megabytes limit
  cores=$(nproc)
  megabytes=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  if limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null) && [[ $limit =~ ^[0-9]+$ ]]; then
    limit=$((limit / 1048576))
    ((limit < megabytes)) && megabytes=$limit
  fi
  local fit=$((megabytes / 2000))
  ((fit >= 1)) || fit=1
  echo $((cores < fit ? cores : fit))
}

configure() {
  mkdir -p "$build"
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >"$build/configure.log" 2>&1 || {
    cat "$build/configure.log" >&2
    fail "configuring failed"
  }
}

# compile [TARGET...]: the whole build, or some of its targets.
compile() {
  local jobs=${THERMODOSE_JOBS:-$(compile_jobs)}
  say "compiling with $jobs jobs"
  NINJA_STATUS='[%f/%t %es] ' cmake --build "$build" -j "$jobs" ${1+--target} "$@"
  say "the program is $build/thermodose"
}

# set_up [TARGET...]: packages, configuration, and the build of everything or of some targets.
set_up() {
  package_log=$(mktemp)
  stage "packages" install_packages
  rm -f "$package_log"
  stage "configure" configure
  stage "build" compile "$@"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set_up
  print_stages
fi
