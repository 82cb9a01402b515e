/** Hints of class hashes (contracts/cairo/os/classes.cairo, poseidon.cairo). */
import { type Cairo0Hint, code, type HintLibrary } from "../../cairo/hints/cairo0/index.ts";
import { hintError } from "../../cairo/hints/errors.ts";
import { bit, guess, guessCode } from "./guess.ts";
import { Queue, sessionOf, writeStruct } from "./session.ts";

/** How many words poseidon.cairo absorbs at once, the most first, with the number of that chunk. */
const CHUNKS = [
  [32, 3n],
  [8, 2n],
  [2, 1n],
] as const;

const chunk = guess((ids) => {
  const data = ids.pointer("data");
  const end = ids.pointer("end");
  return (context) => {
    const words = end(context).offset - data(context).offset;
    return CHUNKS.find(([size]) => words >= size)?.[1] ?? 0n;
  };
});

const segments: Cairo0Hint = (ids) => {
  const codeAt = ids.pointer("code");
  const array = ids.writer("segments");
  const count = ids.writer("count");
  const length = ids.writer("length");
  return (context) => {
    const session = sessionOf(context);
    const { segment } = codeAt(context);
    const loaded = session.classes.find((each) => each.code.segment === segment);
    if (loaded === undefined) throw hintError("the OS hashes a class that was not loaded");
    const { osClass } = loaded;
    session.skipped = new Queue(
      "segments",
      // The last answer ends the walk.
      [...osClass.segments.map((each) => !osClass.isUsed(each)), false],
    );
    const words = osClass.segments.flatMap((each) => [BigInt(each.length), each.hash]);
    array(context, writeStruct(context.memory, words));
    count(context, BigInt(osClass.segments.length));
    length(context, BigInt(osClass.casm.bytecode.length));
  };
};

const segmentSkipped = guess(() => (_, session) => bit(session.skipped.take()));

export const classHints: HintLibrary = new Map([
  [guessCode("poseidon.chunk"), chunk],
  [code`class.segments`, segments],
  [guessCode("class.segment_skipped"), segmentSkipped],
]);
