/** What the plugin adds to Hardhat's own types. */
import "hardhat/types/config";
import "hardhat/types/network";
import type { StarknetConnection } from "./plugin/connection.ts";
import type { StarknetConfig, StarknetUserConfig } from "./plugin/config.ts";

declare module "hardhat/types/config" {
  interface HardhatUserConfig {
    starknet?: StarknetUserConfig;
  }
  interface HardhatConfig {
    starknet: StarknetConfig;
  }
}

declare module "hardhat/types/network" {
  interface NetworkConnection<
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the parameters of all declarations must be the same
    ChainTypeT extends ChainType | string = DefaultChainType,
  > {
    /** An L2 on this connection's chain, started when it is first used. */
    starknet: StarknetConnection;
  }
}
