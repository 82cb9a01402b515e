/** A job for a prover: blocks with all that is needed to execute and to prove them, as plain data. */
import type { Felt } from "../field/felt.ts";
import { osInput, type OsInput, type OsSource } from "../os/input.ts";
import { chainSource } from "../os/source.ts";
import type { Chain } from "../sequencer/chain.ts";
import { ClassLibrary, type NewClass } from "../sequencer/class-library.ts";
import type { StateDiff } from "../state/diff.ts";
import type { Block } from "../starknet/block.ts";
import type { BlockRange } from "../starknet/output/range.ts";
import { STORED_BLOCK_HASH_BUFFER } from "../starknet/constants.ts";
import type { ExecutionEnvironment } from "../starknet/execution/environment.ts";
import { WitnessRecorder, witnessState, type StateWitness } from "./witness.ts";

/** Survives `structuredClone` and `v8.serialize`. */
export interface ProofJob {
  readonly range: BlockRange;
  readonly chainId: Felt;
  readonly feeTokens: ExecutionEnvironment["feeTokens"];
  readonly blocks: readonly { readonly block: Block; readonly stateDiff: StateDiff }[];
  /** Hashes of the blocks ten blocks before each. */
  readonly agedHashes: ReadonlyMap<number, Felt>;
  /** Classes that run or are declared. */
  readonly classes: ReadonlyMap<Felt, NewClass>;
  /** The state before the first block. */
  readonly state: StateWitness;
}

/** Makes the job for a range of closed blocks. Throws Unprovable for what the OS program cannot prove. */
export function createJob(
  chain: Chain,
  environment: ExecutionEnvironment,
  range: BlockRange,
): ProofJob {
  const source = chainSource(chain);
  const recorder = new WitnessRecorder(source.osState(Math.max(range.first - 1, 0)));
  const classes = new Map<Felt, NewClass>();
  const recording: OsSource = { ...source, osState: () => recorder.state };
  osInput(
    recording,
    {
      ...environment,
      classes: {
        runnable: (classHash) => {
          const stored = classes.get(classHash) ?? chain.storedClass(classHash);
          if (stored !== undefined) classes.set(classHash, stored);
          return environment.classes.runnable(classHash);
        },
      },
    },
    range.first,
    range.last,
  );
  const numbers = Array.from({ length: range.last - range.first + 1 }, (_, i) => range.first + i);
  const aged = numbers.map((number) => number - STORED_BLOCK_HASH_BUFFER).filter((n) => n >= 0);
  return {
    range,
    chainId: environment.chainId,
    feeTokens: environment.feeTokens,
    blocks: numbers.map((number) => ({
      block: chain.block(number)!,
      stateDiff: chain.stateDiff(number)!,
    })),
    agedHashes: new Map(aged.map((number) => [number, chain.header(number)!.hash])),
    classes,
    state: recorder.witness(),
  };
}

/** What the OS program is given for a job: its blocks are executed again. Throws Unprovable. */
export function jobInput(job: ProofJob): OsInput {
  const { first, last } = job.range;
  const blocks = new Map(job.blocks.map((each) => [each.block.header.number, each]));
  const environment: ExecutionEnvironment = {
    chainId: job.chainId,
    feeTokens: job.feeTokens,
    classes: new ClassLibrary((classHash) => job.classes.get(classHash)),
  };
  const source: OsSource = {
    block: (number) => blocks.get(number)?.block,
    blockHash: (number) => job.agedHashes.get(number),
    stateDiff: (number) => blocks.get(number)?.stateDiff,
    casmClass: (classHash) => job.classes.get(classHash)?.casm,
    osState: () => witnessState(job.state),
  };
  return osInput(source, environment, first, last);
}
