import { expect } from "chai";
import fc from "fast-check";
import { compileCasmHint } from "../../../src/cairo/hints/casm/index.ts";
import type { PlainMemory } from "../../support/hint-context.ts";
import { type Relocatable, shift } from "../../../src/cairo/relocatable.ts";
import { plainContext, vmErrorCode } from "../../support/hint-context.ts";

const deref = (offset: number) => ({ Deref: { register: "AP", offset } });
const limbs = (value: bigint): bigint[] =>
  [0n, 96n, 192n, 288n].map((bits) => (value >> bits) & ((1n << 96n) - 1n));
const value = (memory: PlainMemory, at: Relocatable): bigint =>
  memory.felts(at, 4).reduceRight((sum, limb) => (sum << 96n) + limb, 0n);

type Gate = readonly [lhs: number, rhs: number, res: number];

/** Evaluates a circuit over numbered values of which `inputs` are given. */
function evaluate(
  modulus: bigint,
  inputs: ReadonlyMap<number, bigint>,
  adds: readonly Gate[],
  muls: readonly Gate[],
  counts = { add: adds.length, mul: muls.length },
) {
  const context = plainContext();
  const { memory } = context;
  const values = memory.addSegment();
  for (const [index, input] of inputs) memory.write(shift(values, 4 * index), limbs(input));
  const builtin = (gates: readonly Gate[]): [start: Relocatable, offsets: Relocatable] => {
    const offsets = memory.addSegment();
    memory.write(
      offsets,
      gates.flat().map((index) => BigInt(4 * index)),
    );
    const start = memory.addSegment();
    memory.write(start, limbs(modulus));
    memory.write(shift(start, 4), [values, offsets]);
    return [start, offsets];
  };
  const [add, addOffsets] = builtin(adds);
  const [mul, mulOffsets] = builtin(muls);
  memory.write(context.ap, [add, mul, BigInt(counts.add), BigInt(counts.mul)]);
  compileCasmHint({
    EvalCircuit: {
      n_add_mods: deref(2),
      add_mod_builtin: deref(0),
      n_mul_mods: deref(3),
      mul_mod_builtin: deref(1),
    },
  }).execute(context);
  const at = (index: number): bigint => value(memory, shift(values, 4 * index));
  return { memory, values, add, mul, addOffsets, mulOffsets, at };
}

const SECP_P = (1n << 256n) - (1n << 32n) - 977n;

describe("EvalCircuit", () => {
  it("computes sums, differences, products and inverses, in whatever order they become ready", () => {
    const u = fc.bigInt({ min: 1n, max: SECP_P - 1n });
    fc.assert(
      fc.property(u, u, u, (a, b, c) => {
        fc.pre((a + b) % SECP_P !== 0n);
        // 3 = a + b; 4 = 3·c; 5 = 4 - a, that is 5 + a = 4; 6 = 1/3, that is 6·3 = 1 (value 7).
        const { at } = evaluate(
          SECP_P,
          new Map([
            [0, a],
            [1, b],
            [2, c],
            [7, 1n],
          ]),
          [
            [0, 1, 3],
            [5, 0, 4],
          ],
          [
            [3, 2, 4],
            [6, 3, 7],
          ],
        );
        const sum = (a + b) % SECP_P;
        expect(at(3)).to.equal(sum);
        expect(at(4)).to.equal((sum * c) % SECP_P);
        expect((at(5) + a) % SECP_P).to.equal(at(4));
        expect((at(6) * sum) % SECP_P).to.equal(1n);
        for (const i of [3, 4, 5, 6]) expect(at(i) < SECP_P).to.equal(true);
      }),
      { numRuns: 40 },
    );
  });

  it("writes the instances of both builtins, the count falling to 1", () => {
    const gates: Gate[] = [
      [0, 1, 2],
      [2, 1, 3],
    ];
    const inputs = new Map([
      [0, 5n],
      [1, 6n],
    ]);
    const { memory, values, add, mul, addOffsets } = evaluate(7n, inputs, gates, [[3, 3, 4]]);
    for (const i of [0, 1]) {
      const instance = shift(add, 7 * i);
      expect(memory.felts(instance, 4)).to.deep.equal([7n, 0n, 0n, 0n]);
      expect(memory.pointer(shift(instance, 4))).to.deep.equal(values);
      expect(memory.pointer(shift(instance, 5))).to.deep.equal(shift(addOffsets, 3 * i));
      expect(memory.felt(shift(instance, 6))).to.equal(BigInt(2 - i));
    }
    expect(memory.felt(shift(mul, 6))).to.equal(1n);
    expect(memory.segmentSize(mul.segment)).to.equal(7);
  });

  it("nullifies what has no inverse and vouches for the gates before it only", () => {
    const inputs = new Map([
      [0, 6n],
      [1, 1n],
    ]);
    const { at, memory, mul } = evaluate(
      15n,
      inputs,
      [],
      [
        [0, 0, 2],
        [3, 0, 1],
        [0, 2, 4],
      ],
    );
    expect(at(2)).to.equal(6n);
    expect(at(3)).to.equal(5n);
    expect(at(4)).to.equal(6n);
    expect(memory.felt(shift(mul, 6))).to.equal(1n);
    expect(memory.segmentSize(mul.segment)).to.equal(7);
  });

  it("fails for missing inputs, a modulus of 0 and counts that lie", () => {
    const one = new Map([[0, 1n]]);
    const code = (action: () => unknown) => vmErrorCode(() => void action());
    expect(code(() => evaluate(7n, one, [[0, 1, 2]], []))).to.equal("HINT");
    expect(code(() => evaluate(7n, one, [], [[0, 1, 2]]))).to.equal("HINT");
    expect(code(() => evaluate(0n, one, [[0, 0, 2]], []))).to.equal("HINT");
    const counts = { add: 2 ** 47, mul: 0 };
    expect(code(() => evaluate(7n, one, [[0, 0, 1]], [], counts))).to.equal("UNKNOWN_MEMORY");
    expect(code(() => evaluate(7n, one, [[0, 0, 1]], [], { ...counts, add: 2 ** 49 }))).to.equal(
      "HINT",
    );
  });
});
