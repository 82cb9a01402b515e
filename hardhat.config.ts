import { createRequire } from "node:module";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import starknet from "./src/index.ts";

export default defineConfig({
  plugins: [toolbox, starknet],
  solidity: {
    version: "0.8.37",
    // The compiler that npm installed: nothing is downloaded.
    path: createRequire(import.meta.url).resolve("solc/soljson.js"),
    settings: {
      viaIR: false,
      // With fewer runs, the prime is computed by eight instructions in each of the verifier's many products.
      optimizer: { enabled: true, runs: 100_000 },
      evmVersion: "osaka",
      // Code depends on code alone: neither comments nor names of files reach src/l1/artifacts.
      metadata: { bytecodeHash: "none" },
    },
  },
  paths: { tests: { mocha: "test", solidity: "test/solidity" } },
});
