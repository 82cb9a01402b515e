/**
 * Steps of the OS program by function, for blocks of STRK transfers from one account: what each part costs
 * to prove. Steps are counted, not timed, so they are the same on every machine.
 *
 *   node bench/os.ts [number of transfers …]
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DevnetCore } from "../src/devnet/core.ts";
import { STRK_TOKEN } from "../src/starknet/addresses.ts";
import { silentLog } from "../src/devnet/log.ts";
import { readOptions } from "../src/devnet/options.ts";
import { signedInvoke } from "../src/devnet/signed-invoke.ts";
import { selector } from "../src/hash/keccak.ts";
import { osInput } from "../src/os/input.ts";
import { type OsRun, runOs } from "../src/os/run.ts";
import { chainSource } from "../src/os/source.ts";
import { MemoryStore } from "../src/state/store/memory-store.ts";
import { packageFile } from "../src/util/package.ts";

interface Artifact {
  readonly data: readonly string[];
  readonly identifiers: Readonly<Record<string, { readonly type: string; readonly pc?: number }>>;
}

/** Functions by their first offset, ascending. */
function functions({ identifiers }: Artifact): readonly (readonly [pc: number, name: string])[] {
  return Object.entries(identifiers)
    .filter(([, { type }]) => type === "function")
    .map(([name, { pc }]) => [pc!, name] as const)
    .sort(([a], [b]) => a - b);
}

const ENTRY_BYTES = 24;

/** Steps by function; of code outside the program as "contracts". */
function profile(run: OsRun, artifact: Artifact): Map<string, number> {
  const table = functions(artifact);
  const names = artifact.data.map((_, pc) => table.findLast(([start]) => start <= pc)?.[1] ?? "");
  const trace = new DataView(run.trace.buffer, run.trace.byteOffset, run.trace.byteLength);
  const steps = new Map<string, number>();
  for (let at = 0; at < trace.byteLength; at += ENTRY_BYTES) {
    // The program starts at address 1.
    const name = names[trace.getUint32(at + 16, true) - 1] ?? "contracts";
    steps.set(name, (steps.get(name) ?? 0) + 1);
  }
  return steps;
}

/** Runs the OS on one block of transfers, to `receivers` accounts in turn. */
async function transfers(count: number, receivers: number): Promise<OsRun> {
  const { options } = readOptions({ accounts: 1, blockGenerationOn: "demand" });
  const core = new DevnetCore({
    options: { ...options, seed: 0 },
    store: new MemoryStore(),
    log: silentLog,
  });
  try {
    // Blocks from the tenth on store an older block's hash.
    for (let i = 0; i < 12; i++) core.sequencer.closeBlock();
    for (let i = 0; i < count; i++) {
      const to = 0x1234n + 7919n * BigInt(i % receivers);
      const call = { to: STRK_TOKEN, selector: selector("transfer"), calldata: [to, 5n, 0n] };
      await core.sequencer.submit({ transaction: signedInvoke(core, core.accounts[0]!, call) });
    }
    const { number } = core.sequencer.closeBlock().header;
    const source = chainSource(core.sequencer.chain);
    return runOs(osInput(source, core.environment, number, number), { trace: true });
  } finally {
    await core.close();
  }
}

/** A line of a Markdown table. */
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
const figure = (value: number | undefined): string => (value ?? 0).toLocaleString("en");

const file = packageFile("contracts/cairo/artifacts/os.json.gz");
const artifact = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Artifact;
const chosen = process.argv.slice(2).map(Number);
const counts = chosen.length > 0 ? chosen : [1, 10, 50];
const runs: OsRun[] = [];
for (const count of counts) runs.push(await transfers(count, 1));
const profiles = runs.map((run) => profile(run, artifact));

console.log(row(["function", ...counts.map((count) => `${count} transfers`)]));
console.log(row(["---", ...counts.map(() => "---")]));
const total = (name: string): number => Math.max(...profiles.map((steps) => steps.get(name) ?? 0));
const names = [...new Set(profiles.flatMap((steps) => [...steps.keys()]))].sort(
  (a, b) => total(b) - total(a),
);
const shown = names.slice(0, 24);
const others = names.filter((name) => !shown.includes(name));
for (const name of shown)
  console.log(
    row([
      name.replace(/^(os|__main__)\./, ""),
      ...profiles.map((steps) => figure(steps.get(name))),
    ]),
  );
const sum = (steps: ReadonlyMap<string, number>, list: readonly string[]): number =>
  list.reduce((rest, name) => rest + (steps.get(name) ?? 0), 0);
console.log(row(["others", ...profiles.map((steps) => figure(sum(steps, others)))]));
console.log(row(["**steps**", ...runs.map(({ steps }) => figure(steps))]));
for (const name of ["pedersen", "range_check", "ec_op", "poseidon"] as const)
  console.log(row([name, ...runs.map(({ builtins }) => figure(builtins[name]))]));

const spread: string[] = [];
for (const count of counts) spread.push(figure((await transfers(count, count)).steps));
console.log(row(["steps, each transfer to another account", ...spread]));
