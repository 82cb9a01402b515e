import { expect } from "chai";
import fc from "fast-check";
import { compileCasmHint } from "../../../src/cairo/hints/casm/index.ts";
import { shift } from "../../../src/cairo/relocatable.ts";
import { isSquare, mod, mul, P } from "../../../src/field/felt.ts";
import { plainContext, vmErrorCode } from "../../support/hint-context.ts";

const ap = (offset: number) => ({ register: "AP", offset });
const imm = (value: bigint) => ({ Immediate: `0x${value.toString(16)}` });

/** Runs a hint with immediates for `inputs` and cells from [ap] on for `outputs`; returns these. */
function solve<Names extends string>(
  name: string,
  inputs: Record<string, bigint>,
  outputs: readonly Names[],
  context = plainContext(),
): Record<Names, bigint> {
  const operands = {
    ...Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, imm(value)])),
    ...Object.fromEntries(outputs.map((key, i) => [key, ap(i)])),
  };
  compileCasmHint({ [name]: operands }).execute(context);
  const read = (i: number): bigint => {
    const value = context.memory.get(shift(context.ap, i));
    return typeof value === "bigint" ? value : -1n;
  };
  return Object.fromEntries(outputs.map((key, i) => [key, read(i)])) as Record<Names, bigint>;
}

const felt = fc.oneof(
  fc.bigInt({ min: 0n, max: P - 1n }),
  fc.bigInt({ min: 0n, max: 1000n }),
  fc.constantFrom(0n, 1n, P - 1n, P - 2n, (P - 1n) / 2n, 1n << 128n, (1n << 128n) - 1n),
);
const u128 = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  fc.constantFrom(0n, 1n, 2n, (1n << 128n) - 1n, 1n << 127n),
);

describe("CASM hints of arithmetic", () => {
  it("compares felts as integers below P", () => {
    fc.assert(
      fc.property(felt, felt, (lhs, rhs) => {
        const less = solve("TestLessThan", { lhs, rhs }, ["dst"]).dst;
        const atMost = solve("TestLessThanOrEqual", { lhs, rhs }, ["dst"]).dst;
        expect([less, atMost]).to.deep.equal([lhs < rhs ? 1n : 0n, lhs <= rhs ? 1n : 0n]);
      }),
    );
  });

  it("compares pointers by segment and offset, and puts them before felts", () => {
    const cases: [unknown, unknown, bigint][] = [];
    for (const hint of ["TestLessThanOrEqual", "TestLessThanOrEqualAddress"]) {
      const context = plainContext();
      const [a, b] = [context.memory.addSegment(), context.memory.addSegment()];
      const values = [shift(a, 4), shift(a, 5), b, 7n];
      context.memory.write(shift(context.ap, -4), values);
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++) {
          const dst = { register: "AP", offset: 4 * i + j };
          compileCasmHint({
            [hint]: { lhs: { Deref: ap(i - 4) }, rhs: { Deref: ap(j - 4) }, dst },
          }).execute(context);
          cases.push([i, j, context.memory.felt(shift(context.ap, 4 * i + j))]);
        }
    }
    for (const [i, j, result] of cases)
      expect(result, `${i} <= ${j}`).to.equal(Number(i) <= Number(j) ? 1n : 0n);
  });

  it("refuses a pointer where TestLessThan needs a felt", () => {
    const context = plainContext();
    context.memory.set(context.ap, context.pc);
    const hint = compileCasmHint({
      TestLessThan: { lhs: { Deref: ap(0) }, rhs: imm(1n), dst: ap(1) },
    });
    expect(vmErrorCode(() => hint.execute(context))).to.equal("EXPECTED_FELT");
  });

  it("WideMul128 splits a product at 2^128", () => {
    fc.assert(
      fc.property(u128, u128, (lhs, rhs) => {
        const { high, low } = solve("WideMul128", { lhs, rhs }, ["high", "low"]);
        expect((high << 128n) + low).to.equal(lhs * rhs);
        expect(low < 1n << 128n).to.equal(true);
      }),
    );
  });

  it("DivMod divides integers and agrees with a cell that is already right, only", () => {
    fc.assert(
      fc.property(felt, felt, (lhs, rhs) => {
        fc.pre(rhs !== 0n);
        const { q, r } = ((o) => ({ q: o.quotient, r: o.remainder }))(
          solve("DivMod", { lhs, rhs }, ["quotient", "remainder"]),
        );
        expect(q * rhs + r).to.equal(lhs);
        expect(r < rhs).to.equal(true);
      }),
    );
    const known = plainContext();
    known.memory.set(known.ap, 3n);
    const outputs = ["quotient", "remainder"] as const;
    expect(solve("DivMod", { lhs: 17n, rhs: 5n }, outputs, known).remainder).to.equal(2n);
    const wrong = plainContext();
    wrong.memory.set(wrong.ap, 4n);
    expect(vmErrorCode(() => solve("DivMod", { lhs: 17n, rhs: 5n }, outputs, wrong))).to.equal(
      "INCONSISTENT_MEMORY",
    );
    expect(vmErrorCode(() => solve("DivMod", { lhs: 1n, rhs: 0n }, outputs))).to.equal("HINT");
  });

  it("Uint256DivMod and Uint512DivModByUint256 divide limbs", () => {
    fc.assert(
      fc.property(fc.array(u128, { minLength: 6, maxLength: 6 }), (limbs) => {
        const [d0, d1, d2, d3, n0, n1] = limbs as [bigint, bigint, bigint, bigint, bigint, bigint];
        const divisor = n0 + (n1 << 128n);
        fc.pre(divisor !== 0n);
        const small = solve(
          "Uint256DivMod",
          { dividend0: d0, dividend1: d1, divisor0: n0, divisor1: n1 },
          ["quotient0", "quotient1", "remainder0", "remainder1"],
        );
        const dividend = d0 + (d1 << 128n);
        const quotient = small.quotient0 + (small.quotient1 << 128n);
        const remainder = small.remainder0 + (small.remainder1 << 128n);
        expect(quotient * divisor + remainder).to.equal(dividend);
        expect(remainder < divisor).to.equal(true);

        const big = solve(
          "Uint512DivModByUint256",
          {
            dividend0: d0,
            dividend1: d1,
            dividend2: d2,
            dividend3: d3,
            divisor0: n0,
            divisor1: n1,
          },
          ["quotient0", "quotient1", "quotient2", "quotient3", "remainder0", "remainder1"],
        );
        const bigQuotient =
          big.quotient0 +
          (big.quotient1 << 128n) +
          (big.quotient2 << 256n) +
          (big.quotient3 << 384n);
        const bigRemainder = big.remainder0 + (big.remainder1 << 128n);
        // The top limb is a felt: a quotient of more bits than that wraps, as in the reference.
        const whole = dividend + (d2 << 256n) + (d3 << 384n);
        if (whole / divisor < 1n << 512n)
          expect(bigQuotient * divisor + bigRemainder).to.equal(whole);
        expect(bigRemainder < divisor).to.equal(true);
      }),
    );
    const zero = { dividend0: 1n, dividend1: 0n, divisor0: 0n, divisor1: 0n };
    const outputs = ["quotient0", "quotient1", "remainder0", "remainder1"];
    expect(vmErrorCode(() => solve("Uint256DivMod", zero, outputs))).to.equal("HINT");
  });

  it("takes integer square roots", () => {
    fc.assert(
      fc.property(felt, u128, u128, (value, low, high) => {
        const root = solve("SquareRoot", { value }, ["dst"]).dst;
        expect(root * root <= value && value < (root + 1n) * (root + 1n)).to.equal(true);

        const o = solve("Uint256SquareRoot", { value_low: low, value_high: high }, [
          "sqrt0",
          "sqrt1",
          "remainder_low",
          "remainder_high",
          "sqrt_mul_2_minus_remainder_ge_u128",
        ]);
        const root256 = o.sqrt0 + (o.sqrt1 << 64n);
        const rest = o.remainder_low + (o.remainder_high << 128n);
        expect(root256 * root256 + rest).to.equal(low + (high << 128n));
        expect(rest <= 2n * root256).to.equal(true);
        expect(o.sqrt_mul_2_minus_remainder_ge_u128).to.equal(
          2n * root256 - rest >= 1n << 128n ? 1n : 0n,
        );
        expect(o.sqrt0 < 1n << 64n && o.sqrt1 < 1n << 64n).to.equal(true);
      }),
    );
    const max = (1n << 128n) - 1n;
    const flagged = solve("Uint256SquareRoot", { value_low: 1n, value_high: max - 1n }, [
      "sqrt0",
      "sqrt1",
      "remainder_low",
      "remainder_high",
      "sqrt_mul_2_minus_remainder_ge_u128",
    ]);
    // (2^128 - 1)² = 2^256 - 2^129 + 1: a perfect square, whose doubled root passes 2^128.
    expect(flagged).to.deep.equal({
      sqrt0: (1n << 64n) - 1n,
      sqrt1: (1n << 64n) - 1n,
      remainder_low: 0n,
      remainder_high: 0n,
      sqrt_mul_2_minus_remainder_ge_u128: 1n,
    });
  });

  it("LinearSplit keeps x <= max_x and x·scalar + y = value", () => {
    fc.assert(
      fc.property(felt, felt, felt, (value, scalar, max) => {
        fc.pre(scalar !== 0n);
        const { x, y } = solve("LinearSplit", { value, scalar, max_x: max }, ["x", "y"]);
        expect(x * scalar + y).to.equal(value);
        expect(x <= max && (y < scalar || x === max)).to.equal(true);
      }),
    );
    expect(
      vmErrorCode(() => solve("LinearSplit", { value: 1n, scalar: 0n, max_x: 1n }, ["x", "y"])),
    ).to.equal("HINT");
  });

  it("AssertLeFindSmallArcs writes arcs that prove a <= b within range checks", () => {
    const third = 3544607988759775765608368578435044694n;
    const half = 5316911983139663648412552867652567041n;
    fc.assert(
      fc.property(felt, felt, (x, y) => {
        const [a, b] = x <= y ? [x, y] : [y, x];
        const context = plainContext();
        const rc = context.memory.addSegment();
        context.memory.set(shift(context.ap, -1), rc);
        compileCasmHint({
          AssertLeFindSmallArcs: { range_check_ptr: { Deref: ap(-1) }, a: imm(a), b: imm(b) },
        }).execute(context);
        const { dst: skipFirst } = solve2("AssertLeIsFirstArcExcluded", "skip_exclude_a_flag", 0);
        const { dst: skipSecond } = solve2(
          "AssertLeIsSecondArcExcluded",
          "skip_exclude_b_minus_a",
          1,
        );
        function solve2(name: string, operand: string, at: number): { dst: bigint } {
          compileCasmHint({ [name]: { [operand]: ap(at) } }).execute(context);
          return { dst: context.memory.felt(shift(context.ap, at)) };
        }
        const parts = context.memory.felts(rc, 4);
        for (const part of parts) expect(part < 1n << 128n).to.equal(true);
        const [p0, p1, p2, p3] = parts as [bigint, bigint, bigint, bigint];
        const arcs = [p0 + p1 * third, p2 + p3 * half];
        // What the code after the hint checks: sum and product of the two arcs that were kept.
        const lengths = [a, b - a, P - 1n - b];
        const excluded = skipFirst === 0n ? 0 : skipSecond === 0n ? 1 : 2;
        const kept = lengths.filter((_, i) => i !== excluded);
        expect(arcs[0]! + arcs[1]!).to.equal(kept[0]! + kept[1]!);
        expect(arcs[0]! * arcs[1]!).to.equal(kept[0]! * kept[1]!);
        expect(lengths[excluded]! >= arcs[1]! && arcs[1]! >= arcs[0]!).to.equal(true);
      }),
    );
    const fresh = plainContext();
    const flag = compileCasmHint({ AssertLeIsFirstArcExcluded: { skip_exclude_a_flag: ap(0) } });
    expect(vmErrorCode(() => flag.execute(fresh))).to.equal("HINT");
  });

  it("FieldSqrt gives the smaller root of the value or of its triple", () => {
    for (const value of [0n, 1n, 3n, 4n, 25n, P - 1n, 5n, 0x1234567890abcdefn]) {
      const { sqrt: root } = solve("FieldSqrt", { val: value }, ["sqrt"]);
      expect(mul(root, root)).to.equal(isSquare(value) ? value : mod(3n * value));
      expect(root <= P - root).to.equal(true);
    }
  });

  it("RandomEcPoint gives points of the Stark curve, different ones, the same in every run", () => {
    const draw = () => {
      const context = plainContext();
      return [0, 2, 4].map((offset) => {
        compileCasmHint({ RandomEcPoint: { x: ap(offset), y: ap(offset + 1) } }).execute(context);
        return context.memory.felts(shift(context.ap, offset), 2) as [bigint, bigint];
      });
    };
    const points = draw();
    const beta = 3141592653589793238462643383279502884197169399375105820974944592307816406665n;
    for (const [x, y] of points) expect(mod(y * y)).to.equal(mod(x ** 3n + x + beta));
    expect(new Set(points.map(([x]) => x)).size).to.equal(3);
    expect(draw()).to.deep.equal(points);
  });

  it("U256InvModN gives an inverse or a common divisor", () => {
    const outputs = [
      "s_or_r0",
      "s_or_r1",
      "t_or_k0",
      "t_or_k1",
      "g0_or_no_inv",
      "g1_option",
    ] as const;
    const run = (b: bigint, n: bigint) => {
      const mask = (1n << 128n) - 1n;
      return solve(
        "U256InvModN",
        { b0: b & mask, b1: b >> 128n, n0: n & mask, n1: n >> 128n },
        outputs,
      );
    };
    const u256 = fc.tuple(u128, u128).map(([low, high]) => low + (high << 128n));
    fc.assert(
      fc.property(u256, u256, (b, n) => {
        fc.pre(n !== 0n);
        const o = run(b, n);
        const s = o.s_or_r0 + (o.s_or_r1 << 128n);
        const t = o.t_or_k0 + (o.t_or_k1 << 128n);
        if (o.g0_or_no_inv === 0n) {
          expect(s * b - 1n).to.equal(t * n);
          expect(s < n).to.equal(true);
          return;
        }
        const g = o.g0_or_no_inv + (o.g1_option << 128n);
        expect([g * s, g * t]).to.deep.equal([b, n]);
        expect(g === 2n || g % 2n === 1n).to.equal(true);
        expect(g > 1n || n === 1n).to.equal(true);
      }),
    );
    expect(run(3n, 7n)).to.include({ s_or_r0: 5n, t_or_k0: 2n, g0_or_no_inv: 0n });
    expect(run(12n, 18n)).to.include({ g0_or_no_inv: 2n, s_or_r0: 6n, t_or_k0: 9n });
    expect(run(5n, 1n)).to.include({ g0_or_no_inv: 1n, s_or_r0: 5n, t_or_k0: 1n });
    expect(vmErrorCode(() => run(1n, 0n))).to.equal("HINT");
  });
});
