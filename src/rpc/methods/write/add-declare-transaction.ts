import { method } from "../../method.ts";
import { broadcastDeclare } from "../../schema/transaction.ts";
import { declareSubmission } from "../../submission.ts";
import { toHex } from "../../../util/hex.ts";

export const addDeclareTransaction = method({
  name: "starknet_addDeclareTransaction",
  parameters: { declare_transaction: broadcastDeclare },
  mutates: true,
  async handle({ chain, gateway }, { declare_transaction }) {
    const submission = declareSubmission(declare_transaction, {
      chainId: chain.chainId,
      query: false,
    });
    await gateway.submit(submission);
    const { hash, classHash } = submission.transaction;
    return { transaction_hash: toHex(hash), class_hash: toHex(classHash) };
  },
});
