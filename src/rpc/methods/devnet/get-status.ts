import { shortStringOrHex } from "../../../field/short-string.ts";
import { hexes } from "../../format/felts.ts";
import { devnetMethod } from "../../method.ts";
import { SPEC_VERSION } from "../read/spec-version.ts";

export const getStatus = devnetMethod({
  name: "devnet_getStatus",
  parameters: {},
  handle({ chain, control }) {
    const status = control.status();
    return {
      block_count: status.blockCount,
      transaction_count: status.transactionCount,
      pre_confirmed_tx_count: status.preConfirmedTransactionCount,
      chain_id: shortStringOrHex(chain.chainId),
      protocol_version: SPEC_VERSION,
      devnet_version: status.version,
      is_forked: false,
      impersonated_accounts: hexes(status.impersonatedAccounts),
      auto_impersonate: status.autoImpersonate,
    };
  },
});
