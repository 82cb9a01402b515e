/** From block ids to blocks, states and finality. */
import type { Felt } from "../field/felt.ts";
import type { StateReader } from "../state/reader.ts";
import type { Block } from "../starknet/block.ts";
import type {
  ChainView,
  PreConfirmedBlock,
  StateView,
  TransactionStage,
} from "../starknet/chain-view.ts";
import type { Receipt, TransactionTrace } from "../starknet/receipt.ts";
import type { Transaction } from "../starknet/transaction.ts";
import { RpcError } from "./errors.ts";
import type { StateBlock } from "./execution-service.ts";
import type { BlockId } from "./schema/block-id.ts";

export type Finality = Extract<
  TransactionStage,
  "PRE_CONFIRMED" | "ACCEPTED_ON_L2" | "ACCEPTED_ON_L1"
>;

/** The block that an id names. Throws BLOCK_NOT_FOUND. */
export function resolveBlock(chain: StateView, id: BlockId): StateBlock {
  if (id.kind === "tag" && id.tag === "pre_confirmed") return "preConfirmed";
  const number = closedNumber(chain, id);
  if (number === undefined) throw new RpcError("BLOCK_NOT_FOUND");
  const reason = chain.whyMissing?.(number);
  if (reason !== undefined) throw new RpcError("BLOCK_NOT_FOUND", { data: reason });
  if (number > chain.latest().number) throw new RpcError("BLOCK_NOT_FOUND");
  return number;
}

function closedNumber(chain: StateView, id: BlockId): number | undefined {
  switch (id.kind) {
    case "number":
      return id.number;
    case "hash":
      return chain.numberOf(id.hash);
    case "tag":
      return id.tag === "latest" ? chain.latest().number : chain.latestOnL1();
  }
}

/** The closed block that an id names. Throws BLOCK_NOT_FOUND, for the open block too. */
export function resolveClosed(chain: StateView, id: BlockId): number {
  const number = resolveBlock(chain, id);
  if (number === "preConfirmed") throw new RpcError("BLOCK_NOT_FOUND");
  return number;
}

/** The open block. Throws BLOCK_NOT_FOUND where nobody tells of it. */
export function openBlock(chain: StateView): NonNullable<ReturnType<StateView["preConfirmed"]>> {
  const open = chain.preConfirmed();
  if (open !== undefined) return open;
  throw new RpcError("BLOCK_NOT_FOUND", {
    data: "this node does not see blocks before they are closed: ask for latest",
  });
}

/** Traces of a closed block, in the order of its transactions. Throws METHOD_NOT_SUPPORTED where the node has none. */
export function tracesOf(chain: ChainView, number: number): readonly TransactionTrace[] {
  const traces = chain.traces(number) ?? [];
  if (traces.length < closedBlock(chain, number).transactions.length)
    throw new RpcError("METHOD_NOT_SUPPORTED", {
      message:
        `block ${number} has no traces here: this node has not executed it. ` +
        "Ask the sequencer, or a node of mode replay",
    });
  return traces;
}

/** A closed block that exists. */
export function closedBlock(chain: ChainView, number: number): Block {
  const block = chain.block(number);
  if (block === undefined) throw new RpcError("BLOCK_NOT_FOUND");
  return block;
}

/** State after a block. Throws BLOCK_NOT_FOUND. */
export function stateOf(chain: StateView, id: BlockId): StateReader {
  const block = resolveBlock(chain, id);
  return block === "preConfirmed" ? openBlock(chain).state : chain.stateAt(block);
}

export function finalityOf(chain: ChainView, block: StateBlock): Finality {
  if (block === "preConfirmed") return "PRE_CONFIRMED";
  return block <= (chain.latestOnL1() ?? -1) ? "ACCEPTED_ON_L1" : "ACCEPTED_ON_L2";
}

/** What both kinds of blocks have. */
export type Body = Pick<Block | PreConfirmedBlock, "transactions" | "receipts">;

export const bodyOf = (chain: ChainView, block: StateBlock): Body =>
  block === "preConfirmed" ? chain.preConfirmed() : closedBlock(chain, block);

/** A transaction that has been executed, and where it is. */
export interface Located {
  readonly transaction: Transaction;
  readonly receipt: Receipt;
  readonly index: number;
  readonly finality: Finality;
  readonly blockNumber: number;
  /** Undefined in the open block. */
  readonly blockHash: Felt | undefined;
}

/** Undefined for a transaction that is in no block, closed or open. */
export function findTransaction(chain: ChainView, hash: Felt): Located | undefined {
  const location = chain.locate(hash);
  if (location === undefined) return undefined;
  const { index } = location;
  const block = location.kind === "block" ? location.number : "preConfirmed";
  const { transactions, receipts } = bodyOf(chain, block);
  const transaction = transactions[index];
  const receipt = receipts[index];
  if (transaction === undefined || receipt === undefined) return undefined;
  return {
    transaction,
    receipt,
    index,
    finality: finalityOf(chain, block),
    blockNumber: block === "preConfirmed" ? chain.preConfirmed().context.number : block,
    blockHash: block === "preConfirmed" ? undefined : chain.header(block)?.hash,
  };
}
