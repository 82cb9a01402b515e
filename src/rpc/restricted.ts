/** What `--restrictive-mode` without names forbids, as in starknet-devnet 0.10.1 (`restrictive_mode.rs`). */
export const DEFAULT_RESTRICTED_METHODS: readonly string[] = [
  "devnet_applyStateDiff",
  "devnet_mint",
  "devnet_load",
  "devnet_snapshot",
  "devnet_revert",
  "devnet_restart",
  "devnet_createBlock",
  "devnet_abortBlocks",
  "devnet_impersonateAccount",
  "devnet_autoImpersonate",
  "devnet_getPredeployedAccounts",
];
