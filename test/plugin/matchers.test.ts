/** The matchers on a real L1 with a real L2: each passes, fails, and does both negated. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Contract, Signer } from "ethers";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import {
  Account,
  type CairoAssembly,
  type Call,
  CallData,
  type CompiledSierra,
  RpcProvider,
  type SuccessfulTransactionReceiptResponse,
  logger,
} from "starknet";
import { type Devnet, startDevnet } from "../../src/devnet/devnet.ts";
import { silentLog } from "../../src/devnet/log.ts";
import { readOptions } from "../../src/devnet/options.ts";
import { selector } from "../../src/hash/keccak.ts";
import { contractInterface } from "../../src/l1/artifacts.ts";
import { connectionAccess } from "../../src/plugin/l1.ts";
import { toHex } from "../../src/util/hex.ts";
import { deploy } from "../contracts/support/core.ts";

const readArtifact = <T>(kind: string): T =>
  JSON.parse(
    readFileSync(
      new URL(`../../contracts/cairo/artifacts/bridge.${kind}.json`, import.meta.url),
      "utf8",
    ),
  ) as T;

/** What an assertion that must fail says. */
async function failure(assert: () => unknown): Promise<string> {
  try {
    await assert();
  } catch (error) {
    expect((error as Error).name).to.equal("AssertionError");
    expect((error as Error).stack, "a stack that leads to the test").to.include("matchers.test.ts");
    return (error as Error).message;
  }
  throw new Error("the assertion passed");
}

async function misuse(assert: () => unknown): Promise<string> {
  try {
    await assert();
  } catch (error) {
    expect(error).to.be.instanceOf(TypeError);
    return (error as Error).message;
  }
  throw new Error("the assertion passed");
}

describe("matchers for messages", function () {
  this.timeout(120_000);
  let connection: NetworkConnection;
  let devnet: Devnet;
  let provider: RpcProvider;
  let account: Account;
  let user: Signer;
  let core: Contract;
  let bridge: Contract;
  let l2Bridge: string;

  before(async () => {
    logger.setLogLevel("ERROR");
    connection = await hre.network.create();
    const { options } = readOptions({
      port: 0,
      seed: 1,
      accounts: 1,
      settlement: "unproven",
      settleOn: "demand",
    });
    devnet = await startDevnet(options, silentLog, connectionAccess(connection, "in process"));
    provider = new RpcProvider({ nodeUrl: devnet.url });
    const { address, privateKey } = devnet.accounts[0]!;
    account = new Account({ provider, address: toHex(address), signer: toHex(privateKey) });
    user = (await connection.ethers.getSigners())[0]!;
    core = await connection.ethers.getContractAt(
      [...contractInterface("StarknetCore").fragments],
      devnet.l1!.layer.core.address,
      user,
    );
    bridge = await deploy("TokenBridge", user, core);
    const { deploy: deployed } = await account.declareAndDeploy({
      contract: readArtifact<CompiledSierra>("sierra"),
      casm: readArtifact<CairoAssembly>("casm"),
      constructorCalldata: [await bridge.getAddress()],
    });
    l2Bridge = deployed.contract_address;
    await bridge.getFunction("setL2Bridge")(l2Bridge);
  });

  after(async () => {
    await devnet?.close();
    await connection?.close();
  });

  const deposit = (to: string, amount: bigint) =>
    bridge.getFunction("deposit")(to, amount, { value: amount + 3n });

  const withdrawal = (to: string, amount: bigint): Call => ({
    contractAddress: l2Bridge,
    entrypoint: "withdraw",
    calldata: CallData.compile({ to, amount: { low: amount, high: 0 } }),
  });

  const send = async (...calls: Call[]): Promise<SuccessfulTransactionReceiptResponse> => {
    const { transaction_hash } = await account.execute(calls);
    const receipt = await provider.waitForTransaction(transaction_hash, { retryInterval: 20 });
    if (!receipt.isSuccess()) throw new Error(`not executed: ${JSON.stringify(receipt)}`);
    return receipt;
  };

  describe("sendMessageToL2", () => {
    it("passes for what was sent, from all forms of a transaction", async () => {
      const sending = deposit("0x7", 5n);
      await expect(sending).to.sendMessageToL2(core);
      const response = await sending;
      const receipt = await response.wait();
      const message = {
        from: bridge,
        to: { address: l2Bridge },
        selector: "handle_deposit",
        payload: [7, "0x5", 0n],
        fee: 3,
      };
      for (const subject of [response, receipt, response.hash])
        await expect(subject).to.sendMessageToL2(core, message);
      await expect(response).to.sendMessageToL2(core, { selector: selector("handle_deposit") });
      await expect(response).to.sendMessageToL2(core, {}).and.to.emit(bridge, "Deposit");
      await expect(response).to.emit(bridge, "Deposit").and.to.sendMessageToL2(core, message);
    });

    it("fails with the messages that were there and what differs in them", async () => {
      const sent = await deposit("0x7", 5n);
      const message = await failure(() =>
        expect(sent).to.sendMessageToL2(core, { selector: "handle_deposit", payload: [7, 6, 0] }),
      );
      const from = (await bridge.getAddress()).toLowerCase();
      expect(message.split("\n").map((line) => line.replace(/nonce \d+/, "nonce N"))).to.deep.equal(
        [
          `expected transaction ${sent.hash} to send a message to L2 with ` +
            "selector handle_deposit, payload [0x7, 0x6, 0x0]; there was:",
          `  1. from ${from}, to ${toHex(BigInt(l2Bridge))}, selector handle_deposit, ` +
            "payload [0x7, 0x5, 0x0], nonce N, fee 3",
          "     differs in payload[1]",
        ],
      );
      const short = await failure(() =>
        expect(sent).to.sendMessageToL2(core, { to: 1, payload: [7] }),
      );
      expect(short).to.include("differs in to, the length of payload (3, not 1)");
    });

    it("fails where nothing was sent, and where another contract says so", async () => {
      const sent = await user.sendTransaction({ to: await user.getAddress() });
      expect(await failure(() => expect(sent).to.sendMessageToL2(core))).to.equal(
        `expected transaction ${sent.hash} to send a message to L2; there was none`,
      );
      const other = core.attach(await bridge.getAddress()) as Contract;
      const elsewhere = await deposit("0x7", 5n);
      expect(await failure(() => expect(elsewhere).to.sendMessageToL2(other))).to.include("none");
    });

    it("negated, passes for other messages and fails with the one that fits", async () => {
      const sent = await deposit("0x7", 5n);
      await expect(sent).to.not.sendMessageToL2(core, { to: 1 });
      const message = await failure(() => expect(sent).not.to.sendMessageToL2(core, { fee: 3 }));
      expect(message).to.match(/ not to send a message to L2 with fee 3; there was:\n {2}1\. from/);
      expect(message).not.to.include("differs");
    });

    it("passes on why a transaction could not be sent", async () => {
      const refused = bridge.getFunction("deposit")(0, 1n, { value: 2n });
      const error = await Promise.resolve(expect(refused).to.sendMessageToL2(core)).then(
        () => undefined,
        (reason: unknown) => reason as Error,
      );
      expect(error?.message).to.include("InvalidL2Address");
    });

    it("says what it cannot take", async () => {
      const sent = await deposit("0x7", 5n);
      expect(
        await misuse(() => expect(sent).to.sendMessageToL2(core, { recipient: 1 } as object)),
      ).to.equal(
        'a message has no field "recipient"; its fields are from, to, selector, payload, nonce, fee',
      );
      expect(await misuse(() => expect(sent).to.sendMessageToL2(core, { to: "alice" }))).to.include(
        '"to" expected a number of at least 0, an address, or something that has one; got "alice"',
      );
      expect(
        await misuse(() => expect(sent).to.sendMessageToL2(core, { payload: [1, -1] })),
      ).to.include('"payload[1]"');
      expect(await misuse(() => expect(5).to.sendMessageToL2(core))).to.include("its hash");
      expect(await misuse(() => expect("0x5").to.sendMessageToL2(core))).to.include("its hash");
      const unknown = `0x${"5".repeat(64)}`;
      expect(await misuse(() => expect(unknown).to.sendMessageToL2(core))).to.equal(
        `L1 has no transaction ${unknown}`,
      );
      const unconnected = core.connect(null) as Contract;
      expect(await misuse(() => expect(sent).to.sendMessageToL2(unconnected))).to.include(
        "starknet.core()",
      );
    });
  });

  describe("messages of L2", () => {
    let recipient: string;
    let receipt: SuccessfulTransactionReceiptResponse;

    before(async () => {
      recipient = toHex(
        BigInt(await connection.ethers.getSigners().then((all) => all[1]!.address)),
      );
      await deposit(account.address, 100n);
      await devnet.l1!.control.flush(false);
      receipt = await send(withdrawal(recipient, 20n), withdrawal(recipient, 30n));
    });

    it("sendMessageToL1 passes for each message, at once or awaited", async () => {
      expect(receipt).to.sendMessageToL1();
      expect(receipt).to.sendMessageToL1({ to: bridge, payload: [recipient, 20, 0] });
      expect(receipt)
        .to.sendMessageToL1({ payload: [recipient, 20, 0] })
        .and.to.sendMessageToL1({ from: l2Bridge, payload: [recipient, 30, 0] });
      await expect(receipt).to.sendMessageToL1({ from: l2Bridge });
      await expect(Promise.resolve(receipt)).to.sendMessageToL1({ to: bridge });
    });

    it("sendMessageToL1 fails with all messages, and negated with those that fit", async () => {
      const message = await failure(() => expect(receipt).to.sendMessageToL1({ to: 0x1234 }));
      expect(message.split("\n").slice(0, 1)).to.deep.equal([
        `expected transaction ${receipt.transaction_hash} to send a message to L1 with ` +
          `to 0x${"1234".padStart(40, "0")}; there was:`,
      ]);
      expect(message).to.match(
        /1\. .*\[0x\w+, 0x14, 0x0\]\n {5}differs in to\n {2}2\. .*0x1e, 0x0/,
      );
      expect(receipt).to.not.sendMessageToL1({ to: 0x1234 });
      const negated = await failure(() =>
        expect(receipt).not.to.sendMessageToL1({ payload: [recipient, 30, 0] }),
      );
      // As a word of a payload: hashes may begin so.
      expect(negated).to.include(", 0x1e,").and.not.include(", 0x14,");
      expect(
        await failure(() => expect(Promise.resolve(receipt)).not.to.sendMessageToL1()),
      ).to.include("not to send a message to L1; there was:");
      expect(await misuse(() => expect({ hash: "0x1" }).to.sendMessageToL1())).to.include(
        "waitForTransaction",
      );
      expect(
        await misuse(() => expect(receipt).to.sendMessageToL1({ fee: 1 } as object)),
      ).to.include("its fields are from, to, payload");
    });

    it("acceptedOnL1 fails before settlement and passes after, negated the other way", async () => {
      const hash = receipt.transaction_hash;
      await expect(receipt).to.not.be.acceptedOnL1(provider);
      expect(await failure(() => expect(hash).to.be.acceptedOnL1(provider))).to.equal(
        `expected transaction ${hash} to be accepted on L1; its finality is ACCEPTED_ON_L2`,
      );
      await devnet.l1!.layer.settle();
      await expect(receipt).to.be.acceptedOnL1(provider);
      await expect(hash).to.be.acceptedOnL1(provider);
      await expect(Promise.resolve({ transaction_hash: hash })).to.be.acceptedOnL1(provider);
      expect(await failure(() => expect(hash).to.not.be.acceptedOnL1(provider))).to.equal(
        `expected transaction ${hash} not to be accepted on L1; it is`,
      );
      expect(await misuse(() => expect(7).to.be.acceptedOnL1(provider))).to.include("its hash");
    });

    it("consumeMessageFromL2 passes for what was consumed, and fails with it", async () => {
      const consumed = await bridge.getFunction("withdraw")(recipient, 20n);
      const message = { from: l2Bridge, to: bridge, payload: [recipient, 20, 0] };
      await expect(consumed).to.consumeMessageFromL2(core, message);
      await expect(consumed).to.not.consumeMessageFromL2(core, { ...message, from: 5 });
      await expect(consumed).to.not.sendMessageToL2(core);
      const missing = await failure(() =>
        expect(consumed).to.consumeMessageFromL2(core, { payload: [recipient, 30, 0] }),
      );
      expect(missing).to.include("to consume a message from L2 with payload");
      expect(missing).to.include("differs in payload[1]");
      const negated = await failure(() => expect(consumed).not.to.consumeMessageFromL2(core));
      expect(negated).to.include("not to consume a message from L2; there was:");
      const other = await deposit("0x7", 1n);
      expect(await failure(() => expect(other).to.consumeMessageFromL2(core))).to.include("none");
    });
  });
});
