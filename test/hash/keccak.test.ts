import { keccak_256 as peer } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import fc from "fast-check";
import { keccak256, keccakF1600, selector, snKeccak } from "../../src/hash/keccak.ts";
import * as reference from "../../src/hash/reference/keccak.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

const VECTORS = "vectors/starknet/crypto/keccak_selectors.json";

describe("Keccak", () => {
  it("hashes like @noble/hashes at every length around a block and around the buffer", () => {
    const bytes = Uint8Array.from({ length: 140_000 }, (_, i) => (i * 31) ^ (i >> 8));
    const lengths = [65_279, 65_280, 65_281, 130_560, 140_000];
    for (let n = 0; n <= 410; n++) lengths.push(n);
    for (const n of lengths) {
      expect(keccak256(bytes.subarray(0, n))).to.deep.equal(peer(bytes.subarray(0, n)));
    }
  });

  it("hashes and permutes like the twin", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(keccak256(bytes)).to.deep.equal(reference.keccak256(bytes));
      }),
      { numRuns: 50 },
    );
    const lanes = fc.array(fc.bigInt(0n, (1n << 64n) - 1n), { minLength: 25, maxLength: 25 });
    fc.assert(
      fc.property(lanes, (values) => {
        const [ours, twins] = [BigUint64Array.from(values), BigUint64Array.from(values)];
        keccakF1600(ours);
        reference.keccakF1600(twins);
        expect(ours).to.deep.equal(twins);
      }),
      { numRuns: 50 },
    );
  });

  it("gives the default entry points selector 0", () => {
    expect(selector("__default__")).to.equal(0n);
    expect(selector("__l1_default__")).to.equal(0n);
    expect(selector("transfer")).to.equal(
      0x83afd3f4caedc6eebf44246fe54e38c95e3179a5ec9ea81740eca5b482d12en,
    );
  });

  it("gives the published values", function () {
    requireShared(this, VECTORS);
    const file = readSharedJson<{ sn_keccak: { input: string; expected: string }[] }>(VECTORS);
    expect(file.sn_keccak).to.have.length.above(0);
    for (const { input, expected } of file.sn_keccak) {
      expect(snKeccak(input)).to.equal(BigInt(expected));
      expect(snKeccak(new TextEncoder().encode(input))).to.equal(BigInt(expected));
    }
  });
});
