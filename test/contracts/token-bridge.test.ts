/** The example pair: the Solidity bridge on a core contract, the Cairo one in the VM, each fed with what the other sent. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Contract, ContractTransactionReceipt } from "ethers";
import type { Felt } from "../../src/field/felt.ts";
import type { TransactionExecution } from "../../src/starknet/execution/transaction.ts";
import { transactionHash, type Unhashed } from "../../src/starknet/transaction-hash.ts";
import type { L1HandlerTransaction } from "../../src/starknet/transaction.ts";
import { callOf, loadClass, TestChain } from "../starknet/execution/support/chain.ts";
import { CoreFixture, deploy } from "./support/core.ts";

const L2_BRIDGE = 0xb21d6en;
const u256 = (value: bigint): Felt[] => [value & ((1n << 128n) - 1n), value >> 128n];
const readArtifact = (kind: string): unknown =>
  JSON.parse(
    readFileSync(
      new URL(`../../contracts/cairo/artifacts/bridge.${kind}.json`, import.meta.url),
      "utf8",
    ),
  );

describe("TokenBridge and its Cairo side", () => {
  const bridgeClass = loadClass(readArtifact("sierra"), readArtifact("casm"));
  let l1: CoreFixture;
  let l2: TestChain;
  let bridge: Contract;
  let user: string;

  beforeEach(async () => {
    l1 = await CoreFixture.create();
    user = await l1.user.getAddress();
    bridge = await deploy("TokenBridge", l1.operator, l1.core);
    await bridge.getFunction("setL2Bridge")(L2_BRIDGE);
    l2 = new TestChain();
    l2.declare(bridgeClass);
    l2.deploy(L2_BRIDGE, bridgeClass.classHash, [BigInt(await bridge.getAddress())]);
  });
  afterEach(() => l1.close());

  const read = (name: string, ...calldata: Felt[]): bigint => {
    const [low, high] = l2.run(callOf(L2_BRIDGE, name, calldata)).result;
    return low! + (high! << 128n);
  };

  /** Runs the L1 handler of what an L1 transaction sent, changed by `change`. */
  async function handle(
    receipt: ContractTransactionReceipt,
    change: (calldata: readonly Felt[]) => readonly Felt[] = (calldata) => calldata,
  ): Promise<TransactionExecution> {
    const [event] = await l1.core.queryFilter("LogMessageToL2", receipt.blockNumber);
    const log = l1.core.interface.parseLog(event!)!;
    const { fromAddress, toAddress, selector, nonce, fee } = log.args;
    const payload = [...(log.args["payload"] as bigint[])];
    const unhashed: Unhashed<L1HandlerTransaction> = {
      type: "L1_HANDLER",
      version: 0n,
      nonce: nonce as bigint,
      contractAddress: toAddress as bigint,
      entryPointSelector: selector as bigint,
      calldata: change([BigInt(fromAddress as string), ...payload]),
      paidFeeOnL1: fee as bigint,
    };
    const hash = transactionHash(unhashed, l2.env.chainId);
    return l2.execute({ ...unhashed, hash });
  }

  async function deposit(amount: bigint): Promise<ContractTransactionReceipt> {
    const asUser = bridge.connect(l1.user) as Contract;
    const sent = await asUser.getFunction("deposit")(l2.account, amount, { value: amount + 7n });
    return sent.wait();
  }

  it("mints what was deposited, and pays what was burnt", async () => {
    const amount = (1n << 130n) / 10n ** 20n;
    const { receipt } = await handle(await deposit(amount));
    expect(receipt.revertReason).to.equal(undefined);
    expect(read("balance_of", l2.account)).to.equal(amount);

    const back = amount / 3n;
    const burnt = l2.run(callOf(L2_BRIDGE, "withdraw", [BigInt(user), ...u256(back)]));
    expect(read("balance_of", l2.account)).to.equal(amount - back);
    expect(read("total_supply")).to.equal(amount - back);

    await l1.settle({ messagesToL1: burnt.receipt.messages });
    const before = await l1.provider.getBalance(user);
    await (await bridge.getFunction("withdraw")(user, back)).wait();
    expect((await l1.provider.getBalance(user)) - before).to.equal(back);
    expect(await l1.provider.getBalance(bridge)).to.equal(amount - back);
  });

  it("carries amounts of more than 128 bits the same way in both languages", async () => {
    const amount = (5n << 128n) + 9n;
    const rich = `0x${(amount + 10n ** 20n).toString(16)}`;
    await l1.provider.send("hardhat_setBalance", [user, rich]);
    await handle(await deposit(amount));
    expect(read("balance_of", l2.account)).to.equal(amount);
    const burnt = l2.run(callOf(L2_BRIDGE, "withdraw", [BigInt(user), ...u256(amount)]));
    await l1.settle({ messagesToL1: burnt.receipt.messages });
    await (await bridge.getFunction("withdraw")(user, amount)).wait();
    expect(await l1.provider.getBalance(bridge)).to.equal(0n);
  });

  it("does not mint for another contract of L1", async () => {
    const { receipt } = await handle(await deposit(5n), ([, ...payload]) => [0x666n, ...payload]);
    expect(receipt.revertReason).to.include("ONLY_L1_BRIDGE");
    expect(read("total_supply")).to.equal(0n);
  });

  it("does not burn more than there is, nor for nobody", async () => {
    await handle(await deposit(5n));
    const withdraw = (to: bigint, amount: bigint): string | undefined =>
      l2.execute(l2.invoke([callOf(L2_BRIDGE, "withdraw", [to, ...u256(amount)])])).receipt
        .revertReason;
    expect(withdraw(BigInt(user), 6n)).to.include("INSUFFICIENT_BALANCE");
    expect(withdraw(0n, 1n)).to.include("INVALID_L1_RECIPIENT");
    expect(read("total_supply")).to.equal(5n);
  });

  it("moves tokens between accounts of L2", async () => {
    await handle(await deposit(5n));
    const { receipt } = l2.run(callOf(L2_BRIDGE, "transfer", [0x77n, ...u256(2n)]));
    expect(receipt.events.filter(({ fromAddress }) => fromAddress === L2_BRIDGE)).to.have.length(1);
    expect(read("balance_of", 0x77n)).to.equal(2n);
    expect(read("balance_of", l2.account)).to.equal(3n);
    expect(read("total_supply")).to.equal(5n);
  });
});
