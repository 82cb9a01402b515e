/** State roots of the first blocks of Starknet's networks, from their state diffs. */
import { expect } from "chai";
import { ChainState } from "../../src/state/chain-state.ts";
import { globalRoot } from "../../src/state/commitment.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";
import { type FeederStateDiff, readStateDiff } from "../starknet/commitment/support.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

interface StateUpdate {
  readonly new_root: string;
  readonly state_diff: FeederStateDiff;
}

const GENESIS = "vectors/starknet/genesis";
const PROOF = "vectors/starknet/trie/pathfinder_proof_1309254_2.json";

function readUpdate(name: string): StateUpdate {
  const json = readSharedJson<StateUpdate | { state_update: StateUpdate }>(`${GENESIS}/${name}`);
  return "state_update" in json ? json.state_update : json;
}

/** Applies blocks from 0 on; says for each whether its root is the published one. */
function expectRoots(names: readonly string[]): void {
  const store = new MemoryStore();
  const chain = new ChainState(store);
  names.forEach((name, number) => {
    const update = readUpdate(name);
    const prepared = chain.prepare(number, readStateDiff(update.state_diff));
    store.batch(prepared.operations);
    // Before there were Sierra classes, the root of a state was that of its contracts.
    const root = prepared.classesRoot === 0n ? prepared.contractsRoot : prepared.globalRoot;
    expect(root, name).equals(BigInt(update.new_root));
  });
}

describe("state: roots of published blocks", () => {
  before(function () {
    requireShared(this, GENESIS);
  });

  it("mainnet's block 0", () => expectRoots(["mainnet-0.state_update_with_block.json"]));

  it("Sepolia's blocks 0 to 7, the last with Sierra classes", () =>
    expectRoots([
      ...[0, 1, 2].map((n) => `sepolia-${n}.state_update_with_block.json`),
      ...[3, 4, 5, 6, 7].map((n) => `sepolia-${n}.state_update.json`),
    ]));

  it("the global root of a mainnet block from its two tries", function () {
    requireShared(this, PROOF);
    const proof = readSharedJson<Record<string, string>>(PROOF);
    expect(
      globalRoot(BigInt(proof["contract_commitment"]!), BigInt(proof["class_commitment"]!)),
    ).equals(BigInt(proof["state_commitment"]!));
  });
});
