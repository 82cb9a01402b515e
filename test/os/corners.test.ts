import { expect } from "chai";
import { selector } from "../../src/hash/keccak.ts";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { cornersClass, type LoadedClass, probeClass } from "../starknet/execution/support/chain.ts";
import { callOf, type Call, OsChain, PROBES, span } from "./support/os-chain.ts";

const probe = (name: string, ...calldata: bigint[]): Call => callOf(PROBES[0]!, name, calldata);
const inner = ({ to, selector, calldata }: Call): bigint[] => [to, selector, ...span(calldata)];
const CORNERS = 0xc04e4n;
const corners = (name: string, ...calldata: bigint[]): Call => callOf(CORNERS, name, calldata);
const write = (key: bigint, value: bigint): Call => probe("write", key, value);

describe("OS: corners", () => {
  let chain: OsChain;
  beforeEach(() => {
    chain = new OsChain();
    chain.supplyProbes();
  });
  afterEach(async () => {
    await chain.close();
  });

  /** Proves the block with what was submitted; its number. */
  async function proven(): Promise<number> {
    const { header, receipts } = await chain.block();
    expect(receipts.map(({ revertReason }) => revertReason)).to.deep.equal(
      receipts.map(() => undefined),
    );
    chain.prove(header.number);
    return header.number;
  }

  describe("tries", () => {
    // The sibling that is left is a leaf, a fork, an edge to a leaf, an edge to a fork; at the top and below.
    const high = 2n ** 250n;
    const sets: Record<string, readonly bigint[]> = {
      "a leaf": [2n, 3n],
      "a fork of leaves": [4n, 5n, 6n],
      "an edge": [8n, 12n],
      "an edge to a fork": [8n, 32n, 33n],
      "a fork at the top": [1n, high - 1n, high - 2n ** 100n],
      "forks below forks": [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n],
      "leaves far apart": [1n, 2n ** 60n, 2n ** 130n, 2n ** 249n, high - 3n],
    };
    for (const [name, keys] of Object.entries(sets)) {
      it(`proves that leaves go away beside ${name}, and come back`, async () => {
        await chain.invoke(keys.map((key) => write(key, key + 1n)));
        await proven();
        for (const gone of keys) {
          await chain.invoke([write(gone, 0n)]);
          await proven();
          await chain.invoke([write(gone, 5n)]);
          await proven();
        }
        for (const gone of keys) {
          await chain.invoke([write(gone, 0n)]);
          await proven();
        }
      });
    }

    it("proves that all but one leaf go away at once", async () => {
      const keys = Array.from({ length: 16 }, (_, i) => BigInt(i * i * 37));
      await chain.invoke(keys.map((key) => write(key, 1n)));
      await proven();
      await chain.invoke(keys.slice(1).map((key) => write(key, 0n)));
      await proven();
    });

    it("proves more than 255 updates of one contract", async () => {
      for (let i = 0n; i < 5n; i++) {
        const keys = Array.from({ length: 60 }, (_, k) => 60n * i + BigInt(k));
        await chain.invoke(keys.map((key) => write(key * 2n ** 100n, 1n)));
      }
      await proven();
    });
  });

  it("proves calls with several dictionaries", async () => {
    chain.supply(cornersClass(), [CORNERS]);
    await chain.invoke([
      corners("sum", 0n, 5n),
      corners("sum", 1n, 5n),
      corners("sum", 5n, 3n),
      probe("try_call", ...inner(corners("sum_and_panic", 3n))),
      probe("call", ...inner(corners("sum", 7n, 2n ** 200n))),
    ]);
    await proven();
  });

  it("proves syscalls that the gas does not suffice for", async () => {
    chain.supply(cornersClass(), [CORNERS]);
    await chain.invoke([corners("deploy_in_vain", 1000n)], { l2Gas: 5_000_000n });
    const { blocks } = chain.input(await proven());
    const answers = blocks[0]!.transactions[0]!.calls.flatMap((call) => call.record!.answers);
    const refused = answers.filter(
      ({ syscall, failed, made }) => syscall === "Deploy" && failed && made === undefined,
    );
    expect(refused.length).to.equal(1);
  });

  it("proves transactions that cost nothing", async () => {
    const free = { wei: 0n, fri: 0n };
    chain.core.sequencer.gasPrices = { l1Gas: free, l1DataGas: free, l2Gas: free };
    await chain.invoke([callOf(STRK_TOKEN, "transfer", [0x1234n, 5n, 0n])]);
    await proven();
  });

  it("proves calls that are charged by steps", async () => {
    const { sierra, casm, compiledClassHash } = probeClass();
    const [, , , ...program] = sierra.sierraProgram;
    const old: LoadedClass = {
      sierra: { ...sierra, sierraProgram: [1n, 6n, 0n, ...program] },
      casm,
      classHash: 0x01dc1a55n,
      compiledClassHash,
    };
    const address = 0x01dn;
    chain.supply(old, [address]);
    const callOld = (name: string, ...calldata: bigint[]): Call => callOf(address, name, calldata);
    await chain.invoke([
      callOld("write", 1n, 2n),
      callOld("call", ...inner(write(3n, 4n))),
      callOld("try_call", ...inner(probe("write_then_panic", 3n, 9n, 1n))),
      probe("try_call", ...inner(callOld("fail", ...span([1n])))),
      probe("call", ...inner(callOld("call", ...inner(probe("info"))))),
      probe("library_call", old.classHash, selector("write"), ...span([6n, 7n])),
      callOld("recurse", 3n),
    ]);
    await proven();
  });
});
