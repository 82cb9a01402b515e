/** What the core contract's logs say. */
import type { Interface } from "ethers";
import { getAddress } from "ethers";
import type { MessageToL1 } from "../starknet/receipt.ts";
import type { MessageToL2 } from "../starknet/transaction-hash.ts";
import type { L1Log } from "./ethereum.ts";

/** Where on L1 something happened. */
export type L1Place = Pick<L1Log, "blockNumber" | "blockHash" | "transactionHash" | "logIndex">;

export type CoreEvent =
  | { readonly kind: "sentToL2"; readonly message: MessageToL2; readonly fee: bigint }
  | { readonly kind: "consumedOnL2"; readonly message: MessageToL2 }
  | { readonly kind: "cancellationStarted"; readonly message: MessageToL2 }
  | { readonly kind: "cancelled"; readonly message: MessageToL2 }
  | { readonly kind: "sentToL1"; readonly message: MessageToL1 }
  | { readonly kind: "consumedOnL1"; readonly message: MessageToL1 }
  | {
      readonly kind: "stateUpdate";
      readonly firstBlock: number;
      readonly lastBlock: number;
      readonly root: bigint;
    };

export type PlacedEvent = CoreEvent & { readonly place: L1Place };

const MESSAGES_TO_L2 = {
  LogMessageToL2: "sentToL2",
  ConsumedMessageToL2: "consumedOnL2",
  MessageToL2CancellationStarted: "cancellationStarted",
  MessageToL2Canceled: "cancelled",
} as const;

const MESSAGES_TO_L1 = {
  LogMessageToL1: "sentToL1",
  ConsumedMessageToL1: "consumedOnL1",
} as const;

/** The event of a log; undefined for one that does not concern messages or state. */
export function readEvent(core: Interface, log: L1Log): PlacedEvent | undefined {
  const parsed = core.parseLog({ topics: [...log.topics], data: log.data });
  if (parsed === null) return undefined;
  const event = eventOf(parsed.name, parsed.args.toObject());
  const { blockNumber, blockHash, transactionHash, logIndex } = log;
  return event && { ...event, place: { blockNumber, blockHash, transactionHash, logIndex } };
}

function eventOf(name: string, args: Record<string, unknown>): CoreEvent | undefined {
  if (name in MESSAGES_TO_L2) {
    const kind = MESSAGES_TO_L2[name as keyof typeof MESSAGES_TO_L2];
    const message: MessageToL2 = {
      fromAddress: BigInt(args["fromAddress"] as string),
      toAddress: args["toAddress"] as bigint,
      nonce: args["nonce"] as bigint,
      selector: args["selector"] as bigint,
      payload: [...(args["payload"] as Iterable<bigint>)],
    };
    return kind === "sentToL2" ? { kind, message, fee: args["fee"] as bigint } : { kind, message };
  }
  if (name in MESSAGES_TO_L1) {
    const kind = MESSAGES_TO_L1[name as keyof typeof MESSAGES_TO_L1];
    const message: MessageToL1 = {
      fromAddress: args["fromAddress"] as bigint,
      toAddress: BigInt(getAddress(args["toAddress"] as string)),
      payload: [...(args["payload"] as Iterable<bigint>)],
    };
    return { kind, message };
  }
  if (name === "LogStateUpdateData") {
    return {
      kind: "stateUpdate",
      firstBlock: Number(args["firstBlockNumber"]),
      lastBlock: Number(args["lastBlockNumber"]),
      root: args["globalRoot"] as bigint,
    };
  }
  return undefined;
}
