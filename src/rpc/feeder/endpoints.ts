/** What a feeder gateway answers: the names below `/feeder_gateway/`, each a function of the chain and the query. */
import type { Felt } from "../../field/felt.ts";
import type { Gateway } from "../../sequencer/gateway.ts";
import type { BlockSigner } from "../../sequencer/block-signer.ts";
import { ETH_TOKEN, STRK_TOKEN } from "../../starknet/addresses.ts";
import type { ChainView } from "../../starknet/chain-view.ts";
import { casmClassJson } from "../../starknet/class/casm.ts";
import { sierraClassJson } from "../../starknet/class/sierra.ts";
import { toHex } from "../../util/hex.ts";
import { closedBlock, finalityOf, findTransaction } from "../blocks.ts";
import type { L1Description } from "../l1-control.ts";
import { FeederError } from "./errors.ts";
import type { Query } from "./query.ts";
import {
  formatBlock,
  formatFeeMarket,
  formatHeader,
  formatPending,
  formatPreConfirmed,
} from "./wire/block.ts";
import { formatStateDiff } from "./wire/state-diff.ts";
import { formatTransaction } from "./wire/transaction.ts";

export interface FeederContext {
  readonly chain: ChainView;
  readonly gateway: Gateway;
  readonly signer: BlockSigner;
  /** Undefined without an L1. */
  l1Contracts(): Pick<L1Description, "coreContract" | "factRegistry"> | undefined;
}

/** A JSON value. Throws FeederError, or what the JSON-RPC's methods may throw. */
type Endpoint = (context: FeederContext, query: Query) => unknown;

function closed({ chain }: FeederContext, number: number, query: Query): object {
  const block = closedBlock(chain, number);
  if (query.flag("headerOnly")) return formatHeader(block.header);
  const next = chain.header(number + 1) ?? chain.preConfirmed().context;
  return {
    ...formatBlock(block, finalityOf(chain, number), { paidFee: query.flag("withPaidFee") }),
    ...(query.flag("withFeeMarketInfo") && formatFeeMarket(block, next.gasPrices.l2Gas.fri)),
  };
}

function getBlock(context: FeederContext, query: Query): object {
  const { chain } = context;
  if (query.flag("headerOnly")) return closed(context, query.closedBlock(chain), query);
  const number = query.block(chain);
  return number === "preConfirmed"
    ? formatPending(chain.preConfirmed())
    : closed(context, number, query);
}

function stateUpdate({ chain }: FeederContext, query: Query): object {
  const number = query.block(chain);
  if (number === "preConfirmed") {
    return {
      old_root: toHex(chain.latest().stateRoot),
      state_diff: formatStateDiff(chain.preConfirmed().stateDiff),
    };
  }
  const { hash, stateRoot } = closedBlock(chain, number).header;
  return {
    block_hash: toHex(hash),
    new_root: toHex(stateRoot),
    old_root: toHex(chain.header(number - 1)?.stateRoot ?? 0n),
    state_diff: formatStateDiff(chain.stateDiff(number)!),
  };
}

/** The class that is asked for, which the state of the block in question has. */
function declared({ chain }: FeederContext, query: Query): Felt {
  const classHash = query.felt("classHash");
  const number = query.block(chain);
  const state = number === "preConfirmed" ? chain.preConfirmed().state : chain.stateAt(number);
  if (state.compiledClassHash(classHash) === 0n)
    throw new FeederError(
      "UNDECLARED_CLASS",
      `Class with hash ${toHex(classHash)} is not declared.`,
    );
  return classHash;
}

/** Where a transaction is, as far as both endpoints that tell it agree. */
function transactionPlace({ chain, gateway }: FeederContext, hash: Felt) {
  const located = findTransaction(chain, hash);
  const stage = located?.finality ?? gateway.stageOf(hash) ?? "NOT_RECEIVED";
  const execution = located && {
    execution_status: located.receipt.revertReason === undefined ? "SUCCEEDED" : "REVERTED",
  };
  const block = located?.blockHash === undefined ? {} : { block_hash: toHex(located.blockHash) };
  return { located, stage, shown: { ...execution, finality_status: stage, ...block } };
}

function getTransaction(context: FeederContext, query: Query): object {
  const hash = query.felt("transactionHash");
  const { located, stage, shown } = transactionPlace(context, hash);
  const transaction = located?.transaction ?? context.gateway.pooled(hash);
  return {
    ...shown,
    status: stage,
    ...(located?.blockHash !== undefined && { block_number: located.blockNumber }),
    ...(located && { transaction_index: located.index }),
    ...(located?.receipt.revertReason !== undefined && {
      revert_error: located.receipt.revertReason,
    }),
    ...(transaction && { transaction: formatTransaction(transaction) }),
  };
}

function getTransactionStatus(context: FeederContext, query: Query): object {
  const { located, stage, shown } = transactionPlace(context, query.felt("transactionHash"));
  return {
    execution_status: null,
    ...shown,
    tx_status: stage,
    ...(located?.receipt.revertReason !== undefined && {
      tx_revert_reason: located.receipt.revertReason,
    }),
  };
}

function getPreConfirmedBlock({ chain }: FeederContext, query: Query): object {
  const open = chain.preConfirmed();
  const asked = query.has("blockNumber") ? query.number("blockNumber") : open.context.number;
  if (asked !== open.context.number) {
    throw new FeederError(
      "BLOCK_NOT_FOUND",
      `Block number ${asked} is not pre-confirmed; number ${open.context.number} is.`,
    );
  }
  return formatPreConfirmed(open);
}

function getSignature({ chain, signer }: FeederContext, query: Query): object {
  const { hash } = closedBlock(chain, query.closedBlock(chain)).header;
  const { r, s } = signer.sign(hash);
  return { block_hash: toHex(hash), signature: [toHex(r), toHex(s)] };
}

const NO_CONTRACT = `0x${"0".repeat(40)}`;

function getContractAddresses({ l1Contracts }: FeederContext): object {
  const contracts = l1Contracts();
  if (contracts === undefined)
    throw new FeederError("MALFORMED_REQUEST", "This devnet runs without an L1.");
  return {
    Starknet: contracts.coreContract,
    GpsStatementVerifier: contracts.factRegistry ?? NO_CONTRACT,
    strk_l2_token_address: toHex(STRK_TOKEN),
    eth_l2_token_address: toHex(ETH_TOKEN),
  };
}

export const FEEDER_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ["get_block", getBlock],
  [
    "get_state_update",
    (context, query) =>
      query.flag("includeBlock")
        ? { block: getBlock(context, query), state_update: stateUpdate(context, query) }
        : stateUpdate(context, query),
  ],
  ["get_preconfirmed_block", getPreConfirmedBlock],
  [
    "get_class_by_hash",
    (context, query) => {
      const { chain } = context;
      return sierraClassJson(chain.sierraClass(declared(context, query))!);
    },
  ],
  [
    "get_compiled_class_by_class_hash",
    (context, query) => casmClassJson(context.chain.casmClass(declared(context, query))!),
  ],
  ["get_transaction", getTransaction],
  ["get_transaction_status", getTransactionStatus],
  ["get_signature", getSignature],
  ["get_public_key", ({ signer }) => toHex(signer.publicKey)],
  ["get_contract_addresses", getContractAddresses],
  [
    "get_block_hash_by_id",
    ({ chain }, query) => {
      const number = query.number("blockId");
      const header = chain.header(number);
      if (header === undefined) {
        const end = chain.latest().number + 1;
        throw new FeederError(
          "MALFORMED_REQUEST",
          `Block ID should be in the range [0, ${end}); got: ${number}.`,
        );
      }
      return toHex(header.hash);
    },
  ],
  ["get_block_id_by_hash", ({ chain }, query) => query.closedBlock(chain)],
]);
