import { method } from "../../method.ts";
import { broadcastDeployAccount } from "../../schema/transaction.ts";
import { deployAccountSubmission } from "../../submission.ts";
import { toHex } from "../../../util/hex.ts";

export const addDeployAccountTransaction = method({
  name: "starknet_addDeployAccountTransaction",
  parameters: { deploy_account_transaction: broadcastDeployAccount },
  mutates: true,
  async handle({ chain, gateway }, { deploy_account_transaction }) {
    const submission = deployAccountSubmission(deploy_account_transaction, {
      chainId: chain.chainId,
      query: false,
    });
    await gateway.submit(submission);
    const { hash, senderAddress } = submission.transaction;
    return { transaction_hash: toHex(hash), contract_address: toHex(senderAddress) };
  },
});
