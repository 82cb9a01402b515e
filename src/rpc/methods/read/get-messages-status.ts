import { RpcError } from "../../errors.ts";
import { method } from "../../method.ts";
import { u256 } from "../../schema/numbers.ts";
import { toHex } from "../../../util/hex.ts";

export const getMessagesStatus = method({
  name: "starknet_getMessagesStatus",
  parameters: { transaction_hash: u256 },
  handle(context, { transaction_hash }) {
    const messages = context.messagesStatus?.(transaction_hash);
    if (messages === undefined) throw new RpcError("TXN_HASH_NOT_FOUND");
    return messages.map(({ transactionHash, finality, revertReason }) => ({
      transaction_hash: toHex(transactionHash),
      finality_status: finality,
      ...(revertReason === undefined
        ? { execution_status: "SUCCEEDED" }
        : { execution_status: "REVERTED", failure_reason: revertReason }),
    }));
  },
});
