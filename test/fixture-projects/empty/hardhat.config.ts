import { defineConfig } from "hardhat/config";
import starknet from "hardhat-starknet";

export default defineConfig({ plugins: [starknet], starknet: { accounts: 2, seed: 7 } });
