#!/bin/sh
# Compiles the contracts of these tests. SITE_PACKAGES is where PyPI's cairo-lang 0.14.0.1 is installed,
# CORELIB_COMPLETION the folder with the parts of the core library that it lacks; meta_tx_v0 is not on the
# compiler's default list of library functions.
#
#   build.sh SITE_PACKAGES CORELIB_COMPLETION
set -eu
here=$(cd "$(dirname "$0")" && pwd)
package=$1/starkware/starknet/compiler/v1/sierra-compiler-major-1
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
cp -r "$package/bin" "$package/corelib" "$tools/"
cp -r "$2/." "$tools/corelib/"
for name in probe flood corners; do
  "$tools/bin/starknet-compile" --allowed-libfuncs-list-name all "$here/$name" "$tools/sierra.json"
  "$tools/bin/starknet-sierra-compile" --allowed-libfuncs-list-name all "$tools/sierra.json" "$tools/casm.json"
  python3 - "$tools" "$here/$name" <<'PY'
import json, sys
tools, out = sys.argv[1:]
sierra = json.load(open(f"{tools}/sierra.json"))
sierra.pop("sierra_program_debug_info")
for kind, artifact in (("sierra", sierra), ("casm", json.load(open(f"{tools}/casm.json")))):
    json.dump(artifact, open(f"{out}.{kind}.json", "w"), separators=(",", ":"))
PY
done
