import { closedBlock, resolveClosed, tracesOf } from "../../blocks.ts";
import { formatInitialReads, formatTrace } from "../../format/trace.ts";
import { method } from "../../method.ts";
import { closedBlockId } from "../../schema/block-id.ts";
import { traceFlags } from "../../schema/common.ts";
import { toHex } from "../../../util/hex.ts";

export const traceBlockTransactions = method({
  name: "starknet_traceBlockTransactions",
  parameters: { block_id: closedBlockId, trace_flags: traceFlags },
  async handle({ chain, execution }, { block_id, trace_flags }) {
    const number = resolveClosed(chain, block_id);
    const { transactions } = closedBlock(chain, number);
    const traces = tracesOf(chain, number).map((trace, index) => ({
      transaction_hash: toHex(transactions[index]!.hash),
      trace_root: formatTrace(trace),
    }));
    if (!trace_flags?.includes("RETURN_INITIAL_READS")) return traces;
    return { traces, initial_reads: formatInitialReads(await execution.initialReads(number)) };
  },
});
