import * as peer from "@scure/starknet";
import { expect } from "chai";
import fc from "fast-check";
import { P } from "../../src/field/felt.ts";
import { pedersen, pedersenArray, pedersenBatch } from "../../src/hash/pedersen.ts";
import { pedersen as reference } from "../../src/hash/reference/pedersen.ts";
import { edgeFelts, feltArbitrary } from "../support/felts.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

const VECTORS = "vectors/starknet/crypto/pedersen.json";

describe("Pedersen", () => {
  it("hashes like @scure/starknet", () => {
    for (const a of edgeFelts) {
      for (const b of edgeFelts) expect(pedersen(a, b)).to.equal(BigInt(peer.pedersen(a, b)));
    }
    fc.assert(
      fc.property(feltArbitrary, feltArbitrary, (a, b) => {
        expect(pedersen(a, b)).to.equal(BigInt(peer.pedersen(a, b)));
      }),
      { numRuns: 200 },
    );
  });

  it("hashes like the twin", () => {
    for (const a of [0n, 1n, P - 1n]) {
      for (const b of [0n, 1n << 251n]) expect(pedersen(a, b)).to.equal(reference(a, b));
    }
    fc.assert(
      fc.property(feltArbitrary, feltArbitrary, (a, b) => {
        expect(pedersen(a, b)).to.equal(reference(a, b));
      }),
      { numRuns: 10 },
    );
  });

  it("uses every entry of its table", () => {
    // Every value of every byte of both inputs; the top byte of a felt is below 8, but for 2^251 and above.
    for (let v = 0n; v < 256n; v++) {
      const x = Array.from(
        { length: 31 },
        (_, i) => ((v + 8n * BigInt(i)) & 0xffn) << BigInt(8 * i),
      );
      const a = x.reduce((sum, part) => sum | part) | ((v % 8n) << 248n);
      expect(pedersen(a, v)).to.equal(BigInt(peer.pedersen(a, v)));
      expect(pedersen(v, a)).to.equal(BigInt(peer.pedersen(v, a)));
    }
  });

  it("hashes batches of any size like single pairs", () => {
    const pair = fc.tuple(feltArbitrary, feltArbitrary);
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 9 }), (pairs) => {
        expect(pedersenBatch(pairs)).to.deep.equal(pairs.map(([a, b]) => pedersen(a, b)));
      }),
      { numRuns: 50 },
    );
    const [many] = fc.sample(fc.array(pair, { minLength: 700, maxLength: 700 }), 1);
    expect(pedersenBatch(many!)).to.deep.equal(many!.map(([a, b]) => pedersen(a, b)));
  });

  it("hashes lists from 0 to the length", () => {
    expect(pedersenArray([])).to.equal(pedersen(0n, 0n));
    expect(pedersenArray([5n, 6n])).to.equal(pedersen(pedersen(pedersen(0n, 5n), 6n), 2n));
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
