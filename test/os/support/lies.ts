/** Hints that lie, and what it means that a lie is caught. */
import { expect } from "chai";
import type { Cairo0Hint, Ids } from "../../../src/cairo/hints/cairo0/index.ts";
import type { HintContext, MemoryView } from "../../../src/cairo/hints/context.ts";
import { VmError } from "../../../src/cairo/errors.ts";
import type { MemoryValue, Relocatable } from "../../../src/cairo/relocatable.ts";
import type { Felt } from "../../../src/field/felt.ts";
import { guessCode } from "../../../src/os/hints/guess.ts";
import type { OsInput } from "../../../src/os/input.ts";
import { osHints, osProgramWith } from "../../../src/os/program.ts";
import { runOs } from "../../../src/os/run.ts";

/** Another value for one that a hint is about to write. */
export type Lie = (truth: MemoryValue, context: HintContext) => MemoryValue;

const liarMemory = (context: HintContext, lie: Lie): MemoryView => {
  const { memory } = context;
  const set = (at: Relocatable, value: MemoryValue): void => {
    memory.set(at, lie(value, context));
  };
  const write = (at: Relocatable, values: readonly MemoryValue[]): Relocatable => {
    values.forEach((value, i) => {
      set({ segment: at.segment, offset: at.offset + i }, value);
    });
    return { segment: at.segment, offset: at.offset + values.length };
  };
  return new Proxy(memory, {
    get(target, name) {
      if (name === "set") return set;
      if (name === "write") return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
};

/** A context whose memory lies. */
const liarContext = (context: HintContext, lie: Lie): HintContext => ({
  memory: liarMemory(context, lie),
  pc: context.pc,
  ap: context.ap,
  fp: context.fp,
  state: context.state,
  syscall: context.syscall,
});

/** The hint of a code, telling lies about variables: those of the names given. */
function lyingHint(honest: Cairo0Hint, lies: Readonly<Record<string, Lie>>): Cairo0Hint {
  return (ids) => {
    const liar: Ids = {
      felt: (path) => ids.felt(path),
      value: (path) => ids.value(path),
      pointer: (path) => ids.pointer(path),
      constant: (path) => ids.constant(path),
      has: (path) => ids.has(path),
      writer: (path) => {
        const write = ids.writer(path);
        const lie = lies[path];
        if (lie === undefined) return write;
        return (context, value) => {
          write(context, lie(value, context));
        };
      },
    };
    return honest(liar);
  };
}

/** The hint of a code, telling a lie about every cell that it writes by its address. */
const lyingCells =
  (honest: Cairo0Hint, lie: Lie): Cairo0Hint =>
  (ids) => {
    const execute = honest(ids);
    return (context) => {
      execute(liarContext(context, lie));
    };
  };

/** Lies by the name of their hint: about variables, about cells or about the value that is guessed. */
export interface Lies {
  readonly variables?: Readonly<Record<string, Readonly<Record<string, Lie>>>>;
  readonly cells?: Readonly<Record<string, Lie>>;
  readonly guesses?: Readonly<Record<string, Lie>>;
}

/** The OS program with hints that lie. */
export function lyingProgram({ variables = {}, cells = {}, guesses = {} }: Lies) {
  const honest = (code: string): Cairo0Hint => {
    const hint = osHints.get(code);
    if (hint === undefined) throw new Error(`the OS has no hint ${code}`);
    return hint;
  };
  return osProgramWith(
    new Map([
      ...Object.entries(variables).map(
        ([code, lies]) => [code, lyingHint(honest(code), lies)] as const,
      ),
      ...Object.entries(cells).map(([code, lie]) => [code, lyingCells(honest(code), lie)] as const),
      ...Object.entries(guesses).map(
        ([name, lie]) => [guessCode(name), lyingCells(honest(guessCode(name)), lie)] as const,
      ),
    ]),
  );
}

/**
 * Expects that a lie is caught: the run fails, or the root before that it outputs is not the one that L1
 * has, and the core contract refuses it.
 */
export function expectCaught(input: OsInput, previousRoot: Felt, lies: Lies = {}): void {
  let told = 0;
  const counted =
    (lie: Lie): Lie =>
    (truth, context) => {
      const value = lie(truth, context);
      if (value !== truth) told++;
      return value;
    };
  const each = (group: Readonly<Record<string, Lie>> = {}): Record<string, Lie> =>
    Object.fromEntries(Object.entries(group).map(([name, lie]) => [name, counted(lie)]));
  const program = lyingProgram({
    variables: Object.fromEntries(
      Object.entries(lies.variables ?? {}).map(([code, group]) => [code, each(group)]),
    ),
    cells: each(lies.cells),
    guesses: each(lies.guesses),
  });
  let root: Felt | undefined;
  try {
    root = runOs(input, { program }).words[0];
  } catch (error) {
    expect(error).to.be.instanceOf(VmError);
    // An honest hint that stumbles over a lie proves nothing: the program must refuse.
    expect((error as VmError).code, (error as VmError).message).to.not.equal("HINT");
  }
  if (Object.keys(lies).length > 0) expect(told, "lies told").to.be.greaterThan(0);
  // Compared here: matchers of Hardhat's, where other tests have loaded them, refuse undefined beside a bigint.
  expect(root === previousRoot, "the run goes through, from the root that L1 has").to.equal(false);
}

/** A lie that is told once, at the `index`-th time of asking. */
export function once(lie: Lie, index = 0): Lie {
  let asked = 0;
  return (truth, context) => (asked++ === index ? lie(truth, context) : truth);
}

/** A lie in place of the first `truth`. */
export function firstOf(truth: bigint, lie: bigint): Lie {
  let told = false;
  return (value) => {
    if (told || value !== truth) return value;
    told = true;
    return lie;
  };
}

export const plus =
  (delta: bigint): Lie =>
  (truth) =>
    (truth as bigint) + delta;

export const flip: Lie = (truth) => (truth === 0n ? 1n : 0n);

export const always =
  (value: MemoryValue): Lie =>
  () =>
    value;
