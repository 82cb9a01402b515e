import { resolveBlock } from "../../blocks.ts";
import { formatFeeEstimate } from "../../format/gas.ts";
import { formatInitialReads, formatTrace } from "../../format/trace.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { MAX_TRANSACTIONS, simulationFlags } from "../../schema/common.ts";
import { array } from "../../schema/schema.ts";
import { broadcast } from "../../schema/transaction.ts";
import { simulationSubmission } from "../../submission.ts";

export const simulateTransactions = method({
  name: "starknet_simulateTransactions",
  parameters: {
    block_id: blockId,
    transactions: array(broadcast, MAX_TRANSACTIONS),
    simulation_flags: simulationFlags,
  },
  async handle({ chain, execution }, { block_id, transactions, simulation_flags }) {
    const block = resolveBlock(chain, block_id);
    const submissions = transactions.map((entry) => simulationSubmission(entry, chain.chainId));
    const simulation = await execution.simulate(block, submissions, {
      skipValidate: simulation_flags.includes("SKIP_VALIDATE"),
      skipFeeCharge: simulation_flags.includes("SKIP_FEE_CHARGE"),
      initialReads: simulation_flags.includes("RETURN_INITIAL_READS"),
    });
    const simulated = simulation.transactions.map(({ trace, fee }) => ({
      transaction_trace: formatTrace(trace),
      fee_estimation: formatFeeEstimate(fee),
    }));
    return simulation.initialReads === undefined
      ? simulated
      : {
          simulated_transactions: simulated,
          initial_reads: formatInitialReads(simulation.initialReads),
        };
  },
});
