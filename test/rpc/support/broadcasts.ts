/** Transactions as a client sends them. */
import { sierraClassJson } from "../../../src/starknet/class/sierra.ts";
import { loadSystemClass } from "../../../src/starknet/class/system.ts";
import { toHex } from "../../../src/util/hex.ts";
import { ACCOUNT } from "./fixture.ts";

const bounds = { max_amount: "0x1000", max_price_per_unit: "0x2540be400" };

const v3 = {
  version: "0x3",
  signature: ["0x1", "0x2"],
  nonce: "0x1",
  resource_bounds: { l1_gas: bounds, l1_data_gas: bounds, l2_gas: bounds },
  tip: "0x0",
  paymaster_data: [],
  nonce_data_availability_mode: "L1",
  fee_data_availability_mode: "L1",
};

export const invoke = (nonce = 1) => ({
  type: "INVOKE",
  ...v3,
  nonce: toHex(nonce),
  sender_address: toHex(ACCOUNT),
  calldata: ["0x0"],
  account_deployment_data: [],
});

export const declare = () => ({
  type: "DECLARE",
  ...v3,
  sender_address: toHex(ACCOUNT),
  compiled_class_hash: "0x5",
  account_deployment_data: [],
  contract_class: sierraClassJson(loadSystemClass("account").sierra),
});

export const deployAccount = () => ({
  type: "DEPLOY_ACCOUNT",
  ...v3,
  class_hash: "0x7",
  contract_address_salt: "0x8",
  constructor_calldata: ["0x9"],
});
