import { resolveBlock } from "../../blocks.ts";
import { formatFeeEstimate } from "../../format/gas.ts";
import { method } from "../../method.ts";
import { blockId } from "../../schema/block-id.ts";
import { address, ethAddress, felt, felts } from "../../schema/numbers.ts";
import { object } from "../../schema/schema.ts";

/** MSG_FROM_L1 */
const message = object({
  from_address: ethAddress,
  to_address: address,
  entry_point_selector: felt,
  payload: felts,
});

export const estimateMessageFee = method({
  name: "starknet_estimateMessageFee",
  parameters: { message, block_id: blockId },
  handle: async ({ chain, execution }, { message, block_id }) =>
    formatFeeEstimate(
      await execution.estimateMessageFee(resolveBlock(chain, block_id), {
        fromAddress: message.from_address,
        toAddress: message.to_address,
        entryPointSelector: message.entry_point_selector,
        payload: message.payload,
      }),
    ),
});
