/**
 * Steps of the OS program by function, for blocks of STRK transfers from one account, ours and OpenZeppelin's: what
 * each part costs to prove. Steps are counted, not timed, so they are the same on every machine.
 *
 *   node bench/os.ts [number of transfers …]
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { osInput } from "../src/os/input.ts";
import { type OsRun, runOs } from "../src/os/run.ts";
import { chainSource } from "../src/os/source.ts";
import { packageFile } from "../src/util/package.ts";
import { type AccountKind, ACCOUNTS, TransferChain } from "./support/transfers.ts";

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
async function transfers(account: AccountKind, count: number, receivers: number): Promise<OsRun> {
  const chain = await TransferChain.create(account);
  try {
    const { number } = (await chain.block(count, receivers)).header;
    const { sequencer, environment } = chain.core;
    const source = chainSource(sequencer.chain);
    return runOs(osInput(source, environment, number, number), { trace: true });
  } finally {
    await chain.close();
  }
}

/** Functions that have a line of their own. */
const SHOWN = 24;

/** A line of a Markdown table. */
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
const figure = (value: number | undefined): string => (value ?? 0).toLocaleString("en");

const file = packageFile("contracts/cairo/artifacts/os.json.gz");
const artifact = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Artifact;
const chosen = process.argv.slice(2).map(Number);
const counts = chosen.length > 0 ? chosen : [1, 10, 50];
const label = (count: number): string => `${count} transfer${count === 1 ? "" : "s"}`;

for (const account of ACCOUNTS) {
  const runs: OsRun[] = [];
  for (const count of counts) runs.push(await transfers(account, count, 1));
  const spread: string[] = [];
  for (const count of counts) spread.push(figure((await transfers(account, count, count)).steps));
  console.log(`\n${account} account\n`);
  console.log(row(["function", ...counts.map(label)]));
  console.log(row(["---", ...counts.map(() => "---")]));
  printProfiles(runs.map((run) => profile(run, artifact)));
  console.log(row(["**steps**", ...runs.map(({ steps }) => figure(steps))]));
  for (const name of ["pedersen", "range_check", "ec_op", "poseidon"] as const)
    console.log(row([name, ...runs.map(({ builtins }) => figure(builtins[name]))]));
  console.log(row(["steps, each transfer to another account", ...spread]));
}

/** The functions with the most steps, and the sum of all others. */
function printProfiles(profiles: readonly ReadonlyMap<string, number>[]): void {
  const total = (name: string): number =>
    Math.max(...profiles.map((steps) => steps.get(name) ?? 0));
  const names = [...new Set(profiles.flatMap((steps) => [...steps.keys()]))].sort(
    (a, b) => total(b) - total(a),
  );
  for (const name of names.slice(0, SHOWN))
    console.log(
      row([
        name.replace(/^(os|__main__)\./, ""),
        ...profiles.map((steps) => figure(steps.get(name))),
      ]),
    );
  const others = profiles.map((steps) =>
    names.slice(SHOWN).reduce((sum, name) => sum + (steps.get(name) ?? 0), 0),
  );
  console.log(row(["others", ...others.map(figure)]));
}
