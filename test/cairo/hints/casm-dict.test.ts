import { expect } from "chai";
import fc from "fast-check";
import { compileCasmHint } from "../../../src/cairo/hints/casm/index.ts";
import { FeltMap } from "../../../src/cairo/hints/felt-map.ts";
import { type Relocatable, shift } from "../../../src/cairo/relocatable.ts";
import { P } from "../../../src/field/felt.ts";
import { type PlainContext, plainContext, vmErrorCode } from "../../support/hint-context.ts";

const ap = (offset: number) => ({ register: "AP", offset });
const deref = (offset: number) => ({ Deref: ap(offset) });
const imm = (value: bigint) => ({ Immediate: `0x${value.toString(16)}` });

/** Executes a hint with fresh cells: ap moves past the `used` cells that it addressed. */
function run(context: PlainContext, hint: unknown, used = 0): void {
  compileCasmHint(hint).execute(context);
  context.ap = shift(context.ap, used);
}

/** A segment arena with `infos`, as it is before its (count + 1)-th dictionary. */
function arena(context: PlainContext, infos: Relocatable, count: bigint): Relocatable {
  return context.memory.write(context.memory.addSegment(), [infos, count, 0n]);
}

function newDict(context: PlainContext, infos: Relocatable, count: number): Relocatable {
  context.memory.set(context.ap, arena(context, infos, BigInt(count)));
  run(context, { AllocFelt252Dict: { segment_arena_ptr: deref(0) } }, 1);
  return context.memory.pointer(shift(infos, 3 * count));
}

/** One access through the entry API; returns the previous value the hint found. */
function access(
  context: PlainContext,
  dict: Relocatable,
  key: bigint,
  value: bigint | Relocatable,
): bigint | Relocatable | undefined {
  const { memory } = context;
  memory.set(dict, key);
  memory.write(context.ap, [dict, shift(dict, 3), value]);
  compileCasmHint({ Felt252DictEntryInit: { dict_ptr: deref(0), key: imm(key) } }).execute(context);
  memory.set(shift(dict, 2), value);
  run(context, { Felt252DictEntryUpdate: { dict_ptr: deref(1), value: deref(2) } }, 3);
  return memory.get(shift(dict, 1));
}

/** Drives the squash hints as the Sierra function does and returns [key, access indices] in order. */
function squash(context: PlainContext, log: Relocatable, count: number): [bigint, number[]][] {
  const { memory } = context;
  const flag = (hint: string, operand: string): bigint => {
    run(context, { [hint]: { [operand]: ap(0) } }, 1);
    return memory.felt(shift(context.ap, -1));
  };
  memory.set(context.ap, log);
  const operands = {
    dict_accesses: deref(0),
    ptr_diff: imm(BigInt(3 * count)),
    n_accesses: imm(BigInt(count)),
    big_keys: ap(1),
    first_key: ap(2),
  };
  run(context, { InitSquashData: operands }, 3);
  let key = memory.felt(shift(context.ap, -1));
  const order: [bigint, number[]][] = [];
  for (let seen = 0; ; key = flag("GetNextDictKey", "next_key")) {
    const rc = memory.addSegment();
    memory.set(context.ap, rc);
    run(context, { GetCurrentAccessIndex: { range_check_ptr: deref(0) } }, 1);
    const indices = [Number(memory.felt(rc))];
    let more = flag("ShouldSkipSquashLoop", "should_skip_loop") === 0n;
    while (more) {
      const delta = flag("GetCurrentAccessDelta", "index_delta_minus1");
      indices.push(indices.at(-1)! + Number(delta) + 1);
      more = flag("ShouldContinueSquashLoop", "should_continue") === 1n;
    }
    order.push([key, indices]);
    seen += indices.length;
    if (seen === count) return order;
  }
}

describe("CASM hints of dictionaries", () => {
  it("opens dictionaries in the segment arena and numbers them", () => {
    const context = plainContext();
    const infos = context.memory.addSegment();
    const dicts = [0, 1, 2].map((i) => newDict(context, infos, i));
    expect(new Set(dicts.map(({ segment }) => segment)).size).to.equal(3);
    dicts.forEach((dict, i) => {
      context.memory.set(context.ap, shift(dict, 9));
      run(context, { GetSegmentArenaIndex: { dict_end_ptr: deref(0), dict_index: ap(1) } }, 2);
      expect(context.memory.felt(shift(context.ap, -1))).to.equal(BigInt(i));
    });
  });

  it("puts later dictionaries into temporary segments only when asked to", () => {
    for (const temporaryDictSegments of [true, false]) {
      const context = plainContext({ temporaryDictSegments });
      const infos = context.memory.addSegment();
      const segments = [0, 1, 2].map((i) => newDict(context, infos, i).segment);
      expect(segments.map((segment) => segment < 0)).to.deep.equal([
        false,
        temporaryDictSegments,
        temporaryDictSegments,
      ]);
    }
  });

  it("remembers the last value of every key, pointers too, and 0 before any", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.bigInt({ min: 0n, max: P - 1n }))), (writes) => {
        const context = plainContext();
        let dict = newDict(context, context.memory.addSegment(), 0);
        const expected = new Map<number, bigint>();
        for (const [key, value] of writes) {
          // Keys that agree in their low 64 bits.
          const previous = access(context, dict, BigInt(key) << 64n, value);
          expect(previous).to.equal(expected.get(key) ?? 0n);
          expected.set(key, value);
          dict = shift(dict, 3);
        }
      }),
      { numRuns: 30 },
    );
    const context = plainContext();
    const dict = newDict(context, context.memory.addSegment(), 0);
    access(context, dict, 1n, context.pc);
    expect(access(context, shift(dict, 3), 1n, 5n)).to.deep.equal(context.pc);
  });

  it("serves the deprecated read and write", () => {
    const context = plainContext();
    const dict = newDict(context, context.memory.addSegment(), 0);
    context.memory.write(context.ap, [dict, 42n]);
    const write = { dict_ptr: deref(0), key: imm(7n), value: deref(1) };
    run(context, { Felt252DictWrite: write });
    expect(context.memory.felt(shift(dict, 1))).to.equal(0n);
    run(context, { Felt252DictRead: { dict_ptr: deref(0), key: imm(7n), value_dst: ap(2) } });
    expect(context.memory.felt(shift(context.ap, 2))).to.equal(42n);
  });

  it("squashes accesses by ascending key, each key's in their order", () => {
    const key = fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.constantFrom(P - 1n, 1n << 128n));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 30 }), (keys) => {
        const context = plainContext();
        const log = context.memory.addSegment();
        keys.forEach((k, i) => {
          context.memory.set(shift(log, 3 * i), k);
        });
        const start = context.ap;
        const order = squash(context, log, keys.length);
        const ascending = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));
        expect(order).to.deep.equal(
          ascending.map((k) => [k, keys.flatMap((other, i) => (other === k ? [i] : []))]),
        );
        const bigKeys = context.memory.felt(shift(start, 1));
        expect(bigKeys).to.equal(keys.some((k) => k >= 1n << 128n) ? 1n : 0n);
      }),
      { numRuns: 50 },
    );
  });

  it("fails a squash whose count lies, and hints out of their order", () => {
    const context = plainContext();
    const log = context.memory.addSegment();
    context.memory.set(log, 1n);
    context.memory.set(context.ap, log);
    const init = (count: bigint) =>
      compileCasmHint({
        InitSquashData: {
          dict_accesses: deref(0),
          ptr_diff: imm(3n),
          n_accesses: imm(count),
          big_keys: ap(1),
          first_key: ap(2),
        },
      });
    const code = (hint: unknown) =>
      vmErrorCode(() => {
        compileCasmHint(hint).execute(context);
      });
    expect(code({ GetNextDictKey: { next_key: ap(4) } })).to.equal("HINT");
    expect(vmErrorCode(() => init(0n).execute(context))).to.equal("HINT");
    expect(vmErrorCode(() => init(1n << 40n).execute(context))).to.equal("UNKNOWN_MEMORY");
    expect(vmErrorCode(() => init(P - 1n).execute(context))).to.equal("HINT");
    init(1n).execute(context);
    expect(code({ GetCurrentAccessDelta: { index_delta_minus1: ap(4) } })).to.equal("HINT");
    expect(code({ GetNextDictKey: { next_key: ap(4) } })).to.equal("HINT");
    // The log is no dictionary.
    expect(code({ Felt252DictEntryInit: { dict_ptr: deref(0), key: imm(1n) } })).to.equal("HINT");
    expect(code({ Felt252DictEntryUpdate: { dict_ptr: deref(0), value: imm(1n) } })).to.equal(
      "INVALID_POINTER",
    );
  });

  it("keeps keys apart that agree in their low 64 bits", () => {
    const map = new FeltMap<number>();
    for (let i = 0; i < 1000; i++) map.set((BigInt(i) << 64n) + 1n, i);
    for (let i = 0; i < 1000; i++) map.set((BigInt(i) << 64n) + 1n, i + 1);
    expect([...map]).to.deep.equal(
      Array.from({ length: 1000 }, (_, i) => [(BigInt(i) << 64n) + 1n, i + 1]),
    );
    expect(map.size).to.equal(1000);
    expect(map.has(1n << 64n)).to.equal(false);
  });
});
