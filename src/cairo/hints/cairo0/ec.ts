/**
 * Cairo 0 hints of the Stark curve (cairo-lang, starkware/cairo/common/{ec,cairo_ec_op/ec_op}.cairo). The random
 * point derives from the inputs as there, so that runs agree cell by cell.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { add, type Felt, mul, neg, P } from "../../../field/felt.ts";
import { sqrt } from "../../../field/kernel.ts";
import { STARK_CURVE_BETA } from "../casm/arithmetic.ts";
import { shift } from "../../relocatable.ts";
import { hintError } from "../errors.ts";
import { toCount } from "../numbers.ts";
import type { Reader, Writer } from "../operands.ts";
import type { Ids } from "./ids.ts";
import { type Cairo0Hint, code, type HintLibrary } from "./library.ts";
import { ScopeVariable } from "./variables.ts";

const maxChainLength = new ScopeVariable<bigint>("__chained_ec_op_max_len");

function bytes32(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  let rest = value;
  for (let i = 31; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

const toInteger = (bytes: Uint8Array): bigint =>
  bytes.reduce((value, byte) => (value << 8n) + BigInt(byte), 0n);

/** The smaller y of the curve's points at `x`, or undefined when there is none. */
const recoverY = (x: bigint): Felt | undefined => {
  const reduced = x % P;
  const cube = mul(mul(reduced, reduced), reduced);
  return sqrt(add(add(cube, reduced), STARK_CURVE_BETA));
};

/**
 * The point that cairo-lang's random_ec_point derives from a seed: x = SHA-256(h₁…h₃₁ ‖ i) for the least i that
 * gives a point, h the seed's own hash, whose first bit picks the sign of y.
 */
export function seededEcPoint(seed: readonly Felt[]): [x: Felt, y: Felt] {
  const text = new Uint8Array(32 * seed.length);
  seed.forEach((value, i) => {
    text.set(bytes32(value), 32 * i);
  });
  const hash = sha256(text);
  const candidate = new Uint8Array(41);
  candidate.set(hash.subarray(1));
  for (let i = 0; i < 100; i++) {
    candidate[31] = i;
    const x = toInteger(sha256(candidate));
    const y = recoverY(x);
    if (y !== undefined) return [x % P, (hash[0]! & 1) === 1 ? neg(y) : y];
  }
  throw hintError("no point of the curve was found");
}

function pointReader(ids: Ids, name: string): [x: Reader<Felt>, y: Reader<Felt>] {
  return [ids.felt(`${name}.x`), ids.felt(`${name}.y`)];
}

function pointWriter(ids: Ids, name: string): [x: Writer, y: Writer] {
  return [ids.writer(`${name}.x`), ids.writer(`${name}.y`)];
}

const ecOpPoint: Cairo0Hint = (ids) => {
  const inputs = [...pointReader(ids, "p"), ids.felt("m"), ...pointReader(ids, "q")];
  const [sx, sy] = pointWriter(ids, "s");
  return (context) => {
    const [x, y] = seededEcPoint(inputs.map((read) => read(context)));
    sx(context, x);
    sy(context, y);
  };
};

const chainedEcOpPoint: Cairo0Hint = (ids) => {
  const length = ids.felt("len");
  const p = pointReader(ids, "p");
  const m = ids.pointer("m");
  const q = ids.pointer("q");
  const [sx, sy] = pointWriter(ids, "s");
  return (context) => {
    const limit = maxChainLength.peek(context);
    if (limit !== undefined && length(context) > limit)
      throw hintError(`chained_ec_op: ${length(context)} points, more than ${limit}`);
    const count = toCount(length(context), "len");
    const seed = p.map((read) => read(context));
    for (let i = 0; i < count; i++) seed.push(context.memory.felt(shift(m(context), i)));
    for (let i = 0; i < 2 * count; i++) seed.push(context.memory.felt(shift(q(context), i)));
    const [x, y] = seededEcPoint(seed);
    sx(context, x);
    sy(context, y);
  };
};

const pointFromX: Cairo0Hint = (ids) => {
  const input = ids.felt("x");
  const [px, py] = pointWriter(ids, "p");
  return (context) => {
    const x = input(context);
    const y = recoverY(x);
    if (y === undefined) throw hintError(`no point of the curve has x = ${x}`);
    px(context, x);
    py(context, y);
  };
};

const unpackBits: Cairo0Hint = (ids) => {
  const scalar = ids.felt("m");
  const bits = ids.constant("M_MAX_BITS");
  const target = ids.pointer("m_bit_unpacking");
  return (context) => {
    const m = scalar(context);
    const start = target(context);
    for (let i = 0; i < Number(bits); i++)
      context.memory.set(shift(start, i), (m >> BigInt(i)) & 1n);
  };
};

const fail: Cairo0Hint = () => () => {
  throw hintError("ec_op: a step adds a point to itself or to its negative");
};

export const ecHints: HintLibrary = new Map([
  [
    code`
      from starkware.crypto.signature.signature import ALPHA, BETA, FIELD_PRIME
      from starkware.python.math_utils import random_ec_point
      from starkware.python.utils import to_bytes

      # Define a seed for random_ec_point that's dependent on all the input, so that:
      #   (1) The added point s is deterministic.
      #   (2) It's hard to choose inputs for which the builtin will fail.
      seed = b"".join(map(to_bytes, [ids.p.x, ids.p.y, ids.m, ids.q.x, ids.q.y]))
      ids.s.x, ids.s.y = random_ec_point(FIELD_PRIME, ALPHA, BETA, seed)
    `,
    ecOpPoint,
  ],
  [
    code`
      from starkware.crypto.signature.signature import ALPHA, BETA, FIELD_PRIME
      from starkware.python.math_utils import random_ec_point
      from starkware.python.utils import to_bytes

      n_elms = ids.len
      assert isinstance(n_elms, int) and n_elms >= 0, \
          f'Invalid value for len. Got: {n_elms}.'
      if '__chained_ec_op_max_len' in globals():
          assert n_elms <= __chained_ec_op_max_len, \
              f'chained_ec_op() can only be used with len<={__chained_ec_op_max_len}. ' \
              f'Got: n_elms={n_elms}.'

      # Define a seed for random_ec_point that's dependent on all the input, so that:
      #   (1) The added point s is deterministic.
      #   (2) It's hard to choose inputs for which the builtin will fail.
      seed = b"".join(
          map(
              to_bytes,
              [
                  ids.p.x,
                  ids.p.y,
                  *memory.get_range(ids.m, n_elms),
                  *memory.get_range(ids.q.address_, 2 * n_elms),
              ],
          )
      )
      ids.s.x, ids.s.y = random_ec_point(FIELD_PRIME, ALPHA, BETA, seed)
    `,
    chainedEcOpPoint,
  ],
  [
    code`
      from starkware.crypto.signature.signature import ALPHA, BETA, FIELD_PRIME
      from starkware.python.math_utils import recover_y
      ids.p.x = ids.x
      # This raises an exception if \`x\` is not on the curve.
      ids.p.y = recover_y(ids.x, ALPHA, BETA, FIELD_PRIME)
    `,
    pointFromX,
  ],
  [
    code`
      curr_m = ids.m
      for i in range(ids.M_MAX_BITS):
          memory[ids.m_bit_unpacking + i] = curr_m % 2
          curr_m = curr_m >> 1
    `,
    unpackBits,
  ],
  [code`assert False, "ec_op failed."`, fail],
]);
