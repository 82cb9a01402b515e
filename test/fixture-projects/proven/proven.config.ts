import { createRequire } from "node:module";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import starknet from "hardhat-starknet";
import { defineConfig } from "hardhat/config";

// No word of settlement: the default proves.
export default defineConfig({
  plugins: [toolbox, starknet],
  solidity: {
    version: "0.8.37",
    path: createRequire(import.meta.url).resolve("solc/soljson.js"),
    npmFilesToBuild: ["hardhat-starknet/contracts/examples/TokenBridge.sol"],
  },
  test: { mocha: { timeout: 600_000 } },
});
