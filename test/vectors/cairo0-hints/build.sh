#!/bin/sh
# Compiles the programs beside this script and records their runs. Needs Python 3.10 with cairo-lang 0.14.0.1.
set -eu
cd "$(dirname "$0")"
# Two modules of the package import from `src.starkware`; a link makes that name exist.
path=$(mktemp -d)
trap 'rm -rf "$path"' EXIT
ln -s "$(python -c 'import starkware, os; print(os.path.dirname(list(starkware.__path__)[0]))')" "$path/src"
for source in *.cairo; do
  cairo-compile "$source" --no_debug_info --cairo_path "$path" | gzip -9n >"${source%.cairo}.json.gz"
done
python record.py
