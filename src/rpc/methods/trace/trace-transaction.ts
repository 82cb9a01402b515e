import { tracesOf } from "../../blocks.ts";
import { RpcError } from "../../errors.ts";
import { formatTrace } from "../../format/trace.ts";
import { method } from "../../method.ts";
import { felt } from "../../schema/numbers.ts";

export const traceTransaction = method({
  name: "starknet_traceTransaction",
  parameters: { transaction_hash: felt },
  handle({ chain, gateway }, { transaction_hash }) {
    const location = chain.locate(transaction_hash);
    if (location === undefined) {
      if (gateway.stageOf(transaction_hash) === undefined) throw new RpcError("TXN_HASH_NOT_FOUND");
      throw new RpcError("NO_TRACE_AVAILABLE", { data: { status: "RECEIVED" } });
    }
    const traces =
      location.kind === "block" ? tracesOf(chain, location.number) : chain.preConfirmed().traces;
    return formatTrace(traces[location.index]!);
  },
});
