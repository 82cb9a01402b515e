/** Hints of calls and syscalls (contracts/cairo/os/calls.cairo, syscalls.cairo, builtins.cairo, state_log.cairo). */
import { type Cairo0Hint, code, type HintLibrary } from "../../cairo/hints/cairo0/index.ts";
import type { HintContext } from "../../cairo/hints/context.ts";
import { RunHintState } from "../../cairo/hints/state.ts";
import { shift } from "../../cairo/relocatable.ts";
import { mod } from "../../field/felt.ts";
import { hintError } from "../../cairo/hints/errors.ts";
import { builtinsHash, calledEntryPoint } from "../classes.ts";
import { bit, guess, guessCode } from "./guess.ts";
import { Queue, sessionOf } from "./session.ts";

/** As calls.cairo numbers them. */
const OUTCOMES = { RUNS: 0n, NOT_FOUND: 1n, OUT_OF_GAS: 2n, NO_CONSTRUCTOR: 3n } as const;

const enterCall: Cairo0Hint = (ids) => {
  const [classIndex, entryPointIndex, setIndex, bySteps, outcome] = [
    "class_index",
    "entry_point_index",
    "set_index",
    "by_steps",
    "outcome",
  ].map((name) => ids.writer(name));
  return (context) => {
    const session = sessionOf(context);
    const call = (session.call = session.calls.take());
    const index = session.classes.findIndex(({ osClass }) => osClass.classHash === call.classHash);
    const loaded = session.classes[index];
    if (loaded === undefined) throw hintError(`class ${call.classHash} is not loaded`);
    classIndex!(context, BigInt(index));
    outcome!(context, OUTCOMES[call.record!.outcome]);
    bySteps!(context, bit(call.trackedResource === "CAIRO_STEPS"));
    const called = calledEntryPoint(loaded.osClass, call);
    const found = called ? loaded.osClass.entryPoints(call.entryPointType).indexOf(called) : 0;
    entryPointIndex!(context, BigInt(found));
    const hash = builtinsHash(called?.builtins ?? []);
    setIndex!(context, BigInt(Math.max(0, session.builtinSets.indexOf(hash))));
  };
};

const runCall: Cairo0Hint = (ids) => {
  const call = ids.pointer("call_");
  const noArena = ids.felt("no_segment_arena");
  const arena = ids.writer("arena");
  const syscalls = ids.writer("syscalls");
  return (context) => {
    const session = sessionOf(context);
    const { memory } = context;
    const executed = session.call!;
    const osClass = session.classes.find((each) => each.osClass.classHash === executed.classHash)!;
    syscalls(context, memory.addSegment());
    let infos;
    if (noArena(context) === 0n) {
      infos = memory.addSegment();
      const start = memory.addSegment();
      arena(context, memory.write(start, [infos, 0n, 0n]));
    } else arena(context, 0n);
    session.running = {
      call: call(context),
      osClass: osClass.osClass,
      answers: new Queue("answers of syscalls", executed.record!.answers),
      state: new RunHintState({ temporaryDictSegments: true }),
      infos,
    };
  };
};

/** Puts the logs of a call's dictionaries one behind the other. */
function joinDictionaries({ memory }: HintContext, infos: ReturnType<typeof shift>): void {
  const count = Math.floor(memory.segmentSize(infos.segment) / 3);
  const logs = Array.from({ length: count }, (_, i) => ({
    start: memory.pointer(shift(infos, 3 * i)),
    end: memory.pointer(shift(infos, 3 * i + 1)),
  }));
  const [first, ...others] = logs;
  if (first === undefined) return;
  let next = shift(first.end, 1);
  for (const { start, end } of others) {
    const size = end.offset - start.offset;
    memory.addRelocationRule(start, next);
    next = shift(next, size + 1);
  }
}

const leaveCall: Cairo0Hint = () => (context) => {
  const session = sessionOf(context);
  const { infos } = session.running!;
  session.running = undefined;
  if (infos !== undefined) joinDictionaries(context, infos);
};

const gasSuffices = guess((ids) => {
  const gas = ids.felt("gas");
  const price = ids.felt("price");
  return (context) => bit(gas(context) >= price(context));
});

const logRead = guess((ids) => {
  const address = ids.felt("address");
  const key = ids.felt("key");
  return (context, session) => session.read(address(context), key(context));
});

const logWrite: Cairo0Hint = (ids) => {
  const address = ids.felt("address");
  const key = ids.felt("key");
  const value = ids.felt("value");
  return (context) => {
    sessionOf(context).write(address(context), key(context), value(context));
  };
};

const storageWrite: Cairo0Hint = (ids) => {
  const log = ids.pointer("log");
  const request = ids.pointer("write_request");
  return (context) => {
    const { memory } = context;
    const session = sessionOf(context);
    const entry = log(context);
    const address = memory.felt(entry);
    const key = memory.felt(shift(entry, 1));
    memory.set(shift(entry, 2), session.read(address, key));
    session.write(address, key, memory.felt(shift(request(context), 4)));
  };
};

const logUndo: Cairo0Hint = (ids) => {
  const undone = ids.pointer("undone");
  return (context) => {
    const entry = undone(context);
    const [address, key, before] = context.memory.felts(entry, 3);
    sessionOf(context).write(address!, key!, before!);
  };
};

/** How many instances of each builtin a call has used. */
const instances: Cairo0Hint = (ids) => {
  const checks = ids.pointer("checks");
  const pointers = ["pedersen", "bitwise", "ec_op", "poseidon"].map((name) => ({
    before: ids.pointer(`before.${name}`),
    after: ids.pointer(`after.${name}`),
  }));
  const sizes = [3, 5, 7, 6];
  return (context) => {
    pointers.forEach(({ before, after }, i) => {
      const moved = after(context).offset - before(context).offset;
      const count = mod(BigInt(Math.floor(moved / sizes[i]!)));
      context.memory.set(shift(checks(context), i + 1), count);
    });
  };
};

/** Whole blocks of keccak's input. */
const keccakBlocks: Cairo0Hint = (ids) => {
  const size = ids.felt("size");
  const at = ids.pointer("range_check_ptr");
  return (context) => {
    context.memory.set(at(context), size(context) / 17n);
  };
};

export const callHints: HintLibrary = new Map([
  [code`call.enter`, enterCall],
  [code`call.run`, runCall],
  [code`call.leave`, leaveCall],
  [guessCode("syscall.gas_suffices"), gasSuffices],
  [guessCode("log.read"), logRead],
  [code`log.write`, logWrite],
  [code`syscall.storage_write`, storageWrite],
  [code`log.undo`, logUndo],
  [code`syscall.keccak_blocks`, keccakBlocks],
  [code`builtins.instances`, instances],
]);
