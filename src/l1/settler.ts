/**
 * Settles closed blocks on L1, range by range. The core contract knows how far it is and takes nothing twice: each
 * round begins with what L1 says, so that one that was interrupted anywhere is simply begun again.
 */
import type { Felt } from "../field/felt.ts";
import type { Chain } from "../sequencer/chain.ts";
import type { MessageToL1 } from "../starknet/receipt.ts";
import type { MessageToL2 } from "../starknet/transaction-hash.ts";
import { toHex } from "../util/hex.ts";
import type { CoreContract } from "./core-contract.ts";
import type { FactEstablisher, FactTransaction } from "./facts-on-l1.ts";
import { L1TransactionError, type Operator } from "./operator.ts";
import type { BlockRange } from "../starknet/output/range.ts";
import { SettlementError } from "./settlement-error.ts";
import { buildUpdate, type ProgramIdentity } from "./update.ts";

/** Blocks that an update has brought to L1. */
export interface SettledRange {
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly stateRoot: Felt;
  /** of the update's transaction on L1 */
  readonly transactionHash: string;
  readonly gasUsed: bigint;
  /** What came before it: the proof's verification, for one. */
  readonly factTransactions: readonly FactTransaction[];
  /** From now on they may be consumed on L1. */
  readonly messagesToL1: readonly MessageToL1[];
  /** They are consumed on L1. */
  readonly messagesToL2: readonly MessageToL2[];
}

export interface SettlerParts {
  readonly chain: Chain;
  readonly core: CoreContract;
  readonly operator: Operator;
  readonly identity: ProgramIdentity;
  readonly facts: FactEstablisher;
  /** Looks at L1 and takes back what L1 has taken back: before blocks are settled that hang on it. */
  readonly prepare: () => Promise<void>;
  readonly onSettled: (range: SettledRange) => void;
}

export class Settler {
  readonly #parts: SettlerParts;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
  }

  /**
   * Settles the closed blocks up to `upTo`, or those that are closed now, as far as their facts can be established;
   * where they come with others behind `upTo`, those too. Not to be called again before it is done.
   * Rejects with SettlementError, L1TransactionError and L1UnavailableError; ranges that were settled before stay so.
   */
  async settle(upTo?: number): Promise<readonly SettledRange[]> {
    const { chain, facts } = this.#parts;
    const target = upTo ?? chain.latest().number;
    const ranges: SettledRange[] = [];
    /** What was tried last, and why it failed: L1 may have moved meanwhile. */
    let failed: { first: number; hash: Felt; error: L1TransactionError } | undefined;
    for (;;) {
      await this.#parts.prepare();
      const first = (await followCore(this.#parts)) + 1;
      const last = Math.min(target, chain.latest().number);
      if (first > last) return ranges;
      const range = facts.range(first, last);
      if (range === undefined) return ranges;
      const { hash } = chain.header(range.last)!;
      // The same blocks on the same state of L1 would fail for the same reason.
      if (failed?.first === first && failed.hash === hash) throw failed.error;
      try {
        ranges.push(await this.#update(range));
      } catch (error) {
        if (!(error instanceof L1TransactionError)) throw error;
        failed = { first, hash, error };
      }
    }
  }

  async #update(range: BlockRange): Promise<SettledRange> {
    const { chain, core, operator, identity, facts, onSettled } = this.#parts;
    const update = buildUpdate(chain, range, identity);
    const factTransactions = await facts.establish(update);
    const data = core.encodeUpdate(update.main, update.stateDiff);
    const { transactionHash, gasUsed } = await operator.send({ to: core.address, data });
    chain.setLatestOnL1(range.last);
    const settled: SettledRange = {
      firstBlock: range.first,
      lastBlock: range.last,
      stateRoot: update.output.newRoot,
      transactionHash,
      gasUsed,
      factTransactions,
      messagesToL1: update.output.messagesToL1,
      messagesToL2: update.output.messagesToL2,
    };
    onSettled(settled);
    return settled;
  }
}

/**
 * Notes how far the core contract is. Throws SettlementError where it is at a block that this chain does not have.
 *
 * @returns number of the newest block on L1
 */
export async function followCore({
  chain,
  core,
}: Pick<SettlerParts, "chain" | "core">): Promise<number> {
  const onL1 = await core.state();
  const header = chain.header(onL1.blockNumber);
  if (header === undefined || header.hash !== onL1.blockHash || header.stateRoot !== onL1.root) {
    throw new SettlementError(
      `the core contract ${core.address} is at block ${onL1.blockNumber} with hash ${toHex(onL1.blockHash)}, ` +
        `which is not in this L2: its L1 is another one's, or L2 has lost blocks that were settled`,
    );
  }
  chain.setLatestOnL1(onL1.blockNumber);
  return onL1.blockNumber;
}
