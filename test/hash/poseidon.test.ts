import * as peer from "@scure/starknet";
import { expect } from "chai";
import fc from "fast-check";
import { P } from "../../src/field/felt.ts";
import { hasFusedMadd } from "../../src/field/fused-madd.ts";
import { hades, poseidon, poseidonBatch, poseidonMany } from "../../src/hash/poseidon.ts";
import { createPoseidon, type PoseidonKernel } from "../../src/hash/poseidon-kernel.ts";
import * as reference from "../../src/hash/reference/poseidon.ts";
import { edgeFelts, feltArbitrary } from "../support/felts.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

const VECTORS = "vectors/starknet/crypto/poseidon.json";
const CONSTANTS = "vectors/starknet/crypto/poseidon3_round_constants.json";
const pairArbitrary = fc.tuple(feltArbitrary, feltArbitrary);

describe("Poseidon", () => {
  for (const variant of ["scalar", "fma"] as const) {
    describe(`${variant} kernel`, () => {
      let kernel: PoseidonKernel;

      before(function () {
        if (variant === "fma" && !hasFusedMadd()) {
          console.log("      skipped: no fused multiply-add here");
          this.skip();
        }
        kernel = createPoseidon(variant);
      });

      it("permutes like the twin", () => {
        for (const x of edgeFelts) {
          for (const y of [0n, 1n, P - 1n]) {
            for (const z of [0n, 1n << 251n]) {
              expect(kernel.hades([x, y, z])).to.deep.equal(reference.hades([x, y, z]));
            }
          }
        }
        fc.assert(
          fc.property(feltArbitrary, feltArbitrary, feltArbitrary, (x, y, z) => {
            expect(kernel.hades([x, y, z])).to.deep.equal(reference.hades([x, y, z]));
          }),
          { numRuns: 300 },
        );
      });

      it("hashes pairs and lists like @scure/starknet", () => {
        fc.assert(
          fc.property(feltArbitrary, feltArbitrary, (a, b) => {
            expect(kernel.poseidon(a, b)).to.equal(peer.poseidonHash(a, b));
          }),
          { numRuns: 300 },
        );
        const lists = fc.array(feltArbitrary, { maxLength: 20 });
        fc.assert(
          fc.property(lists, (list) => {
            expect(kernel.poseidonMany(list)).to.equal(peer.poseidonHashMany(list));
          }),
          { numRuns: 100 },
        );
        // Around the capacity of one call into the kernel.
        const values = Array.from({ length: 1026 }, (_, i) => BigInt(i) ** 60n % P);
        for (const n of [510, 511, 512, 513, 1023, 1024, 1025, 1026]) {
          const list = values.slice(0, n);
          expect(kernel.poseidonMany(list)).to.equal(peer.poseidonHashMany(list));
        }
      });

      it("hashes lists two at a time like one by one", () => {
        const lists = fc.array(fc.array(feltArbitrary, { maxLength: 9 }), { maxLength: 7 });
        const check = (many: readonly (readonly bigint[])[]): void => {
          expect(kernel.poseidonLists(many)).to.deep.equal(
            many.map((list) => kernel.poseidonMany(list)),
          );
        };
        fc.assert(fc.property(lists, check), { numRuns: 100 });
        // Around half the capacity of the kernel, and lists of very different lengths.
        const values = Array.from({ length: 700 }, (_, i) => BigInt(i) ** 60n % P);
        const lengths = [700, 0, 253, 254, 255, 256, 257, 1, 2];
        for (const n of lengths)
          for (const m of lengths) check([values.slice(0, n), values.slice(-m || 700)]);
      });

      const expected = (pairs: readonly (readonly [bigint, bigint])[]): bigint[] =>
        pairs.map(([a, b]) => reference.hades([a, b, 2n])[0]);

      it("hashes batches like the twin at the edges, in both lanes", () => {
        const pairs = edgeFelts.flatMap((a) => edgeFelts.map((b) => [a, b] as const));
        expect(kernel.poseidonBatch(pairs)).to.deep.equal(expected(pairs));
        const shifted = pairs.slice(1);
        expect(kernel.poseidonBatch(shifted)).to.deep.equal(expected(shifted));
      });

      it("hashes batches like the twin at random", () => {
        fc.assert(
          fc.property(fc.array(pairArbitrary, { maxLength: 7 }), (pairs) => {
            expect(kernel.poseidonBatch(pairs)).to.deep.equal(expected(pairs));
          }),
          { numRuns: 100 },
        );
      });

      it("hashes batches like single hashes over many", () => {
        const [pairs] = fc.sample(fc.array(pairArbitrary, { minLength: 3001, maxLength: 3001 }), 1);
        expect(kernel.poseidonBatch(pairs!)).to.deep.equal(
          pairs!.map((p) => kernel.poseidon(...p)),
        );
      });
    });
  }

  it("refuses values out of range", () => {
    expect(() => poseidon(P, 0n)).to.throw(RangeError, "expected 0 <= x < P");
    expect(() => hades([0n, 0n, -1n])).to.throw(RangeError, "expected 0 <= x < P");
    expect(() => poseidonMany([1n, 1n << 256n])).to.throw(RangeError, "expected 0 <= x < P");
    expect(() => poseidonBatch([[0n, P]])).to.throw(RangeError, "expected 0 <= x < P");
  });

  it("has the published round constants", function () {
    requireShared(this, CONSTANTS);
    const { round_keys } = readSharedJson<{ round_keys: string[][] }>(CONSTANTS);
    expect(reference.roundConstants()).to.deep.equal(round_keys.flat().map(BigInt));
  });

  it("gives the published hashes", function () {
    requireShared(this, VECTORS);
    const file = readSharedJson<{
      hades_permutation: { state: string[]; expected: string[] }[];
      poseidon_2: { a: string; b: string; expected: string }[];
      poseidon_single: { x: string; expected: string }[];
      poseidon_many: { inputs: string[]; expected: string }[];
    }>(VECTORS);
    expect(file.hades_permutation).to.have.length.above(0);
    for (const { state, expected } of file.hades_permutation) {
      const [x, y, z] = state.map(BigInt);
      expect(hades([x!, y!, z!])).to.deep.equal(expected.map(BigInt));
    }
    for (const { a, b, expected } of file.poseidon_2) {
      expect(poseidon(BigInt(a), BigInt(b))).to.equal(BigInt(expected));
    }
    for (const { x, expected } of file.poseidon_single) {
      expect(hades([BigInt(x), 0n, 1n])[0]).to.equal(BigInt(expected));
    }
    for (const { inputs, expected } of file.poseidon_many) {
      expect(poseidonMany(inputs.map(BigInt))).to.equal(BigInt(expected));
    }
  });
});
