import { expect } from "chai";
import fc from "fast-check";
import { commonHints } from "../../../../src/cairo/hints/cairo0/index.ts";
import { FeltMap } from "../../../../src/cairo/hints/felt-map.ts";
import { type MemoryValue, type Relocatable, shift } from "../../../../src/cairo/relocatable.ts";
import { isSquare, mod, mul, P } from "../../../../src/field/felt.ts";
import { type HintCase, runHint } from "../../../support/cairo0-hint.ts";
import { plainContext, vmErrorCode } from "../../../support/hint-context.ts";

const run = (part: string, hintCase: HintCase) => runHint(commonHints, part, hintCase);
const code = (part: string, hintCase: HintCase) => vmErrorCode(() => run(part, hintCase));

const U128 = 1n << 128n;
const felt = fc.oneof(
  fc.bigInt({ min: 0n, max: P - 1n }),
  fc.constantFrom(0n, 1n, P - 1n, U128, U128 - 1n, P - U128),
);

describe("Cairo 0 hints of math", () => {
  it("refuse what their functions assert", () => {
    const pointer = plainContext().pc;
    const value = (v: MemoryValue) => ({ ids: { value: v } });
    const pair = (a: MemoryValue, b: MemoryValue) => ({ ids: { a, b } });
    expect(code("assert_not_zero failed", value(0n))).to.equal("HINT");
    expect(code("assert_not_zero failed", value(pointer))).to.equal("EXPECTED_FELT");
    expect(code("assert_not_zero failed", value(1n))).to.equal("no error");
    for (const [a, b] of [
      [1n, 1n],
      [1n, pointer],
      [pointer, pointer],
      [pointer, { segment: 1, offset: 0 }],
    ] as const)
      expect(code("both_ints", pair(a, b))).to.equal("HINT");
    expect(code("both_ints", pair(pointer, shift(pointer, 1)))).to.equal("no error");
    const nn = "assert 0 <= ids.a % PRIME < range_check_builtin.bound";
    expect(code(nn, { ids: { a: U128 } })).to.equal("HINT");
    expect(code(nn, { ids: { a: U128 - 1n } })).to.equal("no error");
    expect(code("assert (ids.a % PRIME) < (ids.b % PRIME)", pair(5n, 5n))).to.equal("HINT");
    expect(code("assert (ids.a % PRIME) < (ids.b % PRIME)", pair(5n, 6n))).to.equal("no error");
    expect(
      code("ids.root = isqrt(value)", { ids: { value: 1n << 250n, root: undefined } }),
    ).to.equal("HINT");
    expect(code("Cannot raise 0", { ids: { base: 0n } })).to.equal("HINT");
    expect(code("value is out of range.'", value(1n))).to.equal("HINT");
  });

  it("divide with and without a sign within their bounds", () => {
    const divisor = fc.bigInt({ min: 1n, max: P / U128 });
    fc.assert(
      fc.property(felt, divisor, (value, div) => {
        const { q, r } = run("ids.q, ids.r = divmod(ids.value, ids.div)", {
          ids: { value, div, q: undefined, r: undefined },
        });
        expect((q as bigint) * div + (r as bigint)).to.equal(value);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), divisor, (signed, div) => {
        const bound = 1n << 127n;
        const o = run("ids.biased_q = q + ids.bound", {
          ids: { value: mod(signed), div, bound, biased_q: undefined, r: undefined },
        });
        const [q, r] = [(o.biased_q as bigint) - bound, o.r as bigint];
        expect(q * div + r).to.equal(signed);
        expect(r >= 0n && r < div).to.equal(true);
      }),
    );
    const ids = { value: 1n, div: 0n, q: undefined, r: undefined };
    const unsigned = "ids.q, ids.r = divmod(ids.value, ids.div)";
    expect(code(unsigned, { ids })).to.equal("HINT");
    expect(code(unsigned, { ids: { ...ids, div: P / U128 + 1n } })).to.equal("HINT");
    const narrow = { value: 100n, div: 1n, bound: 50n, biased_q: undefined, r: undefined };
    expect(code("ids.biased_q = q + ids.bound", { ids: narrow })).to.equal("HINT");
  });

  it("split felts, and compare them with the range-check bound", () => {
    const constants = { MAX_HIGH: (P - 1n) / U128, MAX_LOW: 0n };
    fc.assert(
      fc.property(felt, felt, (a, b) => {
        const o = run("assert PRIME - 1 == ids.MAX_HIGH", {
          ids: { value: a, high: undefined, low: undefined },
          constants,
        });
        expect(((o.high as bigint) << 128n) + (o.low as bigint)).to.equal(a);
        const flags = [
          run("(ids.a % PRIME) < range_check_builtin.bound else 1", { ids: { a } }).ap,
          run("((-ids.a - 1) % PRIME)", { ids: { a } }).ap,
          run("(ids.a % PRIME) <= (ids.b % PRIME) else 1", { ids: { a, b } }).ap,
        ];
        expect(flags).to.deep.equal([
          a < U128 ? 0n : 1n,
          mod(-a - 1n) < U128 ? 0n : 1n,
          a <= b ? 0n : 1n,
        ]);
      }),
    );
    const ids = { value: 1n, high: undefined, low: undefined };
    expect(code("assert PRIME - 1 ==", { ids, constants: { MAX_HIGH: 1n, MAX_LOW: 1n } })).to.equal(
      "HINT",
    );
  });

  it("find signs, roots and logarithms", () => {
    const sign = (value: bigint) =>
      run("ids.is_positive = 1 if", { ids: { value: mod(value), is_positive: undefined } });
    expect(sign(5n).is_positive).to.equal(1n);
    expect(sign(-5n).is_positive).to.equal(0n);
    expect(sign(0n).is_positive).to.equal(0n);
    expect(vmErrorCode(() => sign(U128))).to.equal("HINT");
    expect(vmErrorCode(() => sign(-U128))).to.equal("HINT");
    for (const x of [0n, 4n, 3n, 12345n]) {
      const { y } = run("ids.y = sqrt(div_mod(x, 3", { ids: { x, y: undefined } });
      const square = mul(y as bigint, y as bigint);
      expect(isSquare(x) ? square : mul(3n, square)).to.equal(x);
    }
    for (const [value, log] of [
      [1n, 0n],
      [2n, 1n],
      [3n, 2n],
      [1024n, 10n],
      [1025n, 11n],
    ] as const)
      expect(run("log2_ceil(ids.value)", { ids: { value, res: undefined } }).res).to.equal(log);
  });

  it("find arcs for assert_le_felt only where a <= b", () => {
    const rc = shift(plainContext().pc, 0);
    const constants = { PRIME_OVER_3_HIGH: 1n, PRIME_OVER_2_HIGH: 1n };
    const le = (a: bigint, b: bigint) =>
      code("lengths_and_indices.sort()", { ids: { a, b, range_check_ptr: rc }, constants });
    expect(le(5n, 5n)).to.equal("no error");
    expect(le(6n, 5n)).to.equal("HINT");
    expect(code("memory[ap] = 1 if excluded != 0 else 0", {})).to.equal("HINT");
  });
});

describe("Cairo 0 hints of dictionaries", () => {
  const structs = { DictAccess: ["key", "prev_value", "new_value"] };

  function withDict() {
    const context = plainContext();
    const data = new FeltMap<MemoryValue>([[1n, 10n]]);
    const dict = context.state.newDict(context.memory, data, undefined, false);
    return { context, dict };
  }

  it("refuse keys without a value, pointers off the log's end, wrong previous values", () => {
    const { context, dict } = withDict();
    const read = (pointer: Relocatable, key: bigint) => {
      context.fp = shift(context.fp, 10);
      return code("ids.value = dict_tracker.data[ids.key]", {
        ids: { "dict_ptr:DictAccess*": pointer, key, value: undefined },
        structs,
        context,
      });
    };
    expect(read(shift(dict, 3), 1n)).to.equal("HINT");
    expect(read(context.pc, 1n)).to.equal("HINT");
    expect(read(dict, 1n)).to.equal("no error");
    expect(read(shift(dict, 3), 2n)).to.equal("HINT");
    const update = withDict();
    expect(
      code("# Verify dict pointer", {
        ids: { "dict_ptr:DictAccess*": update.dict, key: 1n, prev_value: 11n, new_value: 12n },
        structs,
        context: update.context,
      }),
    ).to.equal("HINT");
  });

  it("write the previous value and move the log's end", () => {
    const { context, dict } = withDict();
    run("ids.dict_ptr.prev_value", {
      ids: { "dict_ptr:DictAccess*": dict, key: 1n, new_value: 20n },
      structs,
      context,
    });
    expect(context.memory.felt(shift(dict, 1))).to.equal(10n);
    const tracker = context.state.dict(dict);
    expect(tracker.currentPtr).to.deep.equal(shift(dict, 3));
    expect(tracker.data.get(1n)).to.equal(20n);
  });

  it("need an initial dictionary for dict_new, once", () => {
    const context = plainContext();
    const part = "__dict_manager.new_dict(segments, initial_dict)";
    expect(code(part, { context })).to.equal("HINT");
    context.state.scopes.current.set("initial_dict", new FeltMap([[5n, 6n]]));
    const { ap } = run(part, { context });
    expect(context.state.dict(ap as Relocatable).data.get(5n)).to.equal(6n);
    context.fp = shift(context.fp, 10);
    expect(code(part, { context })).to.equal("HINT");
  });

  it("refuse to squash logs that lie", () => {
    const context = plainContext();
    const log = context.memory.addSegment();
    context.memory.write(log, [1n, 0n, 1n]);
    const squash = (ptrDiff: bigint, count: bigint) => {
      context.fp = shift(context.fp, 16);
      return code("dict_access_size = ids.DictAccess.SIZE", {
        ids: {
          "dict_accesses:DictAccess*": log,
          ptr_diff: ptrDiff,
          n_accesses: count,
          big_keys: undefined,
          first_key: undefined,
        },
        structs,
        context,
      });
    };
    expect(squash(4n, 1n)).to.equal("HINT");
    expect(squash(3n, 0n)).to.equal("HINT");
    expect(squash(6n, 2n)).to.equal("UNKNOWN_MEMORY");
    expect(squash(3n, 1n)).to.equal("no error");
    context.state.scopes.current.set("__squash_dict_max_size", 0n);
    expect(squash(3n, 1n)).to.equal("HINT");
    for (const part of ["assert len(keys) == 0", "new_access_index = current_access_indices.pop()"])
      expect(
        code(part, {
          ids: { "loop_temps:Temps": undefined },
          structs: { Temps: ["index_delta_minus1"] },
        }),
      ).to.equal("HINT");
  });
});

describe("Cairo 0 hints of searches, curves and trees", () => {
  it("refuse keys that are not there, empty elements and hints that lie", () => {
    const context = plainContext();
    const array = context.memory.addSegment();
    context.memory.write(array, [10n, 20n]);
    const find = (size: bigint, count: bigint, key: bigint) => {
      context.fp = shift(context.fp, 12);
      return code("if '__find_element_index' in globals()", {
        ids: { "array_ptr:felt*": array, elm_size: size, n_elms: count, key, index: undefined },
        context,
      });
    };
    expect(find(1n, 2n, 20n)).to.equal("no error");
    expect(find(1n, 2n, 30n)).to.equal("HINT");
    expect(find(0n, 2n, 20n)).to.equal("HINT");
    expect(find(1n, P - 1n, 30n)).to.equal("HINT");
    expect(find(1n, 1n << 40n, 30n)).to.equal("UNKNOWN_MEMORY");
    context.state.scopes.current.set("__find_element_index", 0n);
    expect(find(1n, 2n, 20n)).to.equal("HINT");
    context.state.scopes.current.set("__find_element_max_size", 1n);
    expect(find(1n, 2n, 20n)).to.equal("HINT");
  });

  it("refuse an x that is not on the curve", () => {
    const ids = { x: 0n, "p:Point": undefined };
    const structs = { Point: ["x", "y"] };
    const onCurve = [...Array(10).keys()].map((x) =>
      code("recover_y(ids.x", { ids: { ...ids, x: BigInt(x) }, structs }),
    );
    expect(new Set(onCurve)).to.deep.equal(new Set(["no error", "HINT"]));
    expect(code("ec_op failed", {})).to.equal("HINT");
  });

  it("refuse Patricia nodes without a preimage", () => {
    const context = plainContext();
    const open = (preimage?: FeltMap<readonly bigint[]>) => {
      context.fp = shift(context.fp, 12);
      if (preimage !== undefined) context.state.scopes.current.set("preimage", preimage);
      return code("len(preimage[ids.node]) == 2", { ids: { height: 3n, node: 99n }, context });
    };
    expect(open()).to.equal("HINT");
    expect(open(new FeltMap())).to.equal("HINT");
    expect(open(new FeltMap([[99n, [1n, 2n]]]))).to.equal("no error");
    const start = {
      "update_ptr:DictAccess*": context.pc,
      n_updates: 0n,
      height: 3n,
      prev_root: 0n,
      new_root: 0n,
    };
    const structs = { DictAccess: ["key", "prev_value", "new_value"] };
    expect(code("DictAccess_key = ids.DictAccess.key", { ids: start, structs })).to.equal("HINT");
    expect(
      code("DictAccess_key = ids.DictAccess.key", { ids: { ...start, height: 252n }, structs }),
    ).to.equal("HINT");
  });
});
