/** Compiled classes: the loader's refusals, and runs of broken classes, which end in an error and nothing else. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { ProgramError, VmError } from "../../src/cairo/errors.ts";
import { type BuiltinName, loadCasm } from "../../src/cairo/program.ts";
import { type EntryPointOutput, runEntryPoint } from "../../src/cairo/run/entry-point.ts";
import { P } from "../../src/field/felt.ts";
import { shortString } from "../../src/field/short-string.ts";

/** Of protocol 0.14.0. */
const BUILTIN_COSTS = [4050n, 583n, 4085n, 491n, 230n, 604n];

interface Casm {
  readonly bytecode: string[];
  readonly hints: [number, unknown[]][];
  readonly entry_points_by_type: Record<
    string,
    { offset: number; builtins: BuiltinName[]; selector: string }[]
  >;
}

const CLASS = JSON.parse(
  readFileSync(new URL("../../contracts/cairo/artifacts/erc20.casm.json", import.meta.url), "utf8"),
) as Casm;
const BYTECODE = CLASS.bytecode.map(BigInt);
const ENTRY_POINTS = Object.values(CLASS.entry_points_by_type).flat();
const MAX_STEPS = 20_000;

function run(
  bytecode: readonly bigint[],
  hints: Casm["hints"],
  { offset, builtins }: { offset: number; builtins: readonly BuiltinName[] },
  calldata: readonly bigint[] = [1n, 2n, 3n],
): EntryPointOutput {
  return runEntryPoint({
    program: loadCasm(bytecode, hints),
    offset,
    builtins,
    initialGas: 10_000_000n,
    calldata,
    syscall: () => {
      throw new Error("no system here");
    },
    maxSteps: MAX_STEPS,
    builtinCosts: BUILTIN_COSTS,
    maxMemoryBytes: 1 << 26,
  });
}

/** Errors that a class can cause; any other escapes and fails the test. */
function outcome(attempt: () => EntryPointOutput): "ended" | "refused" {
  try {
    attempt();
    return "ended";
  } catch (error) {
    if (error instanceof VmError || error instanceof ProgramError) return "refused";
    throw error;
  }
}

describe("compiled classes", () => {
  it("panic with a reason for calldata they cannot read", () => {
    const calldata = Array<bigint>(20).fill(7n);
    const outputs = ENTRY_POINTS.flatMap((entryPoint) => {
      try {
        return [run(BYTECODE, CLASS.hints, entryPoint, calldata)];
      } catch {
        return [];
      }
    });
    const reason = shortString("Input too long for arguments");
    const tooLong = outputs.filter(({ retdata }) => retdata[0] === reason);
    expect(tooLong.length).to.be.greaterThan(3);
    for (const { failed, retdata, steps, builtins } of tooLong) {
      expect(failed).to.equal(true);
      expect(retdata).to.deep.equal([reason]);
      expect(steps).to.be.greaterThan(10);
      expect(builtins.range_check).to.be.greaterThan(0);
    }
  });

  it("carry what a system call throws, with the calls that led there", () => {
    const attempts = ENTRY_POINTS.map((entryPoint) => {
      try {
        run(BYTECODE, CLASS.hints, entryPoint, [1n, 2n, 0n]);
        return undefined;
      } catch (error) {
        return error as VmError;
      }
    });
    const error = attempts.find(
      (attempt) => attempt !== undefined && attempt.callStack.length > 0,
    )!;
    expect(error).to.be.instanceOf(VmError);
    expect(error).to.include({ code: "HINT", message: "no system here" });
    expect(error.cause).to.be.instanceOf(Error);
    expect(error.pc).to.be.a("number");
    expect(error.traceback).to.match(
      /^Cairo traceback \(most recent call last\):\nUnknown location/,
    );
  });

  it("run alike in a machine that was used before, and inside a run", () => {
    const program = loadCasm(BYTECODE, CLASS.hints);
    const input = (syscall: () => void, { offset, builtins }: (typeof ENTRY_POINTS)[number]) => ({
      program,
      offset,
      builtins,
      initialGas: 10_000_000n,
      calldata: [1n, 2n, 0n],
      maxSteps: MAX_STEPS,
      builtinCosts: BUILTIN_COSTS,
      syscall,
    });
    const stop = (): void => {
      throw new Error("stop");
    };
    const attempt = (entryPoint: (typeof ENTRY_POINTS)[number], syscall: () => void): unknown => {
      try {
        return runEntryPoint(input(syscall, entryPoint));
      } catch (error) {
        const { code, message, pc } = error as VmError;
        return { code, message, pc };
      }
    };
    const first = ENTRY_POINTS.map((entryPoint) => attempt(entryPoint, stop));
    const again = ENTRY_POINTS.map((entryPoint) => attempt(entryPoint, stop));
    expect(again).to.deep.equal(first);
    const inner: unknown[] = [];
    const nested = ENTRY_POINTS.map((entryPoint) =>
      attempt(entryPoint, () => {
        inner.push(ENTRY_POINTS.map((other) => attempt(other, stop)));
        stop();
      }),
    );
    expect(nested).to.deep.equal(first);
    expect(inner.length).to.be.greaterThan(0);
    for (const results of inner) expect(results).to.deep.equal(first);
  });

  it("need builtins in Starknet's order", () => {
    for (const builtins of [
      ["range_check", "pedersen"],
      ["ecdsa"],
      ["output"],
      ["poseidon", "poseidon"],
    ])
      expect(() =>
        run(BYTECODE, CLASS.hints, { offset: 0, builtins: builtins as BuiltinName[] }),
      ).to.throw(VmError, "not supported in this order");
  });

  it("are refused by the loader with what is wrong", () => {
    const load = (bytecode: readonly unknown[], hints: unknown): void => {
      loadCasm(bytecode as bigint[], hints as Casm["hints"]);
    };
    expect(() => load([], [])).to.throw(ProgramError, "0 felts");
    expect(() => load([1n, P], [])).to.throw(ProgramError, "bytecode[1] is not a felt");
    expect(() => load([1n, -1n], [])).to.throw(ProgramError, "bytecode[1] is not a felt");
    expect(() => load([1n, 2], [])).to.throw(ProgramError, "bytecode[1] is not a felt");
    expect(() => load([1n], [[1, []]])).to.throw(ProgramError, "hints for pc 1");
    expect(() => load([1n], [[-1, []]])).to.throw(ProgramError, "hints for pc -1");
    expect(() => load([1n], [[0.5, []]])).to.throw(ProgramError, "hints for pc 0.5");
    expect(() =>
      load(
        [1n],
        [
          [0, []],
          [0, []],
        ],
      ),
    ).to.throw(ProgramError, "twice");
    expect(() => load([1n], [0])).to.throw(ProgramError, "expected entries");
    expect(() => load([1n], [[0, [{ NoSuchHint: {} }]]])).to.throw(ProgramError, "NoSuchHint");
  });

  it("with hints that are any JSON are loaded or refused", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.array(fc.jsonValue()))), (hints) => {
        outcome(() => run([1n, 2n], hints as Casm["hints"], { offset: 0, builtins: [] }));
      }),
    );
  });

  it("that are only noise end in an error", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(0n, (1n << 63n) - 1n), { minLength: 1, maxLength: 50 }),
        (bytecode) => {
          const end = outcome(() => run(bytecode, [], { offset: 0, builtins: ["range_check"] }));
          expect(end).to.equal("refused");
        },
      ),
    );
  });

  it("with changed words, offsets or hints end, one way or the other", () => {
    const word = fc.oneof(fc.bigInt(0n, P - 1n), fc.constantFrom(...BYTECODE.slice(0, 400)));
    const changes = fc.array(fc.tuple(fc.nat(BYTECODE.length - 1), word), { maxLength: 40 });
    fc.assert(
      fc.property(
        changes,
        fc.constantFrom(...ENTRY_POINTS),
        fc.array(fc.bigInt(0n, P - 1n), { maxLength: 4 }),
        fc.integer({ min: 0, max: 3 }),
        (words, entryPoint, calldata, shiftedHints) => {
          const bytecode = BYTECODE.slice();
          for (const [at, value] of words) bytecode[at] = value;
          const hints = CLASS.hints.map(([pc, list]): [number, unknown[]] => [
            Math.min(pc + shiftedHints * words.length, BYTECODE.length + shiftedHints),
            list,
          ]);
          outcome(() => run(bytecode, hints, entryPoint, calldata));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("end whatever the offset", () => {
    fc.assert(
      fc.property(fc.nat(BYTECODE.length + 5), (offset) => {
        outcome(() =>
          run(BYTECODE, CLASS.hints, { offset, builtins: ["pedersen", "range_check"] }),
        );
      }),
    );
  });
});
