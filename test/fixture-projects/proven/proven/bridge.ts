// A deposit, transfers and a withdrawal, each on L1 by a STARK proof only.
import { expect } from "chai";
import casm from "hardhat-starknet/contracts/cairo/artifacts/bridge.casm.json" with { type: "json" };
import sierra from "hardhat-starknet/contracts/cairo/artifacts/bridge.sierra.json" with { type: "json" };
import { network } from "hardhat";
import { Contract } from "starknet";

describe("the bridge, proven", () => {
  it("pays a withdrawal out after a proof that L1 has verified", async () => {
    const { ethers, starknet } = await network.create();
    const [alice, carol] = await starknet.accounts();
    const [, bob] = await ethers.getSigners();
    const core = await starknet.core();
    const bridge = await ethers.deployContract("TokenBridge", [core]);
    const { deploy } = await alice.declareAndDeploy({
      contract: sierra,
      casm,
      constructorCalldata: [bridge.target],
    });
    await bridge.setL2Bridge(deploy.contract_address);
    const token = new Contract({
      abi: sierra.abi,
      address: deploy.contract_address,
      providerOrAccount: alice,
    });
    await starknet.waitForL2(await bridge.deposit(alice.address, 500n, { value: 1_500n }));
    const provider = await starknet.provider();
    const transfer = await token.transfer(carol.address, 100n);
    await provider.waitForTransaction(transfer.transaction_hash);
    const { transaction_hash } = await token.withdraw(bob.address, 300n);
    await provider.waitForTransaction(transaction_hash);

    const withdraw = () => bridge.withdraw(bob.address, 300n);
    await expect(withdraw()).to.be.revertedWith("INVALID_MESSAGE_TO_CONSUME");
    const ranges = await starknet.settle();
    for (const { factTransactions } of ranges)
      expect(factTransactions.map(({ name }) => name)).to.deep.equal(["proveFact"]);
    const block = await provider.getBlock("l1_accepted");
    expect(await core.stateRoot()).to.equal(BigInt(block.new_root));
    await expect(transaction_hash).to.be.acceptedOnL1(provider);
    await expect(withdraw()).to.changeEtherBalance(ethers, bob, 300n);
    await expect(withdraw()).to.be.revertedWith("INVALID_MESSAGE_TO_CONSUME");
  });
});
