import { Point as Peer } from "@scure/starknet";
import { expect } from "chai";
import fc from "fast-check";
import * as reference from "../../src/curve/reference/stark.ts";
import * as curve from "../../src/curve/stark.ts";
import { createCurve } from "../../src/curve/kernel.ts";
import { P } from "../../src/field/felt.ts";
import { hasFusedMadd } from "../../src/field/fused-madd.ts";
import { feltArbitrary } from "../support/felts.ts";

const { GENERATOR: G, ORDER } = curve;
const scalarArbitrary = fc.oneof(
  fc.bigInt(1n, ORDER - 1n),
  fc.bigInt(1n, 1n << 20n),
  fc.constantFrom(1n, 2n, 15n, 16n, 17n, (1n << 251n) - 1n, ORDER - 16n, ORDER - 1n),
);
const pointArbitrary = scalarArbitrary.map((k) => curve.mul(k, G)!);

describe("STARK curve", () => {
  it("knows its points", () => {
    for (const p of [G, curve.PEDERSEN_SHIFT, ...curve.PEDERSEN_BASES]) {
      expect(curve.isOnCurve(p)).to.equal(true);
      expect(curve.mul(ORDER, p)).to.equal(undefined);
      expect([p.y, P - p.y]).to.include(curve.recoverY(p.x));
    }
    expect(curve.isOnCurve({ x: G.x, y: G.y + 1n })).to.equal(false);
    expect(curve.isOnCurve({ x: G.x + P, y: G.y })).to.equal(false);
  });

  it("recovers y like the twin, also where there is none", () => {
    for (let x = 0n; x < 12n; x++) expect(curve.recoverY(x)).to.equal(reference.recoverY(x));
    expect(curve.recoverY(P - 1n)).to.equal(reference.recoverY(P - 1n));
  });

  it("adds as a group", () => {
    fc.assert(
      fc.property(scalarArbitrary, scalarArbitrary, (k, l) => {
        const [p, q] = [curve.mul(k, G)!, curve.mul(l, G)!];
        expect(curve.add(p, q)).to.deep.equal(curve.mul(k + l, G));
        expect(curve.add(p, q)).to.deep.equal(reference.add(p, q));
        expect(curve.add(p, p)).to.deep.equal(curve.double(p));
        expect(curve.double(p)).to.deep.equal(reference.double(p));
        expect(curve.add(p, curve.negate(p))).to.equal(undefined);
      }),
      { numRuns: 50 },
    );
  });

  it("multiplies like the twin and like @scure/starknet", () => {
    for (const k of [0n, ORDER, 2n * ORDER]) expect(curve.mul(k, G)).to.equal(undefined);
    expect(curve.mul(ORDER + 5n, G)).to.deep.equal(curve.mul(5n, G));
    for (let k = 1n; k < 40n; k++) expect(curve.mul(k, G)).to.deep.equal(reference.mul(k, G));
    fc.assert(
      fc.property(scalarArbitrary, (k) => {
        const peer = Peer.BASE.multiply(k).toAffine();
        expect(curve.mul(k, G)).to.deep.equal({ x: peer.x, y: peer.y });
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(scalarArbitrary, pointArbitrary, (k, p) => {
        expect(curve.mul(k, p)).to.deep.equal(reference.mul(k, p));
      }),
      { numRuns: 15 },
    );
  });

  it("gives p + m·q as ec_op", () => {
    const q = curve.mul(0x1234567n, G)!;
    expect(curve.ecOp(G, q, 0n)).to.deep.equal(G);
    fc.assert(
      fc.property(fc.bigInt(1n, ORDER - 1n), feltArbitrary, (k, m) => {
        const p = curve.mul(k, G)!;
        const mq = curve.mul(m, q);
        expect(curve.ecOp(p, q, m)).to.deep.equal(mq === undefined ? p : curve.add(p, mq));
      }),
      { numRuns: 100 },
    );
  });

  it("refuses points that are not on the curve and scalars out of range", () => {
    expect(() => curve.mul(1n, { x: 1n, y: 1n })).to.throw(RangeError, "not on the STARK curve");
    expect(() => curve.mul(-1n, G)).to.throw(RangeError, '"scalar" expected >= 0');
    expect(() => curve.ecOp(G, { x: 1n, y: 1n }, 1n)).to.throw(RangeError, "not on the STARK");
    expect(() => curve.ecOp(G, G, 1n << 256n)).to.throw(RangeError, '"m" expected');
  });
});

const variants = (["scalar", "fma"] as const).filter((variant) => {
  if (variant === "scalar" || hasFusedMadd()) return true;
  console.log("skipped: no fused multiply-add here");
  return false;
});

for (const variant of variants) {
  describe(`curve kernel, ${variant}`, () => {
    const kernel = createCurve(variant);
    const TIMES = 3; // first by doublings, then from a table that is new, then from one that is there
    const checkMul = (k: bigint, p: curve.Point): void => {
      const expected = reference.mul(k % ORDER, p);
      for (let i = 0; i < TIMES; i++) expect(kernel.mul(k, p)).to.deep.equal(expected);
    };
    const checkEcOp = (p: curve.Point, q: curve.Point, m: bigint): void => {
      const expected = reference.ecOp(p, q, m);
      for (let i = 0; i < TIMES; i++) expect(kernel.ecOp(p, q, m)).to.deep.equal(expected);
    };
    const edges = [1n, 2n, 3n, 15n, 16n, 17n, (1n << 251n) - 1n, 1n << 251n];
    const bounds = [ORDER - 16n, ORDER - 2n, ORDER - 1n, ORDER, ORDER + 1n, P - 1n];

    it("multiplies like the twin", () => {
      for (const k of [0n, ...edges, ...bounds, 2n * ORDER]) checkMul(k, curve.PEDERSEN_SHIFT);
      fc.assert(fc.property(scalarArbitrary, pointArbitrary, checkMul), { numRuns: 10 });
    });

    it("follows ec_op's chain for edge scalars, above 251 bits too", () => {
      const q = curve.PEDERSEN_SHIFT;
      const full = (1n << 256n) - 1n;
      for (const m of [0n, ...edges, ...bounds, 1n << 255n, full]) checkEcOp(G, q, m);
    });

    it("follows ec_op's chain for random points and scalars", () => {
      fc.assert(
        fc.property(pointArbitrary, pointArbitrary, feltArbitrary, (p, q, m) => {
          checkEcOp(p, q, m);
        }),
        { numRuns: 15 },
      );
    });

    it("fails where ec_op's chain meets two points of the same x, at a set bit or not", () => {
      const q = curve.PEDERSEN_BASES[0];
      checkEcOp(q, q, 0n);
      checkEcOp(q, q, 1n);
      for (const i of [0n, 1n, 2n, 7n, 60n, 250n]) {
        const met = curve.mul(1n << i, q)!;
        for (const p of [met, curve.negate(met)]) {
          // The highest bit at i, beyond it with bit i unset, below it.
          for (const m of [1n << i, 1n << (i + 1n), 3n << i, (1n << i) >> 1n]) checkEcOp(p, q, m);
          expect(kernel.ecOp(p, q, 1n << (i + 1n))).to.equal(undefined);
        }
        // Met by a partial sum: p + 1·q = 2^(i+1)·q, and = -2^(i+1)·q.
        const m = (2n << i) + 1n;
        for (const k of [(2n << i) - 1n, ORDER - 1n - (2n << i)]) {
          checkEcOp(curve.mul(k, q)!, q, m);
          expect(kernel.ecOp(curve.mul(k, q)!, q, m)).to.equal(undefined);
        }
      }
      // p + m·q would be infinity.
      const m = 0x123456789abcdefn;
      checkEcOp(curve.mul(ORDER - m, q)!, q, m);
      expect(kernel.ecOp(curve.mul(ORDER - m, q)!, q, m)).to.equal(undefined);
    });

    it("keeps the tables of more points apart than it holds", () => {
      const points = Array.from({ length: 12 }, (_, i) => curve.mul(BigInt(i + 5), G)!);
      const signed = points.flatMap((p) => [p, curve.negate(p)]);
      for (const order of [signed, signed, points, signed, [...signed].reverse()]) {
        order.forEach((q) => {
          const k = q.x >> 9n;
          expect(kernel.mul(k, q)?.x).to.equal(Peer.fromAffine(q).multiplyUnsafe(k).toAffine().x);
        });
      }
      for (const q of signed.slice(0, 6)) checkEcOp(G, q, q.y >> 3n);
    });
  });
}
