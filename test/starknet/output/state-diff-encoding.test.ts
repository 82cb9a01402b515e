import { expect } from "chai";
import fc from "fast-check";
import type { Felt } from "../../../src/field/felt.ts";
import {
  decodeStateDiff,
  encodeStateDiff,
} from "../../../src/starknet/output/state-diff-encoding.ts";
import { MalformedOutputError } from "../../../src/starknet/output/word-reader.ts";
import { emptyDiff, type StateDiff } from "../../../src/state/diff.ts";
import { feltArbitrary } from "../../support/felts.ts";

const feltMap = <T>(value: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<Map<Felt, T>> =>
  fc
    .uniqueArray(fc.tuple(feltArbitrary, value), { selector: ([key]) => key, maxLength })
    .map((entries) => new Map(entries));

interface Contract {
  readonly storage: ReadonlyMap<Felt, Felt>;
  readonly nonce: Felt;
  readonly classHash: Felt | undefined;
  readonly wasDeployed: boolean;
}

const contract: fc.Arbitrary<Contract> = fc.record({
  storage: feltMap(feltArbitrary, 6),
  nonce: fc.oneof(fc.constant(0n), fc.bigInt(1n, (1n << 64n) - 1n)),
  classHash: fc.option(feltArbitrary, { nil: undefined }),
  wasDeployed: fc.boolean(),
});

function diffOf(contracts: ReadonlyMap<Felt, Contract>, classes: Map<Felt, Felt>): StateDiff {
  const having = <T>(value: (contract: Contract) => T | undefined): Map<Felt, T> =>
    new Map(
      [...contracts].flatMap(([address, c]) =>
        value(c) === undefined ? [] : [[address, value(c)!]],
      ),
    );
  return {
    storage: having(({ storage }) => (storage.size > 0 ? storage : undefined)),
    nonces: having(({ nonce }) => (nonce > 0n ? nonce : undefined)),
    deployedContracts: having((c) => (c.wasDeployed ? undefined : c.classHash)),
    replacedClasses: having((c) => (c.wasDeployed ? c.classHash : undefined)),
    declaredClasses: classes,
  };
}

const never = (): boolean => false;

describe("state diff encoding", () => {
  it("comes back from its words", () => {
    fc.assert(
      fc.property(feltMap(contract, 5), feltMap(feltArbitrary, 3), (contracts, classes) => {
        const diff = diffOf(contracts, classes);
        const words = encodeStateDiff(diff);
        const decoded = decodeStateDiff(words, (address) => contracts.get(address)!.wasDeployed);
        expect(decoded).to.deep.equal(diff);
      }),
    );
  });

  it("does not depend on the order of the maps", () => {
    const storage = new Map([
      [
        9n,
        new Map([
          [2n, 20n],
          [1n, 10n],
        ]),
      ],
      [5n, new Map([[7n, 70n]])],
    ]);
    expect(encodeStateDiff({ ...emptyDiff(), storage })).to.deep.equal([
      ...[2n, 5n, (1n << 2n) | 2n, 7n, 70n],
      ...[9n, (2n << 2n) | 2n, 1n, 10n, 2n, 20n],
      0n,
    ]);
  });

  // Expected words: `test_da_word` of madara-alliance/madara@e6743217, orchestrator/src/tests/compression.
  for (const [classFlag, nonce, updates, word] of [
    [false, 0n, 15, 62n],
    [false, 0n, 1024, 4096n],
    [false, 10n, 0, 10242n],
    [false, 15n, 2025, 1106804644422573105060n],
    [true, 0n, 10, 43n],
    [true, 0n, 1000, 4001n],
    [true, 20n, 255, 21503n],
    [true, 1000n, 256, 73786976294838206465025n],
  ] as const) {
    it(`packs class ${classFlag}, nonce ${nonce} and ${updates} updates as Madara does`, () => {
      const keys = Array.from({ length: updates }, (_, i): [Felt, Felt] => [BigInt(i), 1n]);
      const diff = {
        ...emptyDiff(),
        ...(updates > 0 && { storage: new Map([[1n, new Map(keys)]]) }),
        ...(nonce > 0n && { nonces: new Map([[1n, nonce]]) }),
        ...(classFlag && { replacedClasses: new Map([[1n, 8n]]) }),
      };
      const words = encodeStateDiff(diff);
      expect(words[2]).to.equal(word);
      expect(decodeStateDiff(words, () => true)).to.deep.equal(diff);
    });
  }

  it("has no contract without changes", () => {
    expect(encodeStateDiff(emptyDiff())).to.deep.equal([0n, 0n]);
    expect(encodeStateDiff({ ...emptyDiff(), storage: new Map([[1n, new Map()]]) })).to.deep.equal([
      0n,
      0n,
    ]);
  });

  it("refuses nonces that the OS cannot write", () => {
    const nonces = new Map([[1n, 1n << 64n]]);
    expect(() => encodeStateDiff({ ...emptyDiff(), nonces })).to.throw(RangeError, /nonce/);
  });

  it("refuses words that are no state diff", () => {
    const cases: [Felt[], RegExp][] = [
      [[], /number of contracts/],
      [[1n << 200n], /number of contracts: .* too large/],
      [[1n << 50n, 1n, 2n], /contract address: 1 words expected at 3/],
      [[1n, 5n, 3n, 0n], /number of classes/],
      [[1n, 5n, (1n << 74n) | 2n, 0n], /nonce .* has more than 64 bits/],
      [[2n, 5n, 2n, 5n, 2n, 0n], /contract 5 comes twice/],
      [[1n, 5n, (2n << 2n) | 2n, 1n, 1n, 1n, 1n, 0n], /storage update: 1 comes twice/],
      [[0n, 0n, 0n], /1 words after the state diff/],
    ];
    for (const [words, message] of cases) {
      expect(() => decodeStateDiff(words, never)).to.throw(MalformedOutputError, message);
    }
  });
});
