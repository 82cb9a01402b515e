/** The classes that a block declares, from its source. */
import type { Felt } from "../field/felt.ts";
import type { Chain } from "../sequencer/chain.ts";
import type { NewClass } from "../sequencer/class-library.ts";
import type { CasmClass } from "../starknet/class/casm.ts";
import { sierraClassHash } from "../starknet/class/class-hash.ts";
import { compiledClassHash } from "../starknet/class/compiled-class-hash.ts";
import { ClassError } from "../starknet/class/errors.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import { SourceError, type BlockSource, type SourceBlock } from "./block-source.ts";
import { Divergence, shown } from "./divergence.ts";

export interface ClassesParts {
  readonly source: BlockSource;
  /** Compiles Sierra; undefined where the source's CASM is taken, if its hash fits. */
  readonly compile: ((sierra: SierraClass) => Promise<CasmClass>) | undefined;
}

/** Rejects with SourceError for a class that is withheld or another one, and with Divergence. */
export async function classesOf(
  { block, stateDiff }: SourceBlock,
  chain: Chain,
  { source, compile }: ClassesParts,
  signal: AbortSignal,
): Promise<Map<Felt, NewClass>> {
  const { number } = block.header;
  const compiledHashes = new Map(stateDiff.declaredClasses);
  for (const transaction of block.transactions)
    if (transaction.type === "DECLARE" && !compiledHashes.has(transaction.classHash))
      compiledHashes.set(transaction.classHash, transaction.compiledClassHash);
  const classes = new Map<Felt, NewClass>();
  for (const [classHash, compiledHash] of compiledHashes) {
    const stored = chain.isEmpty ? undefined : chain.storedClass(classHash);
    const found = stored ?? (await source.declaredClass(classHash, signal));
    if (found === undefined)
      throw new SourceError(
        `${source.url} has no class ${shown(classHash)}, which block ${number} declares`,
      );
    if (stored === undefined && sierraClassHash(found.sierra) !== classHash)
      throw new SourceError(`${source.url} gives another class for ${shown(classHash)}`);
    const casm = compile ? await compiled(number, classHash, found.sierra, compile) : found.casm;
    const hash = compiledClassHash(casm);
    if (hash !== compiledHash)
      throw compile
        ? new Divergence(
            number,
            `class ${shown(classHash)} compiles to ${shown(hash)}, and the source says ${shown(compiledHash)}`,
          )
        : new SourceError(`${source.url} gives another CASM for class ${shown(classHash)}`);
    classes.set(classHash, { sierra: found.sierra, casm });
  }
  return classes;
}

async function compiled(
  number: number,
  classHash: Felt,
  sierra: SierraClass,
  compile: (sierra: SierraClass) => Promise<CasmClass>,
): Promise<CasmClass> {
  try {
    return await compile(sierra);
  } catch (error) {
    if (!(error instanceof ClassError)) throw error;
    throw new Divergence(
      number,
      `class ${shown(classHash)} does not compile: ${error.message.trim()}`,
    );
  }
}
