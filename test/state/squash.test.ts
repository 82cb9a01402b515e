/** Squashed diffs against a state that goes through the blocks one by one. */
import { expect } from "chai";
import fc from "fast-check";
import { CachedState, writeDiff } from "../../src/state/cached-state.ts";
import type { StateDiff } from "../../src/state/diff.ts";
import type { StateReader } from "../../src/state/reader.ts";
import { squashDiffs } from "../../src/state/squash.ts";

const NOTHING: StateReader = {
  storageAt: () => 0n,
  nonceAt: () => 0n,
  classHashAt: () => 0n,
  compiledClassHash: () => 0n,
};

type Write = (state: CachedState) => void;

const small = fc.bigInt(0n, 3n);
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.tuple(small, small, small).map(
    ([a, k, v]) =>
      (state: CachedState) =>
        state.setStorage(a, k, v),
  ),
  small.map((a) => (state: CachedState) => state.setNonce(a, state.nonceAt(a) + 1n)),
  fc.tuple(small, fc.bigInt(1n, 3n)).map(
    ([a, c]) =>
      (state: CachedState) =>
        state.setClassHash(a, c),
  ),
  small.map((c) => (state: CachedState) => state.setCompiledClassHash(c, c + 100n)),
);
const block = fc.array(write, { maxLength: 8 });

/** The diff of what `writes` do on `below`. */
function diffOf(below: StateReader, writes: readonly Write[]): StateDiff {
  const state = new CachedState(below);
  for (const change of writes) change(state);
  return state.diff();
}

describe("squashed diffs", () => {
  it("are the diff of all blocks at once", () => {
    fc.assert(
      fc.property(block, fc.array(block, { minLength: 1, maxLength: 5 }), (earlier, blocks) => {
        const before = new CachedState(NOTHING);
        for (const change of earlier) change(before);
        const state = new CachedState(before);
        const diffs = blocks.map((writes) => {
          const diff = diffOf(state, writes);
          writeDiff(state, diff);
          return diff;
        });
        expect(squashDiffs(diffs, before)).to.deep.equal(state.diff());
      }),
    );
  });
});
