/** Cairo 0 hints of Uint256, pairs of 128-bit limbs (cairo-lang, starkware/cairo/common/uint256.cairo). */
import { P } from "../../../field/felt.ts";
import type { HintContext } from "../context.ts";
import { hintError } from "../errors.ts";
import { isqrt, MASK_128, POW_2_128 } from "../numbers.ts";
import type { Reader, Writer } from "../operands.ts";
import type { Ids } from "./ids.ts";
import { type Cairo0Hint, code, flag, type HintLibrary, nondet } from "./library.ts";

function uint256Reader(ids: Ids, name: string): Reader<bigint> {
  const low = ids.felt(`${name}.low`);
  const high = ids.felt(`${name}.high`);
  return (context) => low(context) + (high(context) << 128n);
}

function uint256Writer(ids: Ids, name: string): (context: HintContext, value: bigint) => void {
  const low: Writer = ids.writer(`${name}.low`);
  const high: Writer = ids.writer(`${name}.high`);
  return (context, value) => {
    low(context, value & MASK_128);
    high(context, (value >> 128n) % P);
  };
}

const addCarries: Cairo0Hint = (ids) => {
  const base = ids.constant("SHIFT");
  const [aLow, aHigh, bLow, bHigh] = ["a.low", "a.high", "b.low", "b.high"].map((name) =>
    ids.felt(name),
  ) as [Reader<bigint>, Reader<bigint>, Reader<bigint>, Reader<bigint>];
  const carryLow = ids.writer("carry_low");
  const carryHigh = ids.writer("carry_high");
  return (context) => {
    const low = flag(aLow(context) + bLow(context) >= base);
    carryLow(context, low);
    carryHigh(context, flag(aHigh(context) + bHigh(context) + low >= base));
  };
};

const split64: Cairo0Hint = (ids) => {
  const a = ids.felt("a");
  const low = ids.writer("low");
  const high = ids.writer("high");
  return (context) => {
    low(context, a(context) & ((1n << 64n) - 1n));
    high(context, a(context) >> 64n);
  };
};

const squareRoot: Cairo0Hint = (ids) => {
  const n = uint256Reader(ids, "n");
  const root = uint256Writer(ids, "root");
  return (context) => {
    const value = isqrt(n(context));
    if (value >= POW_2_128) throw hintError("uint256_sqrt: the root is not below 2^128");
    root(context, value);
  };
};

const isNotNegative = nondet((ids) => {
  const high = ids.felt("a.high");
  return (context) => flag(high(context) < 1n << 127n);
});

const divRem: Cairo0Hint = (ids) => {
  const a = uint256Reader(ids, "a");
  const div = uint256Reader(ids, "div");
  const quotient = uint256Writer(ids, "quotient");
  const remainder = uint256Writer(ids, "remainder");
  return (context) => {
    const divisor = div(context);
    if (divisor === 0n) throw hintError("uint256_unsigned_div_rem: division by 0");
    quotient(context, a(context) / divisor);
    remainder(context, a(context) % divisor);
  };
};

const mulDivMod: Cairo0Hint = (ids) => {
  const a = uint256Reader(ids, "a");
  const b = uint256Reader(ids, "b");
  const div = uint256Reader(ids, "div");
  const quotientLow = uint256Writer(ids, "quotient_low");
  const quotientHigh = uint256Writer(ids, "quotient_high");
  const remainder = uint256Writer(ids, "remainder");
  return (context) => {
    const divisor = div(context);
    if (divisor === 0n) throw hintError("uint256_mul_div_mod: division by 0");
    const product = a(context) * b(context);
    const quotient = product / divisor;
    quotientLow(context, quotient & ((1n << 256n) - 1n));
    quotientHigh(context, quotient >> 256n);
    remainder(context, product % divisor);
  };
};

export const uint256Hints: HintLibrary = new Map([
  [
    code`
      sum_low = ids.a.low + ids.b.low
      ids.carry_low = 1 if sum_low >= ids.SHIFT else 0
      sum_high = ids.a.high + ids.b.high + ids.carry_low
      ids.carry_high = 1 if sum_high >= ids.SHIFT else 0
    `,
    addCarries,
  ],
  [
    code`
      ids.low = ids.a & ((1<<64) - 1)
      ids.high = ids.a >> 64
    `,
    split64,
  ],
  [
    code`
      from starkware.python.math_utils import isqrt
      n = (ids.n.high << 128) + ids.n.low
      root = isqrt(n)
      assert 0 <= root < 2 ** 128
      ids.root.low = root
      ids.root.high = 0
    `,
    squareRoot,
  ],
  [code`memory[ap] = 1 if 0 <= (ids.a.high % PRIME) < 2 ** 127 else 0`, isNotNegative],
  [
    code`
      a = (ids.a.high << 128) + ids.a.low
      div = (ids.div.high << 128) + ids.div.low
      quotient, remainder = divmod(a, div)

      ids.quotient.low = quotient & ((1 << 128) - 1)
      ids.quotient.high = quotient >> 128
      ids.remainder.low = remainder & ((1 << 128) - 1)
      ids.remainder.high = remainder >> 128
    `,
    divRem,
  ],
  [
    code`
      a = (ids.a.high << 128) + ids.a.low
      b = (ids.b.high << 128) + ids.b.low
      div = (ids.div.high << 128) + ids.div.low
      quotient, remainder = divmod(a * b, div)

      ids.quotient_low.low = quotient & ((1 << 128) - 1)
      ids.quotient_low.high = (quotient >> 128) & ((1 << 128) - 1)
      ids.quotient_high.low = (quotient >> 256) & ((1 << 128) - 1)
      ids.quotient_high.high = quotient >> 384
      ids.remainder.low = remainder & ((1 << 128) - 1)
      ids.remainder.high = remainder >> 128
    `,
    mulDivMod,
  ],
]);
