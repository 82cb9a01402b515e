import * as peer from "@scure/starknet";
import { expect } from "chai";
import fc from "fast-check";
import { P } from "../../src/field/felt.ts";
import { hasFusedMadd } from "../../src/field/fused-madd.ts";
import { createPedersen, type PedersenKernel } from "../../src/hash/pedersen-kernel.ts";
import { pedersen, pedersenArray, pedersenBatch } from "../../src/hash/pedersen.ts";
import { pedersen as reference } from "../../src/hash/reference/pedersen.ts";
import { edgeFelts, feltArbitrary } from "../support/felts.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

const VECTORS = "vectors/starknet/crypto/pedersen.json";
const pairArbitrary = fc.tuple(feltArbitrary, feltArbitrary);

// The peer takes milliseconds, and both kernels are asked for the same hashes.
const known = new Map<string, bigint>();
function peerPedersen(a: bigint, b: bigint): bigint {
  const key = `${a} ${b}`;
  const hash = known.get(key) ?? BigInt(peer.pedersen(a, b));
  known.set(key, hash);
  return hash;
}

describe("Pedersen", () => {
  for (const variant of ["scalar", "fma"] as const) {
    describe(`${variant} kernel`, () => {
      let kernel: PedersenKernel;

      before(function () {
        if (variant === "fma" && !hasFusedMadd()) {
          console.log("      skipped: no fused multiply-add here");
          this.skip();
        }
        kernel = createPedersen(variant);
      });

      const check = (a: bigint, b: bigint): void => {
        expect(kernel.pedersen(a, b)).to.equal(peerPedersen(a, b));
      };

      it("hashes like @scure/starknet", () => {
        for (const a of edgeFelts) for (const b of edgeFelts) check(a, b);
        fc.assert(fc.property(feltArbitrary, feltArbitrary, check), { numRuns: 40 });
      });

      it("uses every entry of its table right", () => {
        // Every value of the 31 low bytes of both inputs, and every value of the highest one, 0 to 8.
        for (let v = 0n; v < 256n; v++) {
          let a = (v % 8n) << 248n;
          for (let i = 0n; i < 31n; i++) a |= ((v + 8n * i) & 0xffn) << (8n * i);
          check(a, a);
        }
        check(1n << 251n, (1n << 251n) + 17n);
      });

      it("hashes like the twin", () => {
        for (const a of [0n, P - 1n]) {
          for (const b of [0n, 1n << 251n]) expect(kernel.pedersen(a, b)).to.equal(reference(a, b));
        }
        fc.assert(
          fc.property(feltArbitrary, feltArbitrary, (a, b) => {
            expect(kernel.pedersen(a, b)).to.equal(reference(a, b));
          }),
          { numRuns: 10 },
        );
      });

      it("hashes batches of any size like single pairs", () => {
        fc.assert(
          fc.property(fc.array(pairArbitrary, { maxLength: 9 }), (pairs) => {
            expect(kernel.pedersenBatch(pairs)).to.deep.equal(
              pairs.map((pair) => kernel.pedersen(...pair)),
            );
          }),
          { numRuns: 50 },
        );
        const [many] = fc.sample(fc.array(pairArbitrary, { minLength: 700, maxLength: 700 }), 1);
        expect(kernel.pedersenBatch(many!)).to.deep.equal(
          many!.map((pair) => kernel.pedersen(...pair)),
        );
      });
    });
  }

  it("remembers the hash of a pair only for this very pair", () => {
    const highBit = 1n << 200n;
    const pairs = [0n, highBit].flatMap((a) => [5n, 5n + highBit].map((b) => [a, b] as const));
    const hashes = pedersenBatch(pairs);
    for (const order of [pairs, [...pairs].reverse(), pairs.flatMap((pair) => [pair, pair])]) {
      for (const pair of order) expect(pedersen(...pair)).to.equal(hashes[pairs.indexOf(pair)]);
    }
  });

  it("hashes lists from 0 to the length", () => {
    expect(pedersenArray([])).to.equal(pedersen(0n, 0n));
    expect(pedersenArray([5n, 6n])).to.equal(pedersen(pedersen(pedersen(0n, 5n), 6n), 2n));
    expect(pedersenBatch([])).to.deep.equal([]);
  });

  it("refuses values out of range", () => {
    expect(() => pedersen(P, 0n)).to.throw(RangeError, "expected 0 <= x < P");
    expect(() => pedersen(0n, -1n)).to.throw(RangeError, "expected 0 <= x < P");
    expect(() => pedersenBatch([[0n, 1n << 256n]])).to.throw(RangeError, "expected 0 <= x < P");
  });

  it("gives the published hashes", function () {
    requireShared(this, VECTORS);
    const file = readSharedJson<{
      pedersen: { a: string; b: string; expected: string }[];
      pedersen_chain_with_length: { inputs: string[]; expected: string }[];
    }>(VECTORS);
    expect(file.pedersen).to.have.length.above(0);
    for (const { a, b, expected } of file.pedersen) {
      expect(pedersen(BigInt(a), BigInt(b))).to.equal(BigInt(expected));
    }
    for (const { inputs, expected } of file.pedersen_chain_with_length) {
      expect(pedersenArray(inputs.map(BigInt))).to.equal(BigInt(expected));
    }
  });
});
