/** What a proof says about a run: public input and memory pages (stark-protocol §6.1, §6.2). */
import type { PublicInput as RunPublicInput } from "../cairo/run/public-input.ts";
import type { Felt } from "../field/felt.ts";
import { bytesToBigInt } from "../util/bytes.ts";
import { ProverError } from "./errors.ts";
import type { VerifierLayout } from "./verifier/layout.ts";
import {
  keccakOfWords,
  layoutCode,
  parsePublicInput,
  type PublicInput,
} from "./verifier/public-input.ts";
import type { MemoryPage } from "./verifier/public-memory.ts";

export interface Statement {
  /** The words of the public input, without page products. */
  readonly words: readonly bigint[];
  readonly publicInput: PublicInput;
  /** All public memory is in page 0. */
  readonly pages: readonly MemoryPage[];
  /** Addresses of the public cells. */
  readonly publicAddresses: readonly number[];
  /** Address of the cell that stands in public memory where no other does. */
  readonly padding: number;
}

/**
 * The statement of a run in proof mode. `valueAt` reads memory, where cells without a value are 0. Throws
 * ProverError.
 */
export function statementOf(
  layout: VerifierLayout,
  steps: number,
  run: RunPublicInput,
  valueAt: (address: number) => Felt,
): Statement {
  const segment = (name: string): bigint[] => {
    const bounds = run.memory_segments[name];
    if (bounds === undefined)
      throw new ProverError("INVALID_RUN", `the run has no segment ${name}`);
    return [BigInt(bounds.begin_addr), BigInt(bounds.stop_ptr)];
  };
  const publicAddresses = run.public_memory.map(({ address }) => address);
  const padding = publicAddresses[0];
  if (padding === undefined) throw new ProverError("INVALID_RUN", "the run has no public memory");
  const cells = publicAddresses.map((address) => [BigInt(address), valueAt(address)] as const);
  const names = ["program", "execution", "output", ...layout.builtins.map(({ name }) => name)];
  const words = [
    BigInt(Math.log2(steps)),
    BigInt(run.rc_min),
    BigInt(run.rc_max),
    layoutCode(layout.name),
    ...names.flatMap(segment),
    BigInt(padding),
    valueAt(padding),
    1n,
    BigInt(cells.length),
    bytesToBigInt(keccakOfWords(cells.flat())),
  ];
  return {
    words,
    publicInput: parsePublicInput(words, layout),
    pages: [{ cells }],
    publicAddresses,
    padding,
  };
}
