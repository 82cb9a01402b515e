import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import type { Felt } from "../../src/field/felt.ts";
import { ChainState } from "../../src/state/chain-state.ts";
import { classLeafHash, contractLeafHashes, globalRoot } from "../../src/state/commitment.ts";
import { emptyDiff } from "../../src/state/diff.ts";
import type { StateReader } from "../../src/state/reader.ts";
import { openLmdbStore } from "../../src/state/store/lmdb-store.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";
import type { KeyValueStore } from "../../src/state/store/store.ts";
import { PEDERSEN_TRIE, POSEIDON_TRIE } from "../../src/state/trie/node.ts";
import { verifyProof } from "../../src/state/trie/proof.ts";
import { rootOf } from "../../src/state/trie/root.ts";
import { PlainState, type Kind } from "./plain-state.ts";

const ADDRESSES = [1n, 2n, 3n, 0x7ffn];
const KEYS = [0n, 1n, 5n, (1n << 251n) - 257n];

const change = fc.record({
  kind: fc.constantFrom<Kind>("storage", "storage", "nonce", "classHash", "compiledClassHash"),
  address: fc.constantFrom(...ADDRESSES),
  key: fc.constantFrom(...KEYS),
  value: fc.bigInt(0n, 2n),
});
const step = fc.oneof(
  { weight: 4, arbitrary: fc.array(change, { maxLength: 8 }) },
  { weight: 1, arbitrary: fc.nat(10) },
);

const storageRoot = (state: PlainState, address: Felt): Felt =>
  rootOf(
    PEDERSEN_TRIE,
    KEYS.map((key) => [key, state.storageAt(address, key)]),
  );

const contractLeaf = (state: PlainState, address: Felt) => ({
  classHash: state.classHashAt(address),
  nonce: state.nonceAt(address),
  storageRoot: storageRoot(state, address),
});

/** Roots of a state, from all its values. */
function rootsOf(state: PlainState): { contractsRoot: Felt; classesRoot: Felt; globalRoot: Felt } {
  const leaves = contractLeafHashes(ADDRESSES.map((address) => contractLeaf(state, address)));
  const contractsRoot = rootOf(
    PEDERSEN_TRIE,
    ADDRESSES.map((address, i) => [address, leaves[i]!]),
  );
  const classesRoot = rootOf(
    POSEIDON_TRIE,
    ADDRESSES.map((classHash) => [classHash, classLeafHash(state.compiledClassHash(classHash))]),
  );
  return { contractsRoot, classesRoot, globalRoot: globalRoot(contractsRoot, classesRoot) };
}

function expectSame(reader: StateReader, state: PlainState): void {
  for (const address of ADDRESSES) {
    expect(reader.nonceAt(address)).equals(state.nonceAt(address));
    expect(reader.classHashAt(address)).equals(state.classHashAt(address));
    expect(reader.compiledClassHash(address)).equals(state.compiledClassHash(address));
    for (const key of KEYS) {
      expect(reader.storageAt(address, key)).equals(state.storageAt(address, key));
    }
  }
}

function expectProofs(chain: ChainState, number: number, state: PlainState): void {
  const answer = chain.storageProof(number, {
    classHashes: ADDRESSES,
    contractAddresses: ADDRESSES,
    storageKeys: ADDRESSES.map((contractAddress) => ({ contractAddress, keys: KEYS })),
  });
  const roots = rootsOf(state);
  expect(answer.contractsRoot).equals(roots.contractsRoot);
  expect(answer.classesRoot).equals(roots.classesRoot);
  ADDRESSES.forEach((address, i) => {
    const contract = contractLeaf(state, address);
    const [leaf] = contractLeafHashes([contract]);
    const found = answer.contractLeaves[i];
    if (leaf === 0n) expect(found).equals(undefined);
    else expect(found).deep.equals(contract);
    const { contracts, classes, storages } = answer;
    expect(verifyProof(PEDERSEN_TRIE, roots.contractsRoot, address, contracts.nodes)).equals(leaf);
    expect(verifyProof(POSEIDON_TRIE, roots.classesRoot, address, classes.nodes)).equals(
      classLeafHash(state.compiledClassHash(address)),
    );
    for (const key of KEYS) {
      expect(verifyProof(PEDERSEN_TRIE, contract.storageRoot, key, storages[i]!.nodes)).equals(
        state.storageAt(address, key),
      );
    }
  });
}

/** Block in which a storage value of the last of `states` was set. */
function lastUpdate(states: readonly PlainState[], address: Felt, key: Felt): number | undefined {
  for (let i = states.length - 1; i >= 0; i--) {
    const before = i === 0 ? 0n : states[i - 1]!.storageAt(address, key);
    if (states[i]!.storageAt(address, key) !== before) return i;
  }
  return undefined;
}

type Step = readonly { kind: Kind; address: Felt; key: Felt; value: Felt }[] | number;

/** Adds blocks (lists of changes) and goes back (numbers); answers the state after every block left. */
function run(store: KeyValueStore, steps: readonly Step[]): PlainState[] {
  const chain = new ChainState(store);
  let states: PlainState[] = [];
  for (const changes of steps) {
    if (typeof changes === "number") {
      if (states.length === 0) continue;
      const number = changes % states.length;
      store.batch(chain.revertTo(number));
      states = states.slice(0, number + 1);
    } else {
      const before = states.at(-1) ?? new PlainState();
      const after = before.copy();
      for (const { kind, address, key, value } of changes) after.set(kind, address, key, value);
      const diff = after.diffFrom(before);
      const { operations, ...roots } = chain.prepare(states.length, diff);
      expectSame(chain.latest(), before);
      store.batch(operations);
      states.push(after);
      expect(chain.diff(states.length - 1)).deep.equals(diff);
      expect(roots).deep.equals(rootsOf(after));
    }
    expectSame(chain.latest(), states.at(-1)!);
  }
  return states;
}

function expectStates(store: KeyValueStore, states: readonly PlainState[]): void {
  const chain = new ChainState(store);
  expect(chain.latestNumber()).equals(states.length === 0 ? undefined : states.length - 1);
  states.forEach((state, number) => {
    expectSame(chain.readerAt(number), state);
    expect(chain.roots(number)).deep.equals(rootsOf(state));
    expectProofs(chain, number, state);
    for (const address of ADDRESSES) {
      for (const key of KEYS) {
        const expected = lastUpdate(states.slice(0, number + 1), address, key);
        expect(chain.lastStorageUpdate(address, key, number)).equals(expected);
      }
    }
  });
  expect(chain.diff(states.length)).equals(undefined);
  expect(() => chain.readerAt(states.length)).throws(RangeError);
}

/** All rows but those of trie nodes, which reverts leave. */
const rowsOf = (store: KeyValueStore): string[] =>
  [...store.range({})]
    .filter(([key]) => key[0] !== 0x83)
    .map(
      ([key, value]) => `${Buffer.from(key).toString("hex")} ${Buffer.from(value).toString("hex")}`,
    );

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("state: ChainState", () => {
  it("has the values, roots, proofs and updates of every block, through reverts", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 7 }), (steps) => {
        const store = new MemoryStore();
        const states = run(store, steps);
        expectStates(store, states);

        // The same blocks without the ones that were taken back leave the same rows.
        const direct = new MemoryStore();
        const chain = new ChainState(direct);
        states.forEach((state, number) => {
          const diff = state.diffFrom(states[number - 1] ?? new PlainState());
          direct.batch(chain.prepare(number, diff).operations);
        });
        expect(rowsOf(store)).deep.equals(rowsOf(direct));
      }),
      { numRuns: 40 },
    );
  });

  it("is the same after a restart from disk", async () => {
    const folder = mkdtempSync(join(tmpdir(), "state-"));
    try {
      const steps = fc.sample(step, { seed: 7, numRuns: 20 });
      let store = await openLmdbStore(folder);
      const states = run(store, steps);
      expect(states.length).greaterThan(1);
      store.close();
      store = await openLmdbStore(folder);
      expectStates(store, states);
      const memory = new MemoryStore();
      run(memory, steps);
      expect(rowsOf(store)).deep.equals(rowsOf(memory));

      // It goes on from there.
      const after = states.at(-1)!.copy();
      after.set("storage", 3n, 5n, 77n);
      const chain = new ChainState(store);
      const prepared = chain.prepare(states.length, after.diffFrom(states.at(-1)!));
      expect(prepared.globalRoot).equals(rootsOf(after).globalRoot);
      store.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("changes nothing by preparing a block", () => {
    const store = new MemoryStore();
    const chain = new ChainState(store);
    const block = { ...emptyDiff(), nonces: new Map([[1n, 1n]]) };
    store.batch(chain.prepare(0, block).operations);
    const rows = rowsOf(store);
    const first = chain.prepare(1, { ...emptyDiff(), nonces: new Map([[1n, 2n]]) });
    const other = chain.prepare(1, { ...emptyDiff(), nonces: new Map([[1n, 3n]]) });
    expect(rowsOf(store)).deep.equals(rows);
    expect(chain.latestNumber()).equals(0);
    store.batch(other.operations);
    expect(chain.latest().nonceAt(1n)).equals(3n);
    expect(chain.roots(1).globalRoot).equals(other.globalRoot).and.not.equals(first.globalRoot);
  });

  it("refuses blocks out of turn and blocks that there are not", () => {
    const store = new MemoryStore();
    const chain = new ChainState(store);
    expect(chain.latestNumber()).equals(undefined);
    expect(() => chain.prepare(1, emptyDiff())).throws(RangeError, "expected 0");
    expect(() => chain.roots(0)).throws(RangeError);
    expect(() => chain.revertTo(0)).throws(RangeError);
    const prepared = chain.prepare(0, emptyDiff());
    expect(prepared).deep.includes({ contractsRoot: 0n, classesRoot: 0n, globalRoot: 0n });
    store.batch(prepared.operations);
    for (const number of [-1, 1, 0.5, NaN]) {
      expect(() => chain.readerAt(number)).throws(RangeError);
      expect(() => chain.revertTo(number)).throws(RangeError);
    }
    expect(() => chain.prepare(0, emptyDiff())).throws(RangeError, "expected 1");
    const outside = { ...emptyDiff(), storage: new Map([[1n, new Map([[1n << 251n, 1n]])]]) };
    expect(() => chain.prepare(1, outside)).throws(RangeError, "0 <= key < 2^251");
  });

  it("keeps classes with the block that declared them, and forgets them with it", () => {
    const store = new MemoryStore();
    const chain = new ChainState(store);
    store.batch(chain.prepare(0, emptyDiff()).operations);
    const declare = (number: number, classHash: Felt): void =>
      store.batch([
        ...chain.prepare(number, { ...emptyDiff(), declaredClasses: new Map([[classHash, 9n]]) })
          .operations,
        ...chain.classOperations(
          classHash,
          bytes(`sierra ${classHash}`),
          bytes(`casm ${classHash}`),
        ),
      ]);
    declare(1, 100n);
    declare(2, 200n);
    expect(chain.declarationBlock(100n)).equals(1);
    expect(chain.declarationBlock(200n)).equals(2);
    expect(chain.declarationBlock(300n)).equals(undefined);
    expect(chain.sierra(200n)).deep.equals(bytes("sierra 200"));
    expect(chain.casm(200n)).deep.equals(bytes("casm 200"));
    store.batch(chain.revertTo(1));
    expect(chain.sierra(100n)).deep.equals(bytes("sierra 100"));
    expect([chain.sierra(200n), chain.casm(200n)]).deep.equals([undefined, undefined]);
    expect(chain.declarationBlock(200n)).equals(undefined);
    expect(chain.latest().compiledClassHash(200n)).equals(0n);
  });
});
