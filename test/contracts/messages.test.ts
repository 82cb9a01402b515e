/** The life of messages both ways, and messages that were sent on public networks. */
import { expect } from "chai";
import type { TransactionReceipt } from "ethers";
import { shortString } from "../../src/field/short-string.ts";
import type { MessageToL1 } from "../../src/starknet/receipt.ts";
import {
  l1HandlerMessageHash,
  type MessageToL2,
  messageToL1Hash,
  messageToL2Hash,
  transactionHash,
} from "../../src/starknet/transaction-hash.ts";
import { toPaddedHex } from "../../src/util/hex.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";
import { CoreFixture } from "./support/core.ts";

const hash32 = (hash: bigint): string => toPaddedHex(hash, 32);
const ETHER = 10n ** 18n;
const DELAY = 5 * 24 * 60 * 60;
const STATE_SLOT = 0x71a8ef1b1265359d77973c3524afac225c0a0d829a0d4da5cac3b34532019fecn;
const NONCE_SLOT = STATE_SLOT + 9n;

interface Log {
  readonly topics: readonly string[];
  readonly data: string;
}

describe("messages through the core contract", () => {
  let l1: CoreFixture;

  beforeEach(async () => {
    l1 = await CoreFixture.create();
  });
  afterEach(() => l1.close());

  const call = (name: string, ...args: unknown[]): Promise<unknown> =>
    l1.core.getFunction(name).staticCall(...args);
  const asUser = async (name: string, ...args: unknown[]): Promise<TransactionReceipt> => {
    const sent = await (l1.core.connect(l1.user) as typeof l1.core).getFunction(name)(...args);
    return sent.wait();
  };
  const events = ({ logs }: { logs: readonly Log[] }): string[] =>
    logs.map((log) => l1.core.interface.parseLog(log)!.name);

  const refused = async (attempt: Promise<unknown>, reason: string): Promise<void> => {
    const message = await attempt.then(
      () => "accepted",
      (error: Error) => error.message,
    );
    expect(message).to.include(reason);
  };

  const send = async (fee: bigint): Promise<MessageToL2> => {
    const { logs } = await asUser("sendMessageToL2", 0x777n, 0x5e1n, [1n, 2n], { value: fee });
    const { args } = l1.core.interface.parseLog(logs[0]!)!;
    return {
      fromAddress: BigInt(args["fromAddress"]),
      toAddress: args["toAddress"],
      nonce: args["nonce"],
      selector: args["selector"],
      payload: [...args["payload"]],
    };
  };

  it("go to L2: pending with their fee, consumed by an update that pays its operator", async () => {
    const first = await send(ETHER);
    const second = await send(1n);
    expect([first.nonce, second.nonce]).to.deep.equal([0n, 1n]);
    expect(await call("l1ToL2Messages", hash32(messageToL2Hash(first)))).to.equal(ETHER + 1n);
    const { hash, blockNumber } = await l1.settle({ messagesToL2: [first] });
    const receipt = (await l1.provider.getTransactionReceipt(hash))!;
    expect(events(receipt)).to.deep.equal([
      "LogStateTransitionFact",
      "ConsumedMessageToL2",
      "LogStateUpdate",
      "LogStateUpdateData",
    ]);
    const balance = (block: number): Promise<bigint> => l1.provider.getBalance(l1.operator, block);
    expect((await balance(blockNumber)) - (await balance(blockNumber - 1))).to.equal(
      ETHER - receipt.fee,
    );
    expect(await l1.provider.getBalance(l1.core)).to.equal(1n);
    expect(await call("l1ToL2Messages", hash32(messageToL2Hash(first)))).to.equal(0n);
    expect(await call("l1ToL2Messages", hash32(messageToL2Hash(second)))).to.equal(2n);
    await refused(l1.settle({ messagesToL2: [first] }), "INVALID_MESSAGE_TO_CONSUME");
    const forged = { ...second, payload: [1n, 3n] };
    await refused(l1.settle({ messagesToL2: [forged] }), "INVALID_MESSAGE_TO_CONSUME");
    await l1.settle({ messagesToL2: [second] });
  });

  it("go to L1: consumable by their receiver, after their block has settled, once", async () => {
    const message: MessageToL1 = {
      fromAddress: 0x777n,
      toAddress: BigInt(await l1.user.getAddress()),
      payload: [0n, 42n],
    };
    const consume = (): Promise<TransactionReceipt> =>
      asUser("consumeMessageFromL2", message.fromAddress, message.payload);
    await refused(consume(), "INVALID_MESSAGE_TO_CONSUME");
    await l1.settle({ messagesToL1: [message] });
    expect(await call("l2ToL1Messages", hash32(messageToL1Hash(message)))).to.equal(1n);
    await refused(
      call("consumeMessageFromL2", message.fromAddress, message.payload),
      "INVALID_MESSAGE_TO_CONSUME",
    );
    expect(events(await consume())).to.deep.equal(["ConsumedMessageToL1"]);
    await refused(consume(), "INVALID_MESSAGE_TO_CONSUME");
  });

  it("to L2 that are cancelled in time are never consumed", async () => {
    const message = await send(5n);
    const args = [message.toAddress, message.selector, message.payload, message.nonce];
    await refused(asUser("cancelL1ToL2Message", ...args), "MESSAGE_CANCELLATION_NOT_REQUESTED");
    expect(events(await asUser("startL1ToL2MessageCancellation", ...args))).to.deep.equal([
      "MessageToL2CancellationStarted",
    ]);
    await refused(asUser("cancelL1ToL2Message", ...args), "MESSAGE_CANCELLATION_NOT_ALLOWED_YET");
    await l1.provider.send("evm_increaseTime", [DELAY]);
    expect(events(await asUser("cancelL1ToL2Message", ...args))).to.deep.equal([
      "MessageToL2Canceled",
    ]);
    await refused(l1.settle({ messagesToL2: [message] }), "INVALID_MESSAGE_TO_CONSUME");
  });

  it("to L2 that are consumed before they are cancelled are not cancelled", async () => {
    const message = await send(5n);
    const args = [message.toAddress, message.selector, message.payload, message.nonce];
    await asUser("startL1ToL2MessageCancellation", ...args);
    await l1.provider.send("evm_increaseTime", [DELAY]);
    await l1.settle({ messagesToL2: [message] });
    await refused(asUser("cancelL1ToL2Message", ...args), "NO_MESSAGE_TO_CANCEL");
  });

  /** Sends as `from`, with the next nonce set to `nonce`. */
  const sendAs = async (message: MessageToL2, fee: bigint): Promise<Log> => {
    const from = toPaddedHex(message.fromAddress, 20);
    await l1.provider.send("hardhat_setBalance", [from, "0xde0b6b3a7640000"]);
    const slot = [await l1.core.getAddress(), hash32(NONCE_SLOT), hash32(message.nonce)];
    await l1.provider.send("hardhat_setStorageAt", slot);
    const signer = await l1.connection.ethers.getImpersonatedSigner(from);
    const sent = await (l1.core.connect(signer) as typeof l1.core).getFunction("sendMessageToL2")(
      ...[
        message.toAddress,
        message.selector,
        message.payload,
        { value: fee, gasPrice: 10n ** 10n },
      ],
    );
    return (await sent.wait()).logs[0];
  };

  describe("that others sent", () => {
    const hashes = "vectors/starknet/l1/message_hashes.json";
    const logged = "vectors/starknet/l1/log_message_to_l2.json";

    interface Published {
      readonly chain_id: string;
      readonly from_l1: string;
      readonly to_l2: string;
      readonly selector: string;
      readonly nonce: string;
      readonly payload: readonly string[];
      readonly expected_message_hash: string;
      readonly expected_l1_handler_tx_hash: string;
    }

    before(function () {
      requireShared(this, hashes);
      requireShared(this, logged);
    });

    it("to L2 have the published hashes, on L1 and as transactions of L2", async () => {
      const { l1_to_l2 } = readSharedJson<{ l1_to_l2: Published[] }>(hashes);
      expect(l1_to_l2).to.have.lengthOf(3);
      for (const published of l1_to_l2) {
        const message: MessageToL2 = {
          fromAddress: BigInt(published.from_l1),
          toAddress: BigInt(published.to_l2),
          nonce: BigInt(published.nonce),
          selector: BigInt(published.selector),
          payload: published.payload.map(BigInt),
        };
        const expected = BigInt(published.expected_message_hash);
        await sendAs(message, 1n);
        expect(await call("l1ToL2Messages", hash32(expected))).to.equal(2n);
        expect(messageToL2Hash(message)).to.equal(expected);
        const handler = {
          type: "L1_HANDLER",
          version: 0n,
          nonce: message.nonce,
          contractAddress: message.toAddress,
          entryPointSelector: message.selector,
          calldata: [message.fromAddress, ...message.payload],
          paidFeeOnL1: 1n,
        } as const;
        expect(transactionHash(handler, shortString(published.chain_id))).to.equal(
          BigInt(published.expected_l1_handler_tx_hash),
        );
        expect(l1HandlerMessageHash(handler)).to.equal(expected);
        await l1.settle({ messagesToL2: [message] });
        expect(await call("l1ToL2Messages", hash32(expected))).to.equal(0n);
      }
    });

    it("to L1 have the published hashes", async () => {
      const { l2_to_l1 } = readSharedJson<{
        l2_to_l1: {
          from_l2: string;
          to_l1: string;
          payload: string[];
          expected_message_hash: string;
        }[];
      }>(hashes);
      expect(l2_to_l1).to.have.lengthOf(2);
      for (const { from_l2, to_l1, payload, expected_message_hash } of l2_to_l1) {
        const message: MessageToL1 = {
          fromAddress: BigInt(from_l2),
          toAddress: BigInt(to_l1),
          payload: payload.map(BigInt),
        };
        expect(messageToL1Hash(message)).to.equal(BigInt(expected_message_hash));
        expect(await call("l2ToL1MsgHash", from_l2, to_l1, message.payload)).to.equal(
          expected_message_hash,
        );
        await l1.settle({ messagesToL1: [message] });
        expect(await call("l2ToL1Messages", expected_message_hash)).to.equal(1n);
      }
    });

    it("to L2 on mainnet leave the same log", async () => {
      const {
        log,
        fee,
        expected_l1_handler_transaction: handler,
      } = readSharedJson<{
        log: Log;
        fee: string;
        expected_l1_handler_transaction: {
          contract_address: string;
          entry_point_selector: string;
          nonce: string;
          calldata: string[];
        };
      }>(logged);
      const [fromAddress, ...payload] = handler.calldata.map(BigInt);
      const message: MessageToL2 = {
        fromAddress: fromAddress!,
        toAddress: BigInt(handler.contract_address),
        nonce: BigInt(handler.nonce),
        selector: BigInt(handler.entry_point_selector),
        payload,
      };
      const { topics, data } = await sendAs(message, BigInt(fee));
      expect(topics).to.deep.equal(log.topics);
      expect(data).to.equal(log.data);
    });
  });
});
