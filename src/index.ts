/**
 * The Hardhat 3 plugin: tasks under `starknet:`, the `starknet` section of the config.
 * @module
 */
import { definePlugin } from "hardhat/plugins";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { starknetTasks } from "../tasks/index.ts";
import "./plugin/matchers/types.ts";
import "./type-extensions.ts";

const plugin: HardhatPlugin = definePlugin({
  id: "hardhat-starknet",
  npmPackage: "hardhat-starknet",
  hookHandlers: {
    config: () => import("./plugin/hook-handlers/config.ts"),
    network: () => import("./plugin/hook-handlers/network.ts"),
  },
  tasks: starknetTasks,
});

export default plugin;
