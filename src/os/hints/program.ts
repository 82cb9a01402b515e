/** Hints of the program's frame: what the run is given, and blocks (contracts/cairo/os/os.cairo). */
import { type Cairo0Hint, code, type HintLibrary } from "../../cairo/hints/cairo0/index.ts";
import type { MemoryView } from "../../cairo/hints/context.ts";
import { type MemoryValue, type Relocatable, shift } from "../../cairo/relocatable.ts";
import { STORED_BLOCK_HASH_BUFFER } from "../../starknet/constants.ts";
import { mod } from "../../field/felt.ts";
import { builtinsHash, calledEntryPoint, CLASS_BUILTINS, type OsClass } from "../classes.ts";
import type { OsInput } from "../input.ts";
import { bit, guess, guessCode } from "./guess.ts";
import { type LoadedClass, Queue, sessionOf, writeStruct } from "./session.ts";

/** `ret`, which code calls to find the prices of builtins behind it. */
const RET = 0x208b7fff7fff7ffen;

/** Lays a class's code into memory: of functions that did not run only that they did not. */
function loadCode(memory: MemoryView, osClass: OsClass, costs: Relocatable): LoadedClass {
  const code = memory.addSegment();
  const { bytecode } = osClass.casm;
  if (osClass.segments.length === 0) memory.write(code, bytecode);
  for (const segment of osClass.segments) {
    const at = shift(code, segment.offset);
    if (!osClass.isUsed(segment)) memory.set(at, mod(-1n));
    else memory.write(at, bytecode.slice(segment.offset, segment.offset + segment.length));
  }
  memory.write(shift(code, bytecode.length), [RET, costs]);
  return { osClass, code };
}

/** Members of the struct CompiledClass. */
function classWords(
  memory: MemoryView,
  { osClass, code: bytecode }: LoadedClass,
  isOld: boolean,
): MemoryValue[] {
  const kinds = (["EXTERNAL", "L1_HANDLER", "CONSTRUCTOR"] as const).flatMap((kind) => {
    const entryPoints = osClass.entryPoints(kind);
    const words = entryPoints.flatMap(({ selector, offset, builtins }) => [
      selector,
      BigInt(offset),
      builtinsHash(builtins),
    ]);
    return [writeStruct(memory, words), BigInt(entryPoints.length)];
  });
  return [osClass.compiledClassHash, ...kinds, bytecode, osClass.classHash, bit(isOld)];
}

/** The sets of builtins that the entry points take that are called, as words of the struct BuiltinSet. */
function builtinSets(input: OsInput): readonly (readonly MemoryValue[])[] {
  const sets = new Map<bigint, readonly MemoryValue[]>();
  const classes = new Map(input.classes.map((osClass) => [osClass.classHash, osClass]));
  const calls = input.blocks.flatMap(({ transactions }) => transactions.flatMap((tx) => tx.calls));
  for (const call of calls) {
    const builtins = calledEntryPoint(classes.get(call.classHash)!, call)?.builtins ?? [];
    const hash = builtinsHash(builtins);
    sets.set(hash, [hash, ...CLASS_BUILTINS.map((name) => bit(!builtins.includes(name)))]);
  }
  return [...sets.values()];
}

const enter: Cairo0Hint = (ids) => {
  const costs = ids.pointer("costs");
  const environment = ids.pointer("environment");
  const words = ["block_count", "prev_number", "prev_hash", "new_hash"].map((name) =>
    ids.writer(name),
  );
  return (context) => {
    const session = sessionOf(context);
    const { input } = session;
    const { memory } = context;
    const start = costs(context);
    session.classes = input.classes.map((osClass) => loadCode(memory, osClass, start));
    const sets = builtinSets(input);
    session.builtinSets = sets.map(([hash]) => hash as bigint);
    const table = session.classes.flatMap((loaded) => {
      const { reader } = input.state;
      return classWords(memory, loaded, reader.compiledClassHash(loaded.osClass.classHash) !== 0n);
    });
    memory.write(environment(context), [
      input.chainId,
      input.feeToken,
      writeStruct(memory, table),
      writeStruct(memory, sets.flat()),
      mod(BigInt(session.classes.length - 1)),
      mod(BigInt(sets.length - 1)),
    ]);
    const values = [
      BigInt(input.blocks.length),
      mod(BigInt(input.prevBlockNumber)),
      input.prevBlockHash,
      input.newBlockHash,
    ];
    words.forEach((write, i) => {
      write(context, values[i]!);
    });
  };
};

const enterBlock: Cairo0Hint = (ids) => {
  const words = ["timestamp", "sequencer", "transactions", "aged_hash"].map((name) =>
    ids.writer(name),
  );
  return (context) => {
    const session = sessionOf(context);
    const block = (session.block = session.blocks.take());
    session.transactions = new Queue("transactions", block.transactions);
    const values = [
      BigInt(block.context.timestamp),
      block.context.sequencerAddress,
      BigInt(block.transactions.length),
      block.agedHash,
    ];
    words.forEach((write, i) => {
      write(context, values[i]!);
    });
  };
};

const roundDown: Cairo0Hint = (ids) => {
  const value = ids.felt("value");
  const unit = ids.felt("unit");
  const at = ids.pointer("range_check_ptr");
  return (context) => {
    context.memory.set(at(context), value(context) / unit(context));
  };
};

const isYoung = guess((ids) => {
  const number = ids.felt("number");
  return (context) => bit(number(context) < BigInt(STORED_BLOCK_HASH_BUFFER));
});

export const programHints: HintLibrary = new Map([
  [code`os.enter`, enter],
  [code`block.enter`, enterBlock],
  [code`block.round_down`, roundDown],
  [guessCode("block.is_young"), isYoung],
]);
