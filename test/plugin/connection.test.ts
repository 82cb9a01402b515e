/** `connection.starknet`, as tests of users have it: with starknet.js, ethers and fixtures. */
import { expect } from "chai";
import { configVariable } from "hardhat/config";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { readFileSync } from "node:fs";
import { Contract, type Account } from "starknet";
import starknetPlugin from "../../src/index.ts";
import { packageFile } from "../../src/util/package.ts";
import { failureOf } from "../support/layers.ts";

const json = (file: string) =>
  JSON.parse(readFileSync(packageFile(`contracts/cairo/artifacts/${file}`), "utf8"));

describe("connection.starknet", function () {
  this.timeout(120_000);
  let hre: HardhatRuntimeEnvironment;
  let connection: NetworkConnection;

  before(async () => {
    hre = await createHardhatRuntimeEnvironment({
      plugins: [toolbox, starknetPlugin],
      starknet: { settlement: "unproven", accounts: 2 },
    });
  });
  beforeEach(async () => {
    connection = await hre.network.create();
  });
  afterEach(() => connection.close());

  /** Sends a message to the first account's contract, which has no handler. */
  const sendToNobody = async (): Promise<{ hash: string }> => {
    const core = await connection.starknet.core();
    return core.getFunction("sendMessageToL2")(1n, 2n, [3n], { value: 1n });
  };

  async function deployBridge(account: Account): Promise<Contract> {
    const { deploy } = await account.declareAndDeploy({
      contract: json("bridge.sierra.json"),
      casm: json("bridge.casm.json"),
      constructorCalldata: ["0xb41d9e"],
    });
    return new Contract({
      abi: json("bridge.sierra.json").abi,
      address: deploy.contract_address,
      providerOrAccount: account,
    });
  }

  it("does nothing before it is used", async () => {
    expect(await connection.provider.request({ method: "eth_blockNumber" })).to.equal("0x0");
  });

  it("has the same chain as the connection: what the core contract takes, L2 executes", async () => {
    const [message] = await connection.starknet.waitForL2(await sendToNobody(), {
      allowFailure: true,
    });
    expect(message).to.include({ stage: "reverted", nonce: 0n, toAddress: "0x1" });
    expect(await failureOf(connection.starknet.waitForL2(await sendToNobody()))).to.include(
      "its handler reverted",
    );
    const [signer] = await connection.ethers.getSigners();
    const plain = await signer!.sendTransaction({ to: signer!.address });
    expect(await failureOf(connection.starknet.waitForL2(plain))).to.include("sent no message");
    const core = await connection.starknet.core();
    const { data } = await core.getFunction("sendMessageToL2").populateTransaction(1n, 2n, [3n]);
    const request = (method: string, ...params: unknown[]): Promise<unknown> =>
      connection.provider.request({ method, params });
    // Without a fee it reverts; a node that does not mine at once takes it all the same.
    await request("evm_setAutomine", false);
    const call = { from: signer!.address, to: core.target, data, gas: "0x186a0" };
    const hash = (await request("eth_sendTransaction", call)) as string;
    await request("evm_mine");
    await request("evm_setAutomine", true);
    expect(await failureOf(connection.starknet.waitForL2(hash))).to.include("reverted on L1");
  });

  it("gives accounts that declare, deploy and send messages, and settles them", async () => {
    const { starknet } = connection;
    const [account] = await starknet.accounts();
    await deployBridge(account!);
    const [first, ...rest] = await starknet.settle();
    expect(rest).to.deep.equal([]);
    const core = await starknet.core();
    expect(await core.getFunction("stateRoot")()).to.equal(first!.stateRoot);
    expect(await starknet.settle()).to.deep.equal([]);
    const { firstBlock, lastBlock, gasUsed, factTransactions } = first!;
    const bill = await starknet.gas({ first: firstBlock, last: lastBlock });
    expect(bill.gasUsed).to.equal(Number(gasUsed + factTransactions[0]!.gasUsed));
    expect(await starknet.gas(lastBlock)).to.include({ first: lastBlock, gasUsed: bill.gasUsed });
    const none = starknet.gas(lastBlock + 1);
    expect(await failureOf(none)).to.include(`block ${lastBlock + 1} is not on L1`);
  });

  it("mints, moves the clock and closes blocks", async () => {
    const { starknet } = connection;
    const provider = await starknet.provider();
    const before = await provider.getBlock("latest");
    await starknet.mint("0x1234", 5n);
    await starknet.increaseTime(1_000);
    const after = await provider.getBlock("latest");
    expect(after.timestamp - before.timestamp).to.be.at.least(1_000);
    expect(await starknet.createBlock()).to.equal(after.block_number + 1);
    expect((await starknet.status()).latestBlock).to.equal(after.block_number + 1);
  });

  it("goes back with a fixture's snapshot, on both layers", async () => {
    const { starknet, networkHelpers } = connection;
    async function deployed() {
      const [account] = await starknet.accounts();
      return { account: account!, bridge: await deployBridge(account!) };
    }
    const numbers: number[] = [];
    for (let round = 0; round < 3; round++) {
      const { account, bridge } = await networkHelpers.loadFixture(deployed);
      const provider = await starknet.provider();
      numbers.push(await provider.getBlockNumber());
      const { transaction_hash } = await bridge.invoke("transfer", ["0x1", 0n]);
      await provider.waitForTransaction(transaction_hash);
      expect(await account.getNonce()).to.equal("0x3");
      await starknet.settle();
    }
    expect(new Set(numbers).size).to.equal(1);
  });

  it("ends where the chain goes back to before its start, and starts again", async () => {
    const { starknet, networkHelpers } = connection;
    const snapshot = await networkHelpers.takeSnapshot();
    const first = await starknet.url();
    await starknet.createBlock();
    await snapshot.restore();
    expect((await starknet.status()).latestBlock).to.equal(0);
    expect(await starknet.url()).to.not.equal(first);
  });

  it("goes on where L1 refuses to go back", async () => {
    const { starknet, networkHelpers, provider } = connection;
    const snapshot = await networkHelpers.takeSnapshot();
    await snapshot.restore();
    const number = await starknet.createBlock();
    const used = { method: "evm_revert", params: [snapshot.snapshotId] };
    expect(await provider.request(used)).to.equal(false);
    expect((await starknet.status()).latestBlock).to.equal(number);
  });

  it("has an L1 of its own, whatever contract and key the section names for another", async () => {
    const named = await createHardhatRuntimeEnvironment({
      plugins: [toolbox, starknetPlugin],
      starknet: {
        settlement: "unproven",
        ethUrl: "http://127.0.0.1:1",
        ethKey: `0x${"11".repeat(32)}`,
        core: "0x00000000000000000000000000000000000000aa",
      },
    });
    const other = await named.network.create();
    await other.starknet.createBlock();
    expect(await other.starknet.settle()).to.have.length(1);
    await other.close();
  });

  it("starts when it can, and L1 has its snapshots where it cannot", async () => {
    const variable = "HARDHAT_STARKNET_TEST_URL";
    const waiting = await createHardhatRuntimeEnvironment({
      plugins: [toolbox, starknetPlugin],
      starknet: { settlement: "unproven", ethUrl: configVariable(variable) },
    });
    const other = await waiting.network.create();
    expect(await failureOf(other.starknet.url())).to.include(variable);
    const snapshot = await other.networkHelpers.takeSnapshot();
    await snapshot.restore();
    process.env[variable] = "http://127.0.0.1:1";
    try {
      expect(await other.starknet.createBlock()).to.equal(1);
    } finally {
      Reflect.deleteProperty(process.env, variable);
      await other.close();
    }
  });

  it("is closed with the connection", async () => {
    const other = await hre.network.create();
    const url = await other.starknet.url();
    await other.close();
    expect(await failureOf(fetch(url))).to.not.equal("accepted");
    expect(await failureOf(other.starknet.url())).to.include("connection is closed");
  });

  it("refuses to settle where nothing settles, and says what to set", async () => {
    const plain = await createHardhatRuntimeEnvironment({
      plugins: [toolbox, starknetPlugin],
      starknet: { settlement: "none" },
    });
    const other = await plain.network.create();
    await other.starknet.createBlock();
    expect(await failureOf(other.starknet.settle())).to.include('settlement "proven"');
    await other.close();
  });
});
