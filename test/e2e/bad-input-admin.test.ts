/** Admin requests that cannot be met: their error, and the state as it was. */
import { expect } from "chai";
import { toHex } from "../../src/util/hex.ts";
import { TestDevnet } from "../support/devnet.ts";

describe("bad admin requests", () => {
  let devnet: TestDevnet;
  before(async () => (devnet = await TestDevnet.start()));
  after(() => devnet.close());

  const NOWHERE = "0xdead";

  it("devnet_applyStateDiff refuses what starknet-devnet refuses", async () => {
    const there = toHex(devnet.accounts[0]!.address);
    const class_hash = await devnet.rpc<string>("starknet_getClassHashAt", ["latest", there]);
    const storage_entries = [{ key: "0x1", value: "0x2" }];
    const nonce = { contract_address: there, nonce: "0x5" };
    for (const [code, state_diff] of [
      [20, { nonces: [nonce, { contract_address: NOWHERE, nonce: "0x1" }] }],
      [20, { nonces: [nonce], storage_diffs: [{ address: NOWHERE, storage_entries }] }],
      [20, { replaced_classes: [{ contract_address: NOWHERE, class_hash }] }],
      [-32602, { nonces: [nonce], deployed_contracts: [{ address: there, class_hash }] }],
      [-32602, { deployed_contracts: [{ address: "0x0", class_hash }] }],
      [28, { deployed_contracts: [{ address: NOWHERE, class_hash: "0x77" }] }],
    ] as const) {
      const failure = await devnet.failure("devnet_applyStateDiff", { state_diff });
      expect(failure.code, JSON.stringify(state_diff)).to.equal(code);
      expect(await devnet.blockNumber()).to.equal(0);
      expect(await devnet.rpc("starknet_getNonce", ["pre_confirmed", there])).to.equal("0x0");
    }
    await devnet.rpc("devnet_applyStateDiff", {
      state_diff: {
        deployed_contracts: [{ address: NOWHERE, class_hash }],
        nonces: [{ contract_address: NOWHERE, nonce: "0x5" }],
        storage_diffs: [{ address: NOWHERE, storage_entries }],
      },
    });
    expect(await devnet.rpc("starknet_getNonce", ["latest", NOWHERE])).to.equal("0x5");
    expect(await devnet.rpc("starknet_getStorageAt", [NOWHERE, "0x1", "latest"])).to.equal("0x2");
  });

  it("devnet_abortBlocks names blocks that are not there", async () => {
    const before = await devnet.blockNumber();
    const { code } = await devnet.failure("devnet_abortBlocks", {
      starting_block_id: { block_number: 99 },
    });
    expect(code).to.equal(24);
    expect(await devnet.blockNumber()).to.equal(before);
  });
});
