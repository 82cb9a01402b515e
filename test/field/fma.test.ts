import { expect } from "chai";
import fc from "fast-check";
import { inv, mod, mul, P, pow } from "../../src/field/felt.ts";
import { createFmaKernel, type FmaKernel } from "../../src/field/fma-kernel.ts";
import { hasFusedMadd } from "../../src/field/fused-madd.ts";

const valueOf = (limbs: readonly bigint[]): bigint =>
  limbs.reduce((sum, limb, i) => sum + (limb << BigInt(51 * i)), 0n);
const INVERSE_R = inv(pow(2n, 255n));

/** Limbs of both signs up to 2^bits in size; the top one is small, as values stay below some 16 P. */
const limbsArbitrary = (bits: bigint): fc.Arbitrary<bigint[]> => {
  const most = 1n << bits;
  const limb = fc.oneof(
    fc.bigInt(-most, most),
    fc.constantFrom(-most, 1n - most, -1n, 0n, 1n, most - 1n, most),
  );
  const top = fc.oneof(
    fc.bigInt(-(1n << 49n), 1n << 49n),
    fc.constantFrom(0n, 1n << 47n, 1n << 49n),
  );
  return fc.tuple(limb, limb, limb, limb, top);
};
const pair = (bits: bigint) => fc.tuple(limbsArbitrary(bits), limbsArbitrary(bits));

describe("two-lane multiplication by fused multiply-adds", () => {
  let kernel: FmaKernel;

  before(function () {
    if (!hasFusedMadd()) {
      console.log("      skipped: no fused multiply-add here");
      this.skip();
    }
    kernel = createFmaKernel();
  });

  it("multiplies limbs up to 2^51 of either sign", () => {
    fc.assert(
      fc.property(pair(51n), pair(51n), (a, b) => {
        expect(kernel.product(a, b)).to.deep.equal(
          [0, 1].map((l) => mod(valueOf(a[l]!) * valueOf(b[l]!) * INVERSE_R)),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it("squares limbs up to 2^50 of either sign", () => {
    fc.assert(
      fc.property(pair(50n), (a) => {
        expect(kernel.square(a)).to.deep.equal(
          [0, 1].map((l) => mod(valueOf(a[l]!) ** 2n * INVERSE_R)),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it("stays right over chains of products", () => {
    fc.assert(
      fc.property(pair(51n), pair(51n), (a, b) => {
        expect(kernel.chain(a, b, 200)).to.deep.equal(
          [0, 1].map((l) => mul(mod(valueOf(a[l]!)), pow(mod(valueOf(b[l]!) * INVERSE_R), 200n))),
        );
      }),
      { numRuns: 20 },
    );
    expect(P).to.equal(valueOf([1n, 0n, 0n, 17n << 39n, 1n << 47n]));
  });
});
