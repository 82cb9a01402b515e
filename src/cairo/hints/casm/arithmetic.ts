/**
 * CASM hints that guess results of integer and field arithmetic, which the code after them checks.
 * Semantics: starkware-libs/cairo, crates/cairo-lang-runner/src/casm_run/mod.rs.
 */
import { add, type Felt, mul, P, sub } from "../../../field/felt.ts";
import { sqrt } from "../../../field/kernel.ts";
import { isRelocatable, type MemoryValue, type Relocatable, shift } from "../../relocatable.ts";
import { hintError } from "../errors.ts";
import { extendedGcd, isqrt, MASK_128, POW_2_128 } from "../numbers.ts";
import type { Writer } from "../operands.ts";
import { stateOf } from "../state.ts";
import type { HintContext } from "../context.ts";
import { defineHint } from "./define.ts";

const flag = (condition: boolean): Felt => (condition ? 1n : 0n);

/** Pointers come before felts and are ordered by segment, then offset (cairo-vm's order of cell values). */
function lessOrEqual(a: MemoryValue, b: MemoryValue): boolean {
  if (!isRelocatable(a)) return !isRelocatable(b) && a <= b;
  if (!isRelocatable(b)) return true;
  return a.segment === b.segment ? a.offset <= b.offset : a.segment < b.segment;
}

const testLessThan = defineHint(
  { lhs: "felt", rhs: "felt", dst: "cell" },
  ({ lhs, rhs, dst }) =>
    (context) => {
      dst(context, lhs(context) < rhs(context) ? 1n : 0n);
    },
);

const testLessThanOrEqual = defineHint(
  { lhs: "value", rhs: "value", dst: "cell" },
  ({ lhs, rhs, dst }) =>
    (context) => {
      dst(context, flag(lessOrEqual(lhs(context), rhs(context))));
    },
);

const wideMul128 = defineHint(
  { lhs: "felt", rhs: "felt", high: "cell", low: "cell" },
  ({ lhs, rhs, high, low }) =>
    (context) => {
      const product = lhs(context) * rhs(context);
      high(context, (product >> 128n) % P);
      low(context, product & MASK_128);
    },
);

const divMod = defineHint(
  { lhs: "felt", rhs: "felt", quotient: "cell", remainder: "cell" },
  ({ lhs, rhs, quotient, remainder }) =>
    (context) => {
      const dividend = lhs(context);
      const divisor = rhs(context);
      if (divisor === 0n) throw hintError("DivMod: division by 0");
      quotient(context, dividend / divisor);
      remainder(context, dividend % divisor);
    },
);

/** Writes limbs of 128 bits, least significant first; the last takes whatever is left, mod P. */
function writeLimbs(context: HintContext, cells: readonly Writer[], value: bigint): void {
  let rest = value;
  cells.forEach((cell, i) => {
    cell(context, i === cells.length - 1 ? rest % P : rest & MASK_128);
    rest >>= 128n;
  });
}

const uint256DivMod = defineHint(
  {
    dividend0: "felt",
    dividend1: "felt",
    divisor0: "felt",
    divisor1: "felt",
    quotient0: "cell",
    quotient1: "cell",
    remainder0: "cell",
    remainder1: "cell",
  },
  (o) => {
    const quotient = [o.quotient0, o.quotient1];
    const remainder = [o.remainder0, o.remainder1];
    return (context) => {
      const dividend = o.dividend0(context) + (o.dividend1(context) << 128n);
      const divisor = o.divisor0(context) + (o.divisor1(context) << 128n);
      if (divisor === 0n) throw hintError("Uint256DivMod: division by 0");
      writeLimbs(context, quotient, dividend / divisor);
      writeLimbs(context, remainder, dividend % divisor);
    };
  },
);

const uint512DivModByUint256 = defineHint(
  {
    dividend0: "felt",
    dividend1: "felt",
    dividend2: "felt",
    dividend3: "felt",
    divisor0: "felt",
    divisor1: "felt",
    quotient0: "cell",
    quotient1: "cell",
    quotient2: "cell",
    quotient3: "cell",
    remainder0: "cell",
    remainder1: "cell",
  },
  (o) => {
    const quotient = [o.quotient0, o.quotient1, o.quotient2, o.quotient3];
    const remainder = [o.remainder0, o.remainder1];
    return (context) => {
      const dividend =
        o.dividend0(context) +
        (o.dividend1(context) << 128n) +
        (o.dividend2(context) << 256n) +
        (o.dividend3(context) << 384n);
      const divisor = o.divisor0(context) + (o.divisor1(context) << 128n);
      if (divisor === 0n) throw hintError("Uint512DivModByUint256: division by 0");
      writeLimbs(context, quotient, dividend / divisor);
      writeLimbs(context, remainder, dividend % divisor);
    };
  },
);

const squareRoot = defineHint({ value: "felt", dst: "cell" }, ({ value, dst }) => (context) => {
  dst(context, isqrt(value(context)));
});

const uint256SquareRoot = defineHint(
  {
    value_low: "felt",
    value_high: "felt",
    sqrt0: "cell",
    sqrt1: "cell",
    remainder_low: "cell",
    remainder_high: "cell",
    sqrt_mul_2_minus_remainder_ge_u128: "cell",
  },
  (o) => (context) => {
    const value = o.value_low(context) + (o.value_high(context) << 128n);
    const root = isqrt(value);
    const remainder = value - root * root;
    o.sqrt0(context, root & ((1n << 64n) - 1n));
    o.sqrt1(context, root >> 64n);
    o.remainder_low(context, remainder & MASK_128);
    o.remainder_high(context, remainder >> 128n);
    o.sqrt_mul_2_minus_remainder_ge_u128(context, flag(2n * root - remainder >= POW_2_128));
  },
);

const linearSplit = defineHint(
  { value: "felt", scalar: "felt", max_x: "felt", x: "cell", y: "cell" },
  (o) => (context) => {
    const value = o.value(context);
    const scalar = o.scalar(context);
    const max = o.max_x(context);
    if (scalar === 0n) throw hintError("LinearSplit: the scalar is 0");
    const quotient = value / scalar;
    const x = quotient < max ? quotient : max;
    o.x(context, x);
    // x·scalar <= value, so this stays in the field.
    o.y(context, value - x * scalar);
  },
);

// ⌈⌈P/3⌉ / 2^128⌉ and ⌈⌈P/2⌉ / 2^128⌉: the shortest arc is at most P/3 long, the middle one at most P/2.
const PRIME_OVER_3_HIGH = 3544607988759775765608368578435044694n;
const PRIME_OVER_2_HIGH = 5316911983139663648412552867652567041n;

type Arc = readonly [length: Felt, number: number];

/** The three arcs that 0, a and b cut the field into, shortest first, each with its number. */
export function sortArcs(a: Felt, b: Felt): [Arc, Arc, Arc] {
  const arcs: [Arc, Arc, Arc] = [
    [a, 0],
    [sub(b, a), 1],
    [P - 1n - b, 2],
  ];
  return arcs.sort(([x, i], [y, j]) => (x < y ? -1 : x > y ? 1 : i - j));
}

/** Writes the four range-checked parts of the two shorter arcs and returns the number of the longest. */
export function writeSmallArcs(
  { memory }: HintContext,
  rangeCheckPtr: Relocatable,
  a: Felt,
  b: Felt,
): number {
  const [[shortest], [middle], [, excluded]] = sortArcs(a, b);
  memory.set(rangeCheckPtr, shortest % PRIME_OVER_3_HIGH);
  memory.set(shift(rangeCheckPtr, 1), shortest / PRIME_OVER_3_HIGH);
  memory.set(shift(rangeCheckPtr, 2), middle % PRIME_OVER_2_HIGH);
  memory.set(shift(rangeCheckPtr, 3), middle / PRIME_OVER_2_HIGH);
  return excluded;
}

const assertLeFindSmallArcs = defineHint(
  { range_check_ptr: "pointer", a: "felt", b: "felt" },
  (o) => (context) => {
    const state = stateOf(context);
    state.excludedArc = writeSmallArcs(
      context,
      o.range_check_ptr(context),
      o.a(context),
      o.b(context),
    );
  },
);

function excludedArc(context: HintContext): number {
  const { excludedArc: arc } = stateOf(context);
  if (arc === undefined) throw hintError("no AssertLeFindSmallArcs came before");
  return arc;
}

const assertLeIsFirstArcExcluded = defineHint(
  { skip_exclude_a_flag: "cell" },
  ({ skip_exclude_a_flag: skip }) =>
    (context) => {
      skip(context, flag(excludedArc(context) !== 0));
    },
);

const assertLeIsSecondArcExcluded = defineHint(
  { skip_exclude_b_minus_a: "cell" },
  ({ skip_exclude_b_minus_a: skip }) =>
    (context) => {
      skip(context, flag(excludedArc(context) !== 1));
    },
);

/** The smaller root of `value`, or of 3·value: 3 is no square, so one of the two is. */
const fieldSqrt = defineHint({ val: "felt", sqrt: "cell" }, (o) => (context) => {
  const value = o.val(context);
  const root = sqrt(value) ?? sqrt(mul(3n, value));
  if (root === undefined) throw hintError(`FieldSqrt: neither ${value} nor its triple is a square`);
  o.sqrt(context, root);
});

// The Stark curve y² = x³ + x + β.
export const STARK_CURVE_BETA = 0x6f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89n;

// A point is worth a square root; a run that asks for more goes round.
const EC_POINTS = 64;
const ecPoints: (readonly [x: Felt, y: Felt])[] = [];

/** The first point whose x is one of start, start·β, start·β², … */
function nextEcPoint(start: Felt): readonly [x: Felt, y: Felt] {
  for (let x = start; ; x = mul(x, STARK_CURVE_BETA)) {
    const y = sqrt(add(add(mul(mul(x, x), x), x), STARK_CURVE_BETA));
    if (y !== undefined) return [x, y];
  }
}

/**
 * A point of the Stark curve, for code that needs one it has no relation to. Any is right; the n-th of a
 * run is always the same, so that runs repeat exactly.
 */
export function ecPoint(n: number): readonly [x: Felt, y: Felt] {
  const index = n % EC_POINTS;
  const known = ecPoints[index];
  if (known !== undefined) return known;
  const [previous] = index === 0 ? [1n] : ecPoint(index - 1);
  return (ecPoints[index] = nextEcPoint(add(mul(previous, STARK_CURVE_BETA), 1n)));
}

const randomEcPoint = defineHint({ x: "cell", y: "cell" }, (o) => (context) => {
  const [x, y] = ecPoint(stateOf(context).ecPoints++);
  o.x(context, x);
  o.y(context, y);
});

const u256InvModN = defineHint(
  {
    b0: "felt",
    b1: "felt",
    n0: "felt",
    n1: "felt",
    g0_or_no_inv: "cell",
    g1_option: "cell",
    s_or_r0: "cell",
    s_or_r1: "cell",
    t_or_k0: "cell",
    t_or_k1: "cell",
  },
  (o) => {
    const g = [o.g0_or_no_inv, o.g1_option];
    const s = [o.s_or_r0, o.s_or_r1];
    const t = [o.t_or_k0, o.t_or_k1];
    return (context) => {
      const b = o.b0(context) + (o.b1(context) << 128n);
      const n = o.n0(context) + (o.n1(context) << 128n);
      const { gcd, t: inverse } = extendedGcd(b, n);
      if (n === 1n || gcd !== 1n) {
        // The code after this wants a divisor that is odd or 2, so that its low limb is not 0.
        const divisor = gcd % 2n === 0n ? 2n : gcd;
        writeLimbs(context, s, b / divisor);
        writeLimbs(context, t, n / divisor);
        writeLimbs(context, g, divisor);
        return;
      }
      if (n === 0n) throw hintError("U256InvModN: the modulus is 0");
      const r = ((inverse % n) + n) % n;
      writeLimbs(context, s, r);
      writeLimbs(context, t, (r * b - 1n) / n);
      o.g0_or_no_inv(context, 0n);
    };
  },
);

export const arithmeticHints = {
  TestLessThan: testLessThan,
  TestLessThanOrEqual: testLessThanOrEqual,
  TestLessThanOrEqualAddress: testLessThanOrEqual,
  WideMul128: wideMul128,
  DivMod: divMod,
  Uint256DivMod: uint256DivMod,
  Uint512DivModByUint256: uint512DivModByUint256,
  SquareRoot: squareRoot,
  Uint256SquareRoot: uint256SquareRoot,
  LinearSplit: linearSplit,
  AssertLeFindSmallArcs: assertLeFindSmallArcs,
  AssertLeIsFirstArcExcluded: assertLeIsFirstArcExcluded,
  AssertLeIsSecondArcExcluded: assertLeIsSecondArcExcluded,
  RandomEcPoint: randomEcPoint,
  FieldSqrt: fieldSqrt,
  U256InvModN: u256InvModN,
};
