/**
 * Cairo 0 hints of integer arithmetic on felts (cairo-lang, starkware/cairo/common/{math,math_cmp,pow,
 * log2_ceil}.cairo).
 */
import { type Felt, inv, mul, neg, P } from "../../../field/felt.ts";
import { isSquare, sqrt } from "../../../field/kernel.ts";
import { isRelocatable, type MemoryValue, showValue } from "../../relocatable.ts";
import { writeSmallArcs } from "../casm/arithmetic.ts";
import { hintError } from "../errors.ts";
import { isqrt, POW_2_128 } from "../numbers.ts";
import { type Cairo0Hint, code, flag, type HintLibrary, nondet } from "./library.ts";
import { ScopeVariable } from "./variables.ts";

/** Exclusive bound of range_check values (`range_check_builtin.bound`). */
const RC_BOUND = POW_2_128;

const excludedArc = new ScopeVariable<number>("excluded");

/** The representative of least absolute value, as Python's as_int lifts felts. */
const lift = (value: Felt): bigint => (value < P / 2n ? value : value - P);

const assertNotZero: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  return (context) => {
    if (value(context) === 0n) throw hintError("assert_not_zero: the value is 0");
  };
};

function comparable(a: MemoryValue, b: MemoryValue): boolean {
  if (isRelocatable(a)) return isRelocatable(b) && a.segment === b.segment;
  return !isRelocatable(b);
}

const assertNotEqual: Cairo0Hint = (ids) => {
  const left = ids.value("a");
  const right = ids.value("b");
  return (context) => {
    const [a, b] = [left(context), right(context)];
    if (!comparable(a, b) || showValue(a) === showValue(b))
      throw hintError(`assert_not_equal: ${showValue(a)} and ${showValue(b)}`);
  };
};

const assertNn: Cairo0Hint = (ids) => {
  const a = ids.felt("a");
  return (context) => {
    if (a(context) >= RC_BOUND) throw hintError(`assert_nn: ${a(context)} is out of range`);
  };
};

const split250: Cairo0Hint = (ids) => {
  const bound = ids.constant("UPPER_BOUND");
  const base = ids.constant("SHIFT");
  const input = ids.felt("value");
  const high = ids.writer("high");
  const low = ids.writer("low");
  return (context) => {
    const value = input(context);
    if (value >= bound) throw hintError(`assert_250_bit: ${value} is out of range`);
    high(context, value / base);
    low(context, value % base);
  };
};

const splitFelt: Cairo0Hint = (ids) => {
  const maxHigh = ids.constant("MAX_HIGH");
  const maxLow = ids.constant("MAX_LOW");
  const input = ids.felt("value");
  const high = ids.writer("high");
  const low = ids.writer("low");
  return (context) => {
    if (maxHigh * POW_2_128 + maxLow !== P - 1n)
      throw hintError("split_felt: the constants are not those of this field");
    const value = input(context);
    low(context, value % POW_2_128);
    high(context, value / POW_2_128);
  };
};

const assertLeFelt: Cairo0Hint = (ids) => {
  const left = ids.felt("a");
  const right = ids.felt("b");
  const rangeCheckPtr = ids.pointer("range_check_ptr");
  return (context) => {
    const [a, b] = [left(context), right(context)];
    if (a > b) throw hintError(`assert_le_felt: ${a} is greater than ${b}`);
    excludedArc.set(context, writeSmallArcs(context, rangeCheckPtr(context), a, b));
  };
};

const isNotExcluded = (arc: number): Cairo0Hint =>
  nondet(() => (context) => flag(excludedArc.get(context) !== arc));

const assertThirdExcluded: Cairo0Hint = () => (context) => {
  if (excludedArc.get(context) !== 2) throw hintError("assert_le_felt: another arc is excluded");
};

const assertLtFelt: Cairo0Hint = (ids) => {
  const left = ids.felt("a");
  const right = ids.felt("b");
  return (context) => {
    const [a, b] = [left(context), right(context)];
    if (a >= b) throw hintError(`assert_lt_felt: ${a} is not less than ${b}`);
  };
};

const isPositive: Cairo0Hint = (ids) => {
  const input = ids.felt("value");
  const dst = ids.writer("is_positive");
  return (context) => {
    const value = lift(input(context));
    if (value >= RC_BOUND || value <= -RC_BOUND)
      throw hintError(`is_positive: ${value} is out of range`);
    dst(context, flag(value > 0n));
  };
};

function checkDivisor(divisor: Felt): void {
  if (divisor === 0n || divisor > P / RC_BOUND)
    throw hintError(`the divisor ${divisor} is not from 1 to P / 2^128`);
}

const unsignedDivRem: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  const div = ids.felt("div");
  const quotient = ids.writer("q");
  const remainder = ids.writer("r");
  return (context) => {
    const divisor = div(context);
    checkDivisor(divisor);
    quotient(context, value(context) / divisor);
    remainder(context, value(context) % divisor);
  };
};

const signedDivRem: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  const div = ids.felt("div");
  const bound = ids.felt("bound");
  const biasedQuotient = ids.writer("biased_q");
  const remainder = ids.writer("r");
  return (context) => {
    const [divisor, limit] = [div(context), bound(context)];
    checkDivisor(divisor);
    if (limit > RC_BOUND / 2n) throw hintError(`signed_div_rem: the bound ${limit} is too large`);
    const dividend = lift(value(context));
    const r = ((dividend % divisor) + divisor) % divisor;
    const q = (dividend - r) / divisor;
    if (q < -limit || q >= limit)
      throw hintError(`signed_div_rem: the quotient ${q} is out of range`);
    remainder(context, r);
    biasedQuotient(context, q + limit);
  };
};

const assertSplitDone: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  return (context) => {
    if (value(context) !== 0n) throw hintError("split_int: the value is out of range");
  };
};

const splitIntLimb: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  const base = ids.felt("base");
  const bound = ids.felt("bound");
  const output = ids.pointer("output");
  return (context) => {
    if (base(context) === 0n) throw hintError("split_int: the base is 0");
    const limb = value(context) % base(context);
    if (limb >= bound(context)) throw hintError(`split_int: the limb ${limb} is out of range`);
    context.memory.set(output(context), limb);
  };
};

const sqrt250: Cairo0Hint = (ids) => {
  const input = ids.felt("value");
  const root = ids.writer("root");
  return (context) => {
    const value = input(context);
    if (value >= 1n << 250n) throw hintError(`sqrt: ${value} is not below 2^250`);
    root(context, isqrt(value));
  };
};

/** The root of x, or of x/3 where x is no square. */
const quadraticResidue: Cairo0Hint = (ids) => {
  const input = ids.felt("x");
  const dst = ids.writer("y");
  return (context) => {
    const x = input(context);
    const root = sqrt(isSquare(x) ? x : mul(x, inv(3n)));
    if (root === undefined) throw hintError(`neither ${x} nor a third of it is a square`);
    dst(context, root);
  };
};

const isNegative = nondet((ids) => {
  const a = ids.felt("a");
  return (context) => flag(a(context) >= RC_BOUND);
});

const isNegativeComplement = nondet((ids) => {
  const a = ids.felt("a");
  return (context) => flag(neg(a(context) + 1n === P ? 0n : a(context) + 1n) >= RC_BOUND);
});

const isGreater = nondet((ids) => {
  const a = ids.felt("a");
  const b = ids.felt("b");
  return (context) => flag(a(context) > b(context));
});

const powBit: Cairo0Hint = (ids) => {
  const exponent = ids.felt("prev_locs.exp");
  const bit = ids.writer("locs.bit");
  return (context) => {
    bit(context, exponent(context) & 1n);
  };
};

const assertBaseNotZero: Cairo0Hint = (ids) => {
  const base = ids.felt("base");
  return (context) => {
    if (base(context) === 0n) throw hintError("pow: 0 has no negative powers");
  };
};

const log2Ceil: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  const dst = ids.writer("res");
  return (context) => {
    if (value(context) === 0n) throw hintError("log2_ceil: the value is 0");
    const below = value(context) - 1n;
    dst(context, below === 0n ? 0n : BigInt(below.toString(2).length));
  };
};

export const mathHints: HintLibrary = new Map([
  [
    code`
      from starkware.cairo.common.math_utils import assert_integer
      assert_integer(ids.value)
      assert ids.value % PRIME != 0, f'assert_not_zero failed: {ids.value} = 0.'
    `,
    assertNotZero,
  ],
  [
    code`
      from starkware.cairo.lang.vm.relocatable import RelocatableValue
      both_ints = isinstance(ids.a, int) and isinstance(ids.b, int)
      both_relocatable = (
          isinstance(ids.a, RelocatableValue) and isinstance(ids.b, RelocatableValue) and
          ids.a.segment_index == ids.b.segment_index)
      assert both_ints or both_relocatable, \
          f'assert_not_equal failed: non-comparable values: {ids.a}, {ids.b}.'
      assert (ids.a - ids.b) % PRIME != 0, f'assert_not_equal failed: {ids.a} = {ids.b}.'
    `,
    assertNotEqual,
  ],
  [
    code`
      from starkware.cairo.common.math_utils import assert_integer
      assert_integer(ids.a)
      assert 0 <= ids.a % PRIME < range_check_builtin.bound, f'a = {ids.a} is out of range.'
    `,
    assertNn,
  ],
  [
    code`
      from starkware.cairo.common.math_utils import as_int

      # Correctness check.
      value = as_int(ids.value, PRIME) % PRIME
      assert value < ids.UPPER_BOUND, f'{value} is outside of the range [0, 2**250).'

      # Calculation for the assertion.
      ids.high, ids.low = divmod(ids.value, ids.SHIFT)
    `,
    split250,
  ],
  [
    code`
      from starkware.cairo.common.math_utils import assert_integer
      assert ids.MAX_HIGH < 2**128 and ids.MAX_LOW < 2**128
      assert PRIME - 1 == ids.MAX_HIGH * 2**128 + ids.MAX_LOW
      assert_integer(ids.value)
      ids.low = ids.value & ((1 << 128) - 1)
      ids.high = ids.value >> 128
    `,
    splitFelt,
  ],
  [
    code`
      import itertools

      from starkware.cairo.common.math_utils import assert_integer
      assert_integer(ids.a)
      assert_integer(ids.b)
      a = ids.a % PRIME
      b = ids.b % PRIME
      assert a <= b, f'a = {a} is not less than or equal to b = {b}.'

      # Find an arc less than PRIME / 3, and another less than PRIME / 2.
      lengths_and_indices = [(a, 0), (b - a, 1), (PRIME - 1 - b, 2)]
      lengths_and_indices.sort()
      assert lengths_and_indices[0][0] <= PRIME // 3 and lengths_and_indices[1][0] <= PRIME // 2
      excluded = lengths_and_indices[2][1]

      memory[ids.range_check_ptr + 1], memory[ids.range_check_ptr + 0] = (
          divmod(lengths_and_indices[0][0], ids.PRIME_OVER_3_HIGH))
      memory[ids.range_check_ptr + 3], memory[ids.range_check_ptr + 2] = (
          divmod(lengths_and_indices[1][0], ids.PRIME_OVER_2_HIGH))
    `,
    assertLeFelt,
  ],
  [code`memory[ap] = 1 if excluded != 0 else 0`, isNotExcluded(0)],
  [code`memory[ap] = 1 if excluded != 1 else 0`, isNotExcluded(1)],
  [code`assert excluded == 2`, assertThirdExcluded],
  [
    code`
      from starkware.cairo.common.math_utils import assert_integer
      assert_integer(ids.a)
      assert_integer(ids.b)
      assert (ids.a % PRIME) < (ids.b % PRIME), \
          f'a = {ids.a % PRIME} is not less than b = {ids.b % PRIME}.'
    `,
    assertLtFelt,
  ],
  [
    code`
      from starkware.cairo.common.math_utils import is_positive
      ids.is_positive = 1 if is_positive(
          value=ids.value, prime=PRIME, rc_bound=range_check_builtin.bound) else 0
    `,
    isPositive,
  ],
  [
    code`
      from starkware.cairo.common.math_utils import assert_integer
      assert_integer(ids.div)
      assert 0 < ids.div <= PRIME // range_check_builtin.bound, \
          f'div={hex(ids.div)} is out of the valid range.'
      ids.q, ids.r = divmod(ids.value, ids.div)
    `,
    unsignedDivRem,
  ],
  [
    code`
      from starkware.cairo.common.math_utils import as_int, assert_integer

      assert_integer(ids.div)
      assert 0 < ids.div <= PRIME // range_check_builtin.bound, \
          f'div={hex(ids.div)} is out of the valid range.'

      assert_integer(ids.bound)
      assert ids.bound <= range_check_builtin.bound // 2, \
          f'bound={hex(ids.bound)} is out of the valid range.'

      int_value = as_int(ids.value, PRIME)
      q, ids.r = divmod(int_value, ids.div)

      assert -ids.bound <= q < ids.bound, \
          f'{int_value} / {ids.div} = {q} is out of the range [{-ids.bound}, {ids.bound}).'

      ids.biased_q = q + ids.bound
    `,
    signedDivRem,
  ],
  [code`assert ids.value == 0, 'split_int(): value is out of range.'`, assertSplitDone],
  [
    code`
      memory[ids.output] = res = (int(ids.value) % PRIME) % ids.base
      assert res < ids.bound, f'split_int(): Limb {res} is out of range.'
    `,
    splitIntLimb,
  ],
  [
    code`
      from starkware.python.math_utils import isqrt
      value = ids.value % PRIME
      assert value < 2 ** 250, f"value={value} is outside of the range [0, 2**250)."
      assert 2 ** 250 < PRIME
      ids.root = isqrt(value)
    `,
    sqrt250,
  ],
  [
    code`
      from starkware.crypto.signature.signature import FIELD_PRIME
      from starkware.python.math_utils import div_mod, is_quad_residue, sqrt

      x = ids.x
      if is_quad_residue(x, FIELD_PRIME):
          ids.y = sqrt(x, FIELD_PRIME)
      else:
          ids.y = sqrt(div_mod(x, 3, FIELD_PRIME), FIELD_PRIME)
    `,
    quadraticResidue,
  ],
  [code`memory[ap] = 0 if 0 <= (ids.a % PRIME) < range_check_builtin.bound else 1`, isNegative],
  [
    code`memory[ap] = 0 if 0 <= ((-ids.a - 1) % PRIME) < range_check_builtin.bound else 1`,
    isNegativeComplement,
  ],
  [code`memory[ap] = 0 if (ids.a % PRIME) <= (ids.b % PRIME) else 1`, isGreater],
  [code`ids.locs.bit = (ids.prev_locs.exp % PRIME) & 1`, powBit],
  [code`assert ids.base != 0, "Cannot raise 0 to a negative power."`, assertBaseNotZero],
  [
    code`
      from starkware.python.math_utils import log2_ceil
      ids.res = log2_ceil(ids.value)
    `,
    log2Ceil,
  ],
]);
