import { readdirSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { ProgramError, VmError } from "../../../src/cairo/errors.ts";
import { CASM_HINT_OPERANDS, compileCasmHint } from "../../../src/cairo/hints/casm/index.ts";
import { FeltMap } from "../../../src/cairo/hints/felt-map.ts";
import type { Relocatable } from "../../../src/cairo/relocatable.ts";
import { shift } from "../../../src/cairo/relocatable.ts";
import { P } from "../../../src/field/felt.ts";
import { plainContext, vmErrorCode } from "../../support/hint-context.ts";
import { readSharedJson, requireShared, sharedPath } from "../../support/shared.ts";

const ap = (offset: number) => ({ register: "AP", offset });

type Hints = [pc: number, hints: unknown[]][];

const compileAll = (hints: Hints): string[] =>
  hints.flatMap(([, list]) => list.map((hint) => compileCasmHint(hint).name));

const problem = (hint: unknown): string => {
  try {
    compileCasmHint(hint);
  } catch (error) {
    if (error instanceof ProgramError) return error.message;
    throw error;
  }
  return "compiled";
};

/** A well-formed operand for each kind. */
const OPERAND = {
  felt: { Immediate: "0x1" },
  value: { DoubleDeref: [ap(0), 1] },
  pointer: { BinOp: { op: "Add", a: ap(0), b: { Immediate: "0x1" } } },
  cell: ap(1),
  ignored: { Deref: ap(0) },
  "ignored-cell": ap(2),
};

const wellFormed = (name: string): unknown => {
  const kinds = Object.entries(CASM_HINT_OPERANDS.get(name) ?? {});
  return { [name]: Object.fromEntries(kinds.map(([operand, kind]) => [operand, OPERAND[kind]])) };
};

describe("CASM hints", () => {
  it("are the 38 a class can carry, each refusing every operand it lacks", () => {
    expect(CASM_HINT_OPERANDS.size).to.equal(38);
    for (const [name, operands] of CASM_HINT_OPERANDS) {
      const hint = wellFormed(name) as Record<string, Record<string, unknown>>;
      const compiled = compileCasmHint(hint);
      expect(compiled.name).to.equal(name);
      expect([...compiled.operands.keys()]).to.deep.equal(Object.keys(operands));
      for (const operand of Object.keys(operands)) {
        const others = Object.entries(hint[name]!).filter(([key]) => key !== operand);
        expect(problem({ [name]: Object.fromEntries(others) })).to.include(`${name}.${operand}`);
      }
    }
  });

  it("name what is wrong with malformed JSON", () => {
    const alloc = (dst: unknown) => problem({ AllocSegment: { dst } });
    const system = (operand: unknown) => problem({ SystemCall: { system: operand } });
    expect(problem("AssertAllKeysUsed")).to.equal("compiled");
    expect(problem({ AssertAllKeysUsed: null })).to.include("AssertAllKeysUsed");
    expect(problem("Cheatcode")).to.include('unknown name "Cheatcode"');
    expect(problem({ AllocSegment: {}, TestLessThan: {} })).to.include("one key");
    for (const junk of [undefined, null, 1, 1n, [], {}])
      expect(problem(junk)).to.include("one key");
    expect(alloc({ register: "PC", offset: 0 })).to.include('AP or FP, got "PC"');
    expect(alloc({ register: "AP", offset: 32768 })).to.include("16 bits, got 32768");
    expect(alloc({ register: "AP", offset: -32769 })).to.include("16 bits");
    expect(alloc({ register: "AP", offset: 0.5 })).to.include("16 bits");
    expect(alloc({ register: "AP", offset: "1" })).to.include("16 bits");
    expect(system({ Immediate: "0x1" })).to.include("expected a pointer");
    expect(system({ DoubleDeref: [ap(0), 0] })).to.include("expected a pointer");
    expect(system({ Deref: ap(0), Immediate: "0x1" })).to.include("one key");
    expect(system({ BinOp: { op: "Sub", a: ap(0), b: { Immediate: "0x1" } } })).to.include("Sub");
    expect(system({ BinOp: { op: "Mul", a: ap(0), b: { Immediate: "0x1" } } })).to.include(
      "expected a pointer",
    );
    for (const integer of ["1", "0x", "0xg", 1, `0x${"f".repeat(161)}`, "--0x1"])
      expect(problem({ SquareRoot: { value: { Immediate: integer }, dst: ap(0) } })).to.include(
        "SquareRoot.value: expected an integer",
      );
  });

  it("take or refuse any JSON with a ProgramError, and run or fail with a VmError", () => {
    const names = fc.constantFrom(...CASM_HINT_OPERANDS.keys());
    const cell = fc.record({
      register: fc.constantFrom("AP", "FP"),
      offset: fc.integer({ min: -40, max: 40 }),
    });
    const integer = fc
      .oneof(fc.bigInt({ min: 0n, max: 9n }), fc.bigInt({ min: 0n, max: 2n * P }))
      .map((x) => ({ Immediate: `0x${x.toString(16)}` }));
    const simple = fc.oneof(
      cell.map((c) => ({ Deref: c })),
      integer,
    );
    const operand = fc.oneof(
      { weight: 4, arbitrary: simple },
      cell.map((c) => ({ DoubleDeref: [c, c.offset] })),
      fc
        .record({ op: fc.constantFrom("Add", "Mul"), a: cell, b: simple })
        .map((binOp) => ({ BinOp: binOp })),
    );
    const memoryValue = fc.oneof(
      fc.constantFrom(0n, 1n, 2n, 3n, P - 1n),
      fc.bigInt({ min: 0n, max: P - 1n }),
      fc.record({ segment: fc.integer({ min: 0, max: 3 }), offset: fc.nat(70) }),
      fc.constant(undefined),
    );
    const scenario = names.chain((name) =>
      fc.record({
        name: fc.constant(name),
        operands: fc.tuple(
          ...Object.values(CASM_HINT_OPERANDS.get(name) ?? {}).map((kind) =>
            kind.endsWith("cell") ? cell : fc.oneof({ weight: 9, arbitrary: operand }, fc.json()),
          ),
        ),
        cells: fc.array(memoryValue, { minLength: 64, maxLength: 64 }),
      }),
    );
    const seen = { ran: 0, failed: 0 };
    fc.assert(
      fc.property(scenario, ({ name, operands, cells }) => {
        const keys = Object.keys(CASM_HINT_OPERANDS.get(name) ?? {});
        const json = { [name]: Object.fromEntries(keys.map((key, i) => [key, operands[i]])) };
        if (problem(json) !== "compiled") return;
        const context = plainContext();
        context.memory.addSegment();
        context.memory.addSegment();
        cells.forEach((value, i) => {
          if (value !== undefined) context.memory.set(shift(context.ap, i - 32), value);
        });
        try {
          compileCasmHint(json).execute(context);
          seen.ran++;
        } catch (error) {
          if (!(error instanceof VmError)) throw error;
          seen.failed++;
        }
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(seen.ran, seen.failed)).to.be.greaterThan(50);
  });

  it("read operands of all four kinds", () => {
    const context = plainContext();
    const { memory } = context;
    const heap = memory.addSegment();
    memory.write(heap, [11n, 22n, 33n]);
    memory.write(shift(context.ap, -4), [heap, 5n, P - 1n, shift(heap, 2)]);
    context.fp = shift(context.ap, -4);
    const cases: [unknown, bigint | Relocatable][] = [
      [{ Deref: { register: "FP", offset: 1 } }, 5n],
      [{ Deref: ap(-4) }, heap],
      [{ DoubleDeref: [ap(-4), 1] }, 22n],
      [{ DoubleDeref: [ap(-1), -2] }, 11n],
      [{ Immediate: "-0x1" }, P - 1n],
      [{ Immediate: `0x${(P + 3n).toString(16)}` }, 3n],
      [{ BinOp: { op: "Add", a: ap(-3), b: { Deref: ap(-2) } } }, 4n],
      [{ BinOp: { op: "Mul", a: ap(-3), b: { Deref: ap(-2) } } }, P - 5n],
      [{ BinOp: { op: "Add", a: ap(-4), b: { Immediate: "0x2" } } }, shift(heap, 2)],
      [{ BinOp: { op: "Add", a: ap(-1), b: { Deref: ap(-2) } } }, shift(heap, 1)],
    ];
    // A dictionary stores whatever value its operand has.
    const dict = context.state.newDict(memory, new FeltMap(), 0n);
    cases.forEach(([operand, expected], i) => {
      memory.set(shift(dict, 0), 1n);
      memory.set(context.ap, shift(dict, 3));
      const update = { Felt252DictEntryUpdate: { dict_ptr: { Deref: ap(0) }, value: operand } };
      compileCasmHint(update).execute(context);
      expect(context.state.dict(dict).data.get(1n), `case ${i}`).to.deep.equal(expected);
    });
    const product = { BinOp: { op: "Mul", a: ap(-4), b: { Deref: ap(-3) } } };
    const update = { Felt252DictEntryUpdate: { dict_ptr: { Deref: ap(0) }, value: product } };
    expect(vmErrorCode(() => compileCasmHint(update).execute(context))).to.equal("HINT");
  });

  it("allocate segments, and constant sizes one after the other", () => {
    const context = plainContext();
    const { memory } = context;
    for (const offset of [0, 1])
      compileCasmHint({ AllocSegment: { dst: ap(offset) } }).execute(context);
    const [a, b] = [memory.pointer(context.ap), memory.pointer(shift(context.ap, 1))];
    expect([a.offset, b.offset, a.segment === b.segment]).to.deep.equal([0, 0, false]);
    const sizes = ["0x3", "0x5", "0x1"];
    sizes.forEach((size, i) => {
      const operands = { size: { Immediate: size }, dst: ap(2 + i) };
      compileCasmHint({ AllocConstantSize: operands }).execute(context);
    });
    const starts = [2, 3, 4].map((i) => memory.pointer(shift(context.ap, i)));
    expect(starts.map(({ offset }) => offset)).to.deep.equal([0, 3, 8]);
    expect(new Set(starts.map(({ segment }) => segment)).size).to.equal(1);
  });

  it("call the system with its pointer, and fail where there is none", () => {
    const context = plainContext();
    const pointer = context.memory.addSegment();
    context.memory.set(shift(context.ap, -1), pointer);
    const system = { BinOp: { op: "Add", a: ap(-1), b: { Immediate: "0x4" } } };
    const hint = compileCasmHint({ SystemCall: { system } });
    expect(vmErrorCode(() => hint.execute(context))).to.equal("HINT");
    const calls: Relocatable[] = [];
    context.syscall = (_, systemPtr) => calls.push(systemPtr);
    hint.execute(context);
    expect(calls).to.deep.equal([shift(pointer, 4)]);
  });

  it("print felts to whoever listens", () => {
    const printed: bigint[][] = [];
    const context = plainContext({ print: (values) => printed.push([...values]) });
    const start = context.memory.addSegment();
    const end = context.memory.write(start, [0x68n, 0x69n]);
    context.memory.write(context.ap, [start, end]);
    const hint = { DebugPrint: { start: { Deref: ap(0) }, end: { Deref: ap(1) } } };
    compileCasmHint(hint).execute(context);
    expect(printed).to.deep.equal([[0x68n, 0x69n]]);
    context.memory.write(shift(context.ap, 2), [end, start]);
    const reversed = { DebugPrint: { start: { Deref: ap(2) }, end: { Deref: ap(3) } } };
    expect(vmErrorCode(() => compileCasmHint(reversed).execute(context))).to.equal("HINT");
  });

  it("compile in every class of the shared vectors", function () {
    requireShared(this, "vectors/starknet/classes");
    const files = ["vectors/cairo1", "vectors/starknet/classes"].flatMap((folder) =>
      readdirSync(sharedPath(folder))
        .filter((file) => /casm\.json(\.gz)?$/.test(file))
        .map((file) => `${folder}/${file}`),
    );
    const classes = files.map((file) => readSharedJson<{ hints: Hints }>(file));
    const names = new Set(classes.flatMap(({ hints }) => compileAll(hints)));
    expect(files).to.have.lengthOf.at.least(12);
    expect(names).to.include.members(["SystemCall", "LinearSplit", "InitSquashData"]);
  });

  it("compile in every class of @hyperlane-xyz/starknet-core", async () => {
    const folder = new URL("artifacts/", import.meta.resolve("@hyperlane-xyz/starknet-core"));
    const files = readdirSync(folder).filter((f) => f.endsWith(".compiled_contract_class.js"));
    expect(files).to.have.lengthOf.at.least(90);
    const names = new Set<string>();
    for (const file of files) {
      const module = (await import(new URL(file, folder).href)) as Record<string, { hints: Hints }>;
      for (const { hints } of Object.values(module))
        for (const name of compileAll(hints)) names.add(name);
    }
    expect(names).to.include.members(["SystemCall", "DivMod", "WideMul128"]);
  });
});
