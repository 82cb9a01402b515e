import { expect } from "chai";
import fc from "fast-check";
import type { Felt } from "../../src/field/felt.ts";
import { CachedState, writeDiff } from "../../src/state/cached-state.ts";
import type { StateReader } from "../../src/state/reader.ts";
import { PlainState, type Kind } from "./plain-state.ts";

const kind = fc.constantFrom<Kind>("storage", "nonce", "classHash", "compiledClassHash");
const small = fc.bigInt(0n, 2n);
const place = fc.record({ kind, address: small, key: small });

type Command =
  | {
      readonly do: "set";
      readonly kind: Kind;
      readonly address: Felt;
      readonly key: Felt;
      readonly value: Felt;
    }
  | { readonly do: "get"; readonly kind: Kind; readonly address: Felt; readonly key: Felt }
  | { readonly do: "checkpoint" | "rollback" | "commit" };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("set" as const),
      kind,
      address: small,
      key: small,
      value: small,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("get" as const), kind, address: small, key: small }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("checkpoint" as const, "rollback" as const, "commit" as const),
    }),
  },
);

const get = (state: StateReader, at: { kind: Kind; address: Felt; key: Felt }): Felt => {
  switch (at.kind) {
    case "storage":
      return state.storageAt(at.address, at.key);
    case "nonce":
      return state.nonceAt(at.address);
    case "classHash":
      return state.classHashAt(at.address);
    case "compiledClassHash":
      return state.compiledClassHash(at.address);
  }
};

const set = (
  state: CachedState,
  at: { kind: Kind; address: Felt; key: Felt },
  value: Felt,
): void => {
  switch (at.kind) {
    case "storage":
      return state.setStorage(at.address, at.key, value);
    case "nonce":
      return state.setNonce(at.address, value);
    case "classHash":
      return state.setClassHash(at.address, value);
    case "compiledClassHash":
      return state.setCompiledClassHash(at.address, value);
  }
};

describe("state: CachedState", () => {
  it("behaves as a state that is copied at every mark", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, small)),
        fc.array(command, { maxLength: 60 }),
        (initial, commands) => {
          const below = new PlainState();
          for (const [at, value] of initial) below.set(at.kind, at.address, at.key, value);
          const start = below.copy();
          const state = new CachedState(below);
          let model = below.copy();
          const marks: { mark: number; copy: PlainState }[] = [];
          for (const step of commands) {
            if (step.do === "set") {
              set(state, step, step.value);
              model.set(step.kind, step.address, step.key, step.value);
            } else if (step.do === "get") {
              expect(get(state, step)).equals(get(model, step));
            } else if (step.do === "checkpoint") {
              marks.push({ mark: state.checkpoint(), copy: model.copy() });
            } else {
              const last = marks.pop();
              if (last === undefined) {
                expect(() => state[step.do as "rollback" | "commit"](0)).throws(RangeError);
              } else if (step.do === "commit") {
                state.commit(last.mark);
              } else {
                state.rollback(last.mark);
                model = last.copy;
              }
            }
          }
          const places = [...below.places(), ...model.places()];
          for (const at of places) expect(get(state, at)).equals(get(model, at));
          expect(below.values).deep.equals(start.values);
          expect(state.diff()).deep.equals(model.diffFrom(below));

          // The diff, written on what was below, gives the same state.
          const again = new CachedState(below);
          writeDiff(again, state.diff());
          for (const at of places) expect(get(again, at)).equals(get(model, at));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads each value below once, and tells what it read there", () => {
    const below = new PlainState();
    below.set("storage", 1n, 2n, 30n);
    below.set("nonce", 1n, 0n, 4n);
    below.set("compiledClassHash", 9n, 0n, 90n);
    const reads: string[] = [];
    const counted: StateReader = {
      storageAt: (address, key) => (
        reads.push(`storage ${address} ${key}`),
        below.storageAt(address, key)
      ),
      nonceAt: (address) => (reads.push(`nonce ${address}`), below.nonceAt(address)),
      classHashAt: (address) => (reads.push(`class ${address}`), below.classHashAt(address)),
      compiledClassHash: (hash) => (reads.push(`compiled ${hash}`), below.compiledClassHash(hash)),
    };
    const state = new CachedState(counted);
    for (let i = 0; i < 3; i++) {
      state.setStorage(1n, 2n, state.storageAt(1n, 2n) + 1n);
      state.setNonce(1n, state.nonceAt(1n) + 1n);
      state.storageAt(1n, 3n);
      state.classHashAt(5n);
      state.compiledClassHash(9n);
      state.compiledClassHash(8n);
    }
    expect(reads).deep.equals([
      "storage 1 2",
      "nonce 1",
      "storage 1 3",
      "class 5",
      "compiled 9",
      "compiled 8",
    ]);
    expect(state.initialReads()).deep.equals({
      storage: new Map([[1n, new Map([[2n, 30n], [3n, 0n]])]]), // prettier-ignore
      nonces: new Map([[1n, 4n]]),
      classHashes: new Map([[5n, 0n]]),
      declaredClasses: new Map([[9n, true], [8n, false]]), // prettier-ignore
    });
  });
});
