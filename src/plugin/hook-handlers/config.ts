import type { ConfigHooks } from "hardhat/types/hooks";
import { resolveStarknetConfig, validateStarknetConfig } from "../config.ts";

const handlers = async (): Promise<Partial<ConfigHooks>> => ({
  validateUserConfig: async (config) => validateStarknetConfig(config.starknet),
  resolveUserConfig: async (config, resolveVariable, next) => ({
    ...(await next(config, resolveVariable)),
    starknet: resolveStarknetConfig(config.starknet, resolveVariable),
  }),
});

export default handlers;
