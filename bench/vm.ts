/**
 * Steps per second of the Cairo machine against the Rust cairo-vm crate, in the same run:
 *
 *   cargo build --release --manifest-path test/cairo/oracle/Cargo.toml
 *   node bench/vm.ts test/cairo/oracle/target/release/cairo-vm-oracle
 *
 * Without the argument only ours is measured. Both run from the first step to the last, loading, relocation
 * and output not counted; each figure is the best of several rounds, which are interleaved.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { openBuiltin } from "../src/cairo/builtins/index.ts";
import { commonHints, composeHints } from "../src/cairo/hints/cairo0/index.ts";
import { createHintState } from "../src/cairo/hints/state.ts";
import { Machine } from "../src/cairo/machine/machine.ts";
import {
  type Cairo0Program,
  loadCairo0,
  parseCairo0Json,
} from "../src/cairo/run/cairo0-program.ts";
import { runnerHints } from "../src/cairo/run/runner-hints.ts";

const PROGRAMS = [
  "additions",
  "multiplications",
  "arrays",
  "calls",
  "range_checks",
  "builtins",
] as const;
const ROUNDS = 7;
const library = composeHints(commonHints, runnerHints);
const oracle = process.argv[2];
const scratch = mkdtempSync(join(tmpdir(), "bench-"));

function ours(machine: Machine, { program, builtins, labels }: Cairo0Program): [number, number] {
  machine.load(program);
  const { memory } = machine;
  const open = builtins.map((name) => openBuiltin(name, memory));
  const end = memory.addSegment();
  const top = memory.write({ segment: 1, offset: 0 }, [
    ...open.map(({ base }) => base),
    memory.addSegment(),
    end,
  ]);
  machine.setRegisters({ segment: 0, offset: labels.get("main")! }, top.offset, top.offset);
  const start = process.cpuUsage();
  machine.run({
    end,
    maxSteps: 1 << 30,
    deduce: ({ segment, offset }) =>
      open.find((builtin) => builtin.segment === segment)?.deduce(memory, offset),
    hintState: createHintState({ temporaryDictSegments: true }),
  });
  const { user, system } = process.cpuUsage(start);
  return [machine.steps, (user + system) * 1000];
}

function theirs(file: string): number {
  const args = ["bench", "all_cairo", "1", file];
  const { nanoseconds } = JSON.parse(execFileSync(oracle!, args).toString()) as {
    nanoseconds: number[];
  };
  return nanoseconds[0]!;
}

const rate = (steps: number, nanoseconds: number): string =>
  ((steps / nanoseconds) * 1000).toFixed(2);

console.log("program          steps      ours M/s   cairo-vm M/s   ratio");
for (const name of PROGRAMS) {
  const json = gunzipSync(readFileSync(new URL(`cairo-vm/${name}.json.gz`, import.meta.url)));
  const file = join(scratch, `${name}.json`);
  writeFileSync(file, json);
  const program = loadCairo0(parseCairo0Json(json.toString()), library);
  const machine = new Machine();
  let steps = 0;
  let best = Number.POSITIVE_INFINITY;
  let peer = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const [made, nanoseconds] = ours(machine, program);
    steps = made;
    best = Math.min(best, nanoseconds);
    if (oracle !== undefined) peer = Math.min(peer, theirs(file));
  }
  const figures = [
    name.padEnd(16),
    String(steps).padStart(8),
    rate(steps, best).padStart(10),
    oracle === undefined ? "-" : rate(steps, peer).padStart(12),
    oracle === undefined ? "-" : `${(peer / best).toFixed(1)}x`.padStart(10),
  ];
  console.log(figures.join("  "));
}
rmSync(scratch, { recursive: true });
