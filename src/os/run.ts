/** Runs the OS program on blocks. */
import { isRelocatable } from "../cairo/relocatable.ts";
import { type CairoRun, type CairoRunOptions, runCairo0 } from "../cairo/run/cairo-runner.ts";
import type { Cairo0Program } from "../cairo/run/cairo0-program.ts";
import type { Felt } from "../field/felt.ts";
import { poseidon } from "../hash/poseidon.ts";
import { contractHints } from "./contract-code.ts";
import { OsHintState, OsSession } from "./hints/session.ts";
import type { OsInput } from "./input.ts";
import { osProgram } from "./program.ts";

export interface OsRun extends CairoRun {
  /** Words of the output: header, messages, state diff (src/starknet/output). */
  readonly words: readonly Felt[];
}

export interface OsRunOptions {
  /** Prepares the run for a proof. */
  readonly proofMode?: boolean;
  readonly layout?: CairoRunOptions["layout"];
  /** The program, where it is not the OS's own. */
  readonly program?: Cairo0Program;
  readonly trace?: boolean;
}

/** Runs the OS. Throws VmError where what the input says does not hold. */
export function runOs(input: OsInput, options: OsRunOptions = {}): OsRun {
  const session = new OsSession(input);
  const run = runCairo0(options.program ?? osProgram(), {
    layout: options.layout ?? "starknet",
    ...(options.proofMode && { proofMode: true }),
    ...(options.trace && { trace: true }),
    hintState: new OsHintState(session),
    outside: contractHints(session),
    // Hashes of the trie of classes, which the program checks later on.
    deduce: ({ segment, offset }) => {
      const { classHashes } = session;
      if (segment !== classHashes?.segment || offset % 3 !== 2) return undefined;
      const [x, y] = classHashes.memory.felts({ segment, offset: offset - 2 }, 2);
      return poseidon(x!, y!);
    },
  });
  return {
    ...run,
    words: run.output.filter((word): word is Felt => word !== undefined && !isRelocatable(word)),
  };
}
