/** Methods of starknet-devnet that work on an L1: they answer so until this devnet settles on one. */
import { RpcError } from "../../errors.ts";
import type { DevnetContext, Method } from "../../method.ts";
import type { Schema } from "../../schema/schema.ts";

const anything: Schema<unknown> = { expected: "anything", optional: true, parse: (value) => value };

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  devnet_acceptOnL1: ["starting_block_id"],
  devnet_postmanLoad: [
    "network_url",
    "messaging_contract_address",
    "address",
    "deployer_account_private_key",
  ],
  devnet_postmanFlush: ["dry_run"],
  devnet_postmanSendMessageToL2: [
    "l1_contract_address",
    "l2_contract_address",
    "entry_point_selector",
    "payload",
    "paid_fee_on_l1",
    "nonce",
    "l1_transaction_hash",
  ],
  devnet_postmanConsumeMessageFromL2: ["from_address", "to_address", "payload"],
};

export const SETTLEMENT_METHODS: readonly Method<DevnetContext>[] = Object.entries(PARAMETERS).map(
  ([name, parameters]) => ({
    name,
    parameters: Object.fromEntries(parameters.map((parameter) => [parameter, anything])),
    handle() {
      throw new RpcError("OTHER", {
        message: `${name} needs settlement on L1, which this devnet does not do yet`,
      });
    },
  }),
);
