// Beside the README's tutorial: what has to be refused, by the real core contract.
import { expect } from "chai";
import casm from "hardhat-starknet/contracts/cairo/artifacts/bridge.casm.json" with { type: "json" };
import sierra from "hardhat-starknet/contracts/cairo/artifacts/bridge.sierra.json" with { type: "json" };
import { network } from "hardhat";
import { Contract } from "starknet";

const { ethers, networkHelpers, starknet } = await network.create();
const amount = 500n;
const value = amount + 1_000n;

/** A bridge with a deposit on L2, whose withdrawal is on its way to L1 in a block that has not settled. */
async function withdrawing() {
  const [alice, eve] = await starknet.accounts();
  const [, bob, mallory] = await ethers.getSigners();
  const core = await starknet.core();
  const bridge = await ethers.deployContract("TokenBridge", [core]);
  const { deploy } = await alice.declareAndDeploy({
    contract: sierra,
    casm,
    constructorCalldata: [bridge.target],
  });
  await bridge.setL2Bridge(deploy.contract_address);
  const token = (account) =>
    new Contract({
      abi: sierra.abi,
      address: deploy.contract_address,
      providerOrAccount: account,
    });
  await starknet.waitForL2(await bridge.deposit(alice.address, amount, { value }));
  const { transaction_hash } = await token(alice).withdraw(bob.address, amount);
  await (await starknet.provider()).waitForTransaction(transaction_hash);
  return { alice, eve, bob, mallory, core, bridge, token, l2Bridge: deploy.contract_address };
}

describe("the bridge refuses", () => {
  const refused = "INVALID_MESSAGE_TO_CONSUME";

  it("a withdrawal before settlement, and a second one after it", async () => {
    const { bob, bridge } = await networkHelpers.loadFixture(withdrawing);
    await expect(bridge.withdraw(bob.address, amount)).to.be.revertedWith(refused);
    await starknet.settle();
    await expect(bridge.withdraw(bob.address, amount)).to.changeEtherBalance(ethers, bob, amount);
    await expect(bridge.withdraw(bob.address, amount)).to.be.revertedWith(refused);
  });

  it("forged withdrawals: of another amount, to somebody else, by another contract", async () => {
    const { bob, mallory, bridge, core, l2Bridge } =
      await networkHelpers.loadFixture(withdrawing);
    await starknet.settle();
    await expect(bridge.withdraw(bob.address, amount + 1n)).to.be.revertedWith(refused);
    await expect(bridge.withdraw(mallory.address, amount)).to.be.revertedWith(refused);
    const stolen = core.connect(mallory).consumeMessageFromL2(l2Bridge, [bob.address, amount, 0n]);
    await expect(stolen).to.be.revertedWith(refused);
  });

  it("withdrawals on L2 of what nobody has", async () => {
    const { eve, bob, bridge, token } = await networkHelpers.loadFixture(withdrawing);
    let failure = "";
    await token(eve)
      .withdraw(bob.address, 1n)
      .catch((error) => (failure = error.message));
    expect(failure).to.include("INSUFFICIENT_BALANCE");
    await starknet.settle();
    await expect(bridge.withdraw(bob.address, 1n)).to.be.revertedWith(refused);
  });

  it("deposits that its own message did not bring", async () => {
    const { alice, mallory, core, l2Bridge, bridge } =
      await networkHelpers.loadFixture(withdrawing);
    const forged = core
      .connect(mallory)
      .sendMessageToL2(l2Bridge, await bridge.DEPOSIT_SELECTOR(), [alice.address, amount, 0n], {
        value: 1n,
      });
    const [message] = await starknet.waitForL2(await forged, { allowFailure: true });
    expect(message.stage).to.equal("reverted");
    expect(message.reason).to.include("ONLY_L1_BRIDGE");
  });

  it("a state update of somebody who is no operator", async () => {
    const { core, mallory } = await networkHelpers.loadFixture(withdrawing);
    const output = Array(12).fill(0n);
    await expect(
      core.connect(mallory).updateStateCalldataDA(output, [0n, 0n]),
    ).to.be.revertedWith("ONLY_OPERATOR");
  });
});
