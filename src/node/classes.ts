/** The classes that a block declares, from its source. */
import type { Felt } from "../field/felt.ts";
import type { Chain } from "../sequencer/chain.ts";
import type { NewClass } from "../sequencer/class-library.ts";
import type { CasmClass } from "../starknet/class/casm.ts";
import { sierraClassHash } from "../starknet/class/class-hash.ts";
import { compiledClassHash } from "../starknet/class/compiled-class-hash.ts";
import { loadSystemClass, SYSTEM_CLASSES } from "../starknet/class/system.ts";
import { ClassError } from "../starknet/class/errors.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import { SourceError, type BlockSource, type SourceBlock } from "./block-source.ts";
import { Divergence, shown } from "./divergence.ts";

export interface ClassesParts {
  readonly chain: Chain;
  readonly source: BlockSource;
  readonly compile: (sierra: SierraClass) => Promise<CasmClass>;
}

/**
 * Both forms of the classes that a block declares: Sierra as the source has it, CASM as the node compiles it, whatever its
 * mode: hints of a CASM are covered by no hash. Rejects with SourceError for a class that is withheld or another one, and
 * with Divergence.
 */
export async function classesOf(
  { block, stateDiff }: SourceBlock,
  parts: ClassesParts,
  signal: AbortSignal,
): Promise<Map<Felt, NewClass>> {
  const compiledHashes = new Map(stateDiff.declaredClasses);
  for (const transaction of block.transactions)
    if (transaction.type === "DECLARE" && !compiledHashes.has(transaction.classHash))
      compiledHashes.set(transaction.classHash, transaction.compiledClassHash);
  const { number } = block.header;
  const classes = new Map<Felt, NewClass>();
  for (const [classHash, claimed] of compiledHashes) {
    const found =
      knownClass(classHash, parts) ?? (await fetchClass(number, classHash, parts, signal));
    const hash = compiledClassHash(found.casm);
    if (hash !== claimed)
      throw new Divergence(
        number,
        `class ${shown(classHash)} compiles to ${shown(hash)}, and the source says ${shown(claimed)}`,
      );
    classes.set(classHash, { sierra: found.sierra, casm: found.casm });
  }
  return classes;
}

/** One that was declared before, or that comes with the package. */
const knownClass = (classHash: Felt, { chain }: ClassesParts): NewClass | undefined =>
  chain.storedClass(classHash) ??
  SYSTEM_CLASSES.map(loadSystemClass).find((system) => system.classHash === classHash);

async function fetchClass(
  number: number,
  classHash: Felt,
  { source, compile }: ClassesParts,
  signal: AbortSignal,
): Promise<NewClass> {
  const sierra = await source.sierraClass(classHash, signal);
  if (sierra === undefined)
    throw new SourceError(
      `${source.url} has no class ${shown(classHash)}, which block ${number} declares`,
    );
  if (sierraClassHash(sierra) !== classHash)
    throw new SourceError(`${source.url} gives another class for ${shown(classHash)}`);
  try {
    return { sierra, casm: await compile(sierra) };
  } catch (error) {
    if (!(error instanceof ClassError)) throw error;
    throw new Divergence(
      number,
      `class ${shown(classHash)} does not compile: ${error.message.trim()}`,
    );
  }
}
