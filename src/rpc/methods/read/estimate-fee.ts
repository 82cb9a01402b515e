import { resolveBlock } from "../../blocks.ts";
import { formatFeeEstimate } from "../../format/gas.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { estimateFlags, MAX_TRANSACTIONS } from "../../schema/common.ts";
import { array } from "../../schema/schema.ts";
import { broadcast } from "../../schema/transaction.ts";
import { simulationSubmission } from "../../submission.ts";

export const estimateFee = method({
  name: "starknet_estimateFee",
  parameters: {
    request: array(broadcast, MAX_TRANSACTIONS),
    simulation_flags: estimateFlags,
    block_id: blockId,
  },
  async handle({ chain, execution }, { request, simulation_flags, block_id }) {
    const block = resolveBlock(chain, block_id);
    const submissions = request.map((entry) => simulationSubmission(entry, chain.chainId));
    const skipValidate = simulation_flags.includes("SKIP_VALIDATE");
    const estimates = await execution.estimateFee(block, submissions, { skipValidate });
    return estimates.map(formatFeeEstimate);
  },
});
