import { expect } from "chai";
import fc from "fast-check";
import { ORDER } from "../../src/curve/constants.ts";
import * as felt from "../../src/field/felt.ts";
import * as kernel from "../../src/field/kernel.ts";
import { edgeFelts, feltArbitrary } from "../support/felts.ts";

const { P } = felt;

describe("Stark field", () => {
  it("satisfies the field's laws", () => {
    fc.assert(
      fc.property(feltArbitrary, feltArbitrary, (a, b) => {
        expect(felt.add(a, b)).to.equal((a + b) % P);
        expect(felt.sub(felt.add(a, b), b)).to.equal(a);
        expect(felt.add(a, felt.neg(a))).to.equal(0n);
        if (a !== 0n) expect(felt.mul(a, felt.inv(a))).to.equal(1n);
        expect(felt.mod(a - b * P)).to.equal(a);
      }),
    );
    expect(felt.pow(3n, P - 1n)).to.equal(1n);
    expect(felt.pow(3n, (P - 1n) / 2n)).to.equal(P - 1n);
  });

  describe("kernel against the bigint twin", () => {
    it("multiplies", () => {
      for (const a of edgeFelts) {
        for (const b of edgeFelts) expect(kernel.mul(a, b)).to.equal(felt.mul(a, b));
      }
      fc.assert(
        fc.property(feltArbitrary, feltArbitrary, (a, b) => {
          expect(kernel.mul(a, b)).to.equal(felt.mul(a, b));
        }),
        { numRuns: 2000 },
      );
    });

    it("keeps lazily reduced chains of products right", () => {
      for (const a of edgeFelts) {
        for (const b of edgeFelts) {
          expect(kernel.mulChain(a, b, 300)).to.equal(felt.mul(a, felt.pow(b, 300n)));
        }
      }
    });

    it("stays right at the limits of the lazy range", () => {
      const top = 1n << 256n;
      const inverseR = felt.inv(felt.pow(2n, 261n));
      const check = (a: bigint, b: bigint): void => {
        expect(kernel.montgomeryProduct(a, b)).to.equal((a * b * inverseR) % P);
        expect(kernel.montgomeryProduct(a)).to.equal((a * a * inverseR) % P);
      };
      // All limbs full, all low limbs full, and both neighbours of multiples of P.
      const limits = [0n, 1n, top - 1n, top - (1n << 232n), (1n << 232n) - 1n];
      for (let k = 1n; k <= 31n; k++) limits.push(k * P - 1n, k * P, k * P + 1n);
      for (const a of limits) for (const b of limits) check(a, b);
      const lazy = fc.bigInt(0n, top - 1n);
      fc.assert(fc.property(lazy, lazy, check), { numRuns: 1000 });
    });

    it("inverts and takes square roots", () => {
      const check = (a: bigint): void => {
        if (a !== 0n) expect(kernel.inv(a)).to.equal(felt.inv(a));
        expect(kernel.isSquare(a)).to.equal(felt.isSquare(a));
        expect(kernel.sqrt(a)).to.equal(felt.sqrt(a));
      };
      edgeFelts.forEach(check);
      fc.assert(fc.property(feltArbitrary, check), { numRuns: 30 });
    });

    it("inverts what needs few or many steps: near powers of 2, of full length, of one bit", () => {
      for (let i = 0n; i < 251n; i++) {
        for (const a of [1n << i, (2n << i) - 1n, P - (1n << i), P >> (i + 1n), (1n << i) + 1n]) {
          expect(felt.mul(kernel.inv(a), a)).to.equal(1n);
        }
      }
      fc.assert(
        fc.property(fc.bigInt(1n, P - 1n), (a) => {
          expect(felt.mul(kernel.inv(a), a)).to.equal(1n);
        }),
        { numRuns: 3000 },
      );
    });

    it("inverts modulo other numbers", () => {
      const primes = [3n, 65537n, ORDER, (1n << 255n) - 19n, (1n << 256n) - (1n << 32n) - 977n];
      for (const modulus of primes) {
        fc.assert(
          fc.property(fc.bigInt(1n, modulus - 1n), (a) => {
            const inverse = kernel.invModulo(a, modulus);
            expect(inverse > 0n && inverse < modulus).to.equal(true);
            expect((inverse * a) % modulus).to.equal(1n);
          }),
          { numRuns: 300 },
        );
        expect(kernel.invModulo(1n, modulus)).to.equal(1n);
        expect(kernel.invModulo(modulus - 1n, modulus)).to.equal(modulus - 1n);
        expect(() => kernel.invModulo(modulus, modulus)).to.throw(RangeError, '"a" expected');
      }
      expect(() => kernel.invModulo(0n, 5n)).to.throw(RangeError, '"a" expected');
      expect(() => kernel.invModulo(3n, 8n)).to.throw(RangeError, '"modulus" expected an odd');
      expect(() => kernel.invModulo(3n, (1n << 256n) + 1n)).to.throw(RangeError, '"modulus"');
    });

    it("takes roots of squares of every small number and of P - 1, whose roots are hard to reach", () => {
      for (let a = 1n; a < 40n; a++) expect(kernel.sqrt(a * a)).to.equal(a);
      const root = kernel.sqrt(P - 1n)!;
      expect(felt.mul(root, root)).to.equal(P - 1n);
    });

    it("refuses 0 to invert and values out of range", () => {
      expect(() => kernel.inv(0n)).to.throw(RangeError, "0 has no inverse");
      expect(() => kernel.inv(P)).to.throw(RangeError, "expected 0 <= x < P");
      expect(() => kernel.sqrt(-1n)).to.throw(RangeError, "expected 0 <= x < P");
    });
  });
});
