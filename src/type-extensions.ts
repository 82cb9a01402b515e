/** What the plugin adds to Hardhat's own types. */
import "hardhat/types/config";
import type { StarknetConfig, StarknetUserConfig } from "./plugin/config.ts";

declare module "hardhat/types/config" {
  interface HardhatUserConfig {
    starknet?: StarknetUserConfig;
  }
  interface HardhatConfig {
    starknet: StarknetConfig;
  }
}
