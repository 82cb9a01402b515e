import { method } from "../../method.ts";
import { broadcastInvoke } from "../../schema/transaction.ts";
import { invokeSubmission } from "../../submission.ts";
import { toHex } from "../../../util/hex.ts";

export const addInvokeTransaction = method({
  name: "starknet_addInvokeTransaction",
  parameters: { invoke_transaction: broadcastInvoke },
  mutates: true,
  async handle({ chain, gateway }, { invoke_transaction }) {
    const submission = invokeSubmission(invoke_transaction, {
      chainId: chain.chainId,
      query: false,
    });
    await gateway.submit(submission);
    return { transaction_hash: toHex(submission.transaction.hash) };
  },
});
