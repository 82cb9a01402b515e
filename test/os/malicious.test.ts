import { readFileSync } from "node:fs";
import { OsClass } from "../../src/os/classes.ts";
import type { OsInput } from "../../src/os/input.ts";
import { runOs } from "../../src/os/run.ts";
import type { CasmClass } from "../../src/starknet/class/casm.ts";
import { compiledClassHash } from "../../src/starknet/class/compiled-class-hash.ts";
import type { ExecutedCall } from "../../src/starknet/execution/call-info.ts";
import { transactionHash, type Unhashed } from "../../src/starknet/transaction-hash.ts";
import type { L1HandlerTransaction } from "../../src/starknet/transaction.ts";
import { emptyDiff } from "../../src/state/diff.ts";
import { expectCaught } from "./support/lies.ts";
import { OsChain } from "./support/os-chain.ts";

const { data, functions } = JSON.parse(
  readFileSync(new URL("contracts/malicious.json", import.meta.url), "utf8"),
) as { readonly data: readonly string[]; readonly functions: Readonly<Record<string, number>> };

const WITH_ARENA = new Set(["unsquashed", "overlapping", "other_records"]);
const ADDRESS = 0x666n;
const CLASS_HASH = 0x777n;
const SELECTOR = 0x888n;

/** The class whose only entry point, an L1 handler, is one of the functions. */
const classOf = (name: string): CasmClass => ({
  compilerVersion: "",
  bytecode: data.map(BigInt),
  bytecodeSegmentLengths: data.length,
  hints: [],
  entryPointsByType: {
    EXTERNAL: [],
    CONSTRUCTOR: [],
    L1_HANDLER: [
      {
        selector: SELECTOR,
        offset: functions[name]!,
        builtins: WITH_ARENA.has(name)
          ? ["range_check", "segment_arena"]
          : ["pedersen", "range_check"],
      },
    ],
  },
});

/**
 * The input of a block in which a message from L1 runs the function, as a sequencer would make it that
 * believes all of it: no executor does.
 */
async function inputFor(name: string): Promise<{ input: OsInput; previousRoot: bigint }> {
  const chain = new OsChain();
  const casm = classOf(name);
  const compiled = compiledClassHash(casm);
  const { sequencer } = chain.core;
  sequencer.writeState(
    {
      ...emptyDiff(),
      declaredClasses: new Map([[CLASS_HASH, compiled]]),
      deployedContracts: new Map([[ADDRESS, CLASS_HASH]]),
    },
    new Map(),
  );
  const { header } = await chain.block();
  const input = chain.input(header.number);
  const unhashed: Unhashed<L1HandlerTransaction> = {
    type: "L1_HANDLER",
    version: 0n,
    contractAddress: ADDRESS,
    entryPointSelector: SELECTOR,
    nonce: 0n,
    calldata: new Array<bigint>(8).fill(0n),
    paidFeeOnL1: 1n,
  };
  const hash = transactionHash(unhashed, chain.core.options.chainId);
  const call = {
    classHash: CLASS_HASH,
    contractAddress: ADDRESS,
    entryPointType: "L1_HANDLER",
    entryPointSelector: SELECTOR,
    trackedResource: "SIERRA_GAS",
    record: { outcome: "RUNS", answers: [], visitedPcs: [] },
  } as unknown as ExecutedCall;
  const transaction = { ...unhashed, hash };
  await chain.close();
  return {
    previousRoot: sequencer.chain.header(header.number - 1)!.stateRoot,
    input: {
      ...input,
      classes: [new OsClass(casm, CLASS_HASH, compiled, () => [])],
      blocks: [
        {
          ...input.blocks[0]!,
          transactions: [{ transaction, reverted: false, fee: 0n, calls: [call] }],
        },
      ],
    },
  };
}

describe("OS: malicious code", () => {
  it("runs code that keeps the rules", async () => {
    const { input } = await inputFor("honest");
    runOs(input);
  });

  for (const name of Object.keys(functions)) {
    if (name === "honest" || name.includes(".")) continue;
    it(`refuses ${name.replaceAll("_", " ")}`, async () => {
      const { input, previousRoot } = await inputFor(name);
      expectCaught(input, previousRoot);
    });
  }
});
