#!/usr/bin/env bash
# Installs the Debian packages that are missing, where it may; says which are still missing, and succeeds either
# way: a test that cannot run without one says so itself.
#
# usage: system_packages.sh build|test
#   build   what `make` needs: a compiler and Python's venv
#   test    these and every compiler and runner that the tests use
#
# A package counts as there when the thing it is wanted for works, whoever installed it.
set -euo pipefail

has_command() { command -v "$1" >/dev/null; }
has_cblas() { g++ -E -x c++ -include cblas.h /dev/null >/dev/null 2>&1; }
has_fuzzer() { compgen -G "$(clang++ -print-resource-dir 2>/dev/null)/lib/linux/libclang_rt.fuzzer-*" >/dev/null; }
has_venv() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

# package, then the command that succeeds once it is there
build_needs=(
  "g++ has_command g++"
  "python3-venv has_venv"
)
test_needs=(
  "${build_needs[@]}"
  "binutils has_command readelf"
  "clang has_command clang++"
  "clang-format has_command clang-format"
  "libclang-rt-dev has_fuzzer"
  "libopenblas-dev has_cblas"
  "ninja-build has_command ninja"
  "nodejs has_command node"
  "npm has_command npm"
  "chromium has_command chromium"
  "graphviz has_command dot"
  "emscripten has_command emcc"
  "node-acorn test -e /usr/share/nodejs/acorn"
  "g++-mingw-w64-x86-64-posix has_command x86_64-w64-mingw32-g++-posix"
  "valgrind has_command valgrind"
  "wine64 test -x /usr/lib/wine/wine64"
  "nlohmann-json3-dev test -e /usr/include/nlohmann/json.hpp"
  "rapidjson-dev test -e /usr/include/rapidjson/document.h"
  "libfmt-dev test -e /usr/include/fmt/format.h"
  "libcli11-dev test -e /usr/include/CLI/CLI.hpp"
  "libcereal-dev test -e /usr/include/cereal/cereal.hpp"
)

# Prints the packages of the arguments (rows as above) that are missing, one a line.
missing() {
  local row
  for row in "$@"; do
    ${row#* } || echo "${row%% *}"
  done
}

# Runs apt-get as root, without a question, waiting for another apt that is at work.
apt() {
  local elevate=()
  [ "$(id -u)" -eq 0 ] || elevate=(sudo -n)
  "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 "$@" \
    </dev/null >/dev/null
}

may_install() {
  has_command apt-get && { [ "$(id -u)" -eq 0 ] || { has_command sudo && sudo -n true 2>/dev/null; }; }
}

case "${1:-}" in
  build) needs=("${build_needs[@]}") ;;
  test) needs=("${test_needs[@]}") ;;
  *) echo "usage: $0 build|test" >&2; exit 2 ;;
esac

mapfile -t wanted < <(missing "${needs[@]}")
[ "${#wanted[@]}" -gt 0 ] || exit 0
if may_install; then
  echo "installing ${wanted[*]}"
  apt update || true  # an old list may still do
  # one that cannot be had must not keep the others away
  apt install -y --no-install-recommends "${wanted[@]}" ||
    for package in "${wanted[@]}"; do apt install -y --no-install-recommends "$package" || true; done
fi
mapfile -t wanted < <(missing "${needs[@]}")
[ "${#wanted[@]}" -eq 0 ] || echo "not installed: ${wanted[*]} (as root: apt-get install ${wanted[*]})" >&2
