"""Runs the compiled programs of this folder with cairo-lang's own VM and records what came out.

Writes patricia.input.json and expected.json: the number of steps, the program's output, and SHA-256 of the
trace file and of the memory file, the latter sorted by address. See README.md.
"""

import hashlib
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from starkware.cairo.common.poseidon_hash import poseidon_hash
from starkware.crypto.signature.fast_pedersen_hash import pedersen_hash

FOLDER = Path(__file__).parent
HEIGHT = 8
LAYOUT = "starknet_with_keccak"


def patricia(leaves, hash_function, preimage):
    """The root of a full tree of leaves; puts every node's preimage into `preimage`."""

    def node_hash(node):
        length, path, bottom = node
        if length == 0:
            return bottom
        node_hash = hash_function(bottom, path) + length
        preimage[node_hash] = node
        return node_hash

    layer = [(0, 0, leaf) for leaf in leaves]
    while len(layer) > 1:
        parents = []
        for left, right in zip(layer[::2], layer[1::2]):
            if left[2] == 0 and right[2] == 0:
                parents.append((0, 0, 0))
            elif left[2] == 0:
                parents.append((right[0] + 1, right[1] + 2 ** right[0], right[2]))
            elif right[2] == 0:
                parents.append((left[0] + 1, left[1], left[2]))
            else:
                children = node_hash(left), node_hash(right)
                parents.append((0, 0, hash_function(*children)))
                preimage[parents[-1][2]] = children
        layer = parents
    return node_hash(layer[0])


def updates(hash_function, seed):
    """Four updates of one tree: fill an empty one, change and add, delete some, delete all."""
    rng = random.Random(seed)
    leaves = [0] * 2**HEIGHT
    steps = [
        {3: 5, 4: 6, 200: 7, 201: 8, 255: 9},
        {3: 50, 5: 1, 128: 2, **{rng.randrange(256): rng.randrange(1, 1000) for _ in range(20)}},
        {4: 0, 200: 0, 255: 0, 17: 4},
        None,
    ]
    for step in steps:
        new = list(leaves)
        for key, value in ({i: 0 for i, x in enumerate(leaves) if x} if step is None else step).items():
            new[key] = value
        preimage = {}
        roots = [patricia(tree, hash_function, preimage) for tree in (leaves, new)]
        changed = [i for i in range(2**HEIGHT) if leaves[i] != new[i]]
        yield {
            "roots": roots,
            "accesses": [[i, leaves[i], new[i]] for i in changed],
            "preimage": [[str(node), list(parts)] for node, parts in preimage.items()],
        }
        leaves = new


def run(name):
    with tempfile.TemporaryDirectory() as folder:
        files = {kind: f"{folder}/{kind}" for kind in ("trace", "memory")}
        arguments = [f"--{kind}_file={path}" for kind, path in files.items()]
        if (FOLDER / f"{name}.input.json").exists():
            arguments.append(f"--program_input={FOLDER / name}.input.json")
        program = f"{folder}/program.json"
        Path(program).write_bytes(subprocess.check_output(["gzip", "-dc", FOLDER / f"{name}.json.gz"]))
        text = subprocess.run(
            ["cairo-run", f"--program={program}", f"--layout={LAYOUT}", "--print_output", *arguments],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        output = [int(line) for line in text.split("\n") if line.strip().lstrip("-").isdigit()]
        trace = Path(files["trace"]).read_bytes()
        memory = Path(files["memory"]).read_bytes()
        cells = sorted(memory[i : i + 40] for i in range(0, len(memory), 40))
        cells.sort(key=lambda cell: int.from_bytes(cell[:8], "little"))
        return {
            "steps": len(trace) // 24,
            "output": [str(x) for x in output],
            "trace": hashlib.sha256(trace).hexdigest(),
            "memory": hashlib.sha256(b"".join(cells)).hexdigest(),
        }


def write(path, value):
    path.write_text(json.dumps(value, indent=1) + "\n")


def main():
    trees = [*updates(pedersen_hash, 1), *updates(poseidon_hash, 2)]
    (FOLDER / "patricia.input.json").write_text(json.dumps({"updates": trees}) + "\n")
    names = sys.argv[1:] or sorted(path.stem for path in FOLDER.glob("*.cairo"))
    write(FOLDER / "expected.json", {name: run(name) for name in names})


main()
