#!/bin/sh
# Compiles the contract of these tests. SITE_PACKAGES is where PyPI's cairo-lang 0.14.0.1 is installed.
#
#   build.sh SITE_PACKAGES
set -eu
here=$(cd "$(dirname "$0")" && pwd)
package=$1/starkware/starknet/compiler/v1/sierra-compiler-major-1
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
cp -r "$package/bin" "$package/corelib" "$tools/"
cp -r "$here/../../../contracts/cairo/corelib-completion/." "$tools/corelib/"
"$tools/bin/starknet-compile" "$here/hostile" "$tools/sierra.json"
python3 - "$tools/sierra.json" "$here/hostile.sierra.json" <<'PY'
import json, sys
sierra = json.load(open(sys.argv[1]))
sierra.pop("sierra_program_debug_info")
json.dump(sierra, open(sys.argv[2], "w"), separators=(",", ":"))
PY
