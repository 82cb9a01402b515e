/** Answers that no Ethereum node gives: gateways, proxies and broken nodes do. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { CoreContract } from "../../src/l1/core-contract.ts";
import { Ethereum } from "../../src/l1/ethereum.ts";
import { httpTransport, L1RequestError, L1UnavailableError } from "../../src/l1/transport.ts";

const ADDRESS = `0x${"11".repeat(20)}`;
const WORD = `0x${"22".repeat(32)}`;
const BLOCK = { number: "0x1", hash: WORD, timestamp: "0x2", baseFeePerGas: "0x3" };
const LOG = {
  address: ADDRESS,
  topics: [WORD],
  data: "0x",
  blockNumber: "0x1",
  blockHash: WORD,
  transactionHash: WORD,
  logIndex: "0x0",
};
const RECEIPT = { blockNumber: "0x1", status: "0x1", gasUsed: "0x5208" };

const without = (object: object, name: string): object => ({ ...object, [name]: undefined });
const answering = (answer: unknown): Ethereum =>
  new Ethereum({ request: async () => structuredClone(answer) });

describe("answers of L1", () => {
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      (value) => `answered ${String(value)}`,
      (error: unknown) => error,
    );

  const wrong: readonly [string, (ethereum: Ethereum) => Promise<unknown>, readonly unknown[]][] = [
    ["eth_chainId", (ethereum) => ethereum.chainId(), [null, undefined, {}, "mainnet", 1]],
    [
      "eth_getBlockByNumber",
      (ethereum) => ethereum.head(),
      [
        null,
        undefined,
        "<html>",
        [],
        ...Object.keys(BLOCK)
          .filter((name) => name !== "baseFeePerGas")
          .map((name) => without(BLOCK, name)),
        { ...BLOCK, number: "12" },
        { ...BLOCK, hash: "0x" },
      ],
    ],
    [
      "eth_getLogs",
      (ethereum) => ethereum.logs(ADDRESS, 0, 1),
      [
        null,
        {},
        [null],
        ...Object.keys(LOG).map((name) => [without(LOG, name)]),
        [{ ...LOG, topics: "0x" }],
        [{ ...LOG, blockHash: null }], // of the pending block
      ],
    ],
    ["eth_call", (ethereum) => ethereum.call(ADDRESS, "0x"), [null, 1, "revert"]],
    ["eth_getCode", (ethereum) => ethereum.code(ADDRESS), [null, []]],
    ["eth_getBalance", (ethereum) => ethereum.balance(ADDRESS), [null, "", "0x"]],
    ["eth_getTransactionCount", (ethereum) => ethereum.nonce(ADDRESS), [null, "many"]],
    [
      "eth_getTransactionReceipt",
      (ethereum) => ethereum.receipt(WORD),
      [undefined, "0x", without(RECEIPT, "gasUsed"), without(RECEIPT, "blockNumber")],
    ],
  ];
  for (const [method, ask, answers] of wrong)
    it(`to ${method} that cannot be are errors that name it`, async () => {
      for (const answer of answers) {
        const error = await failure(ask(answering(answer)));
        expect(error, JSON.stringify(answer)).to.be.instanceOf(L1UnavailableError);
        expect((error as Error).message).to.include(method);
        expect((error as Error).message.length).to.be.lessThan(300);
      }
    });

  it("that are right are taken", async () => {
    expect(await answering(BLOCK).head()).to.include({ number: 1, baseFeePerGas: 3n });
    expect(await answering(null).block(5)).to.equal(undefined);
    expect(await answering([LOG]).logs(ADDRESS, 0, 1)).to.have.length(1);
    expect(await answering(null).receipt(WORD)).to.equal(undefined);
    expect(await answering(RECEIPT).receipt(WORD)).to.include({
      succeeded: true,
      gasUsed: 21_000n,
    });
    expect(await answering({ ...RECEIPT, contractAddress: null }).receipt(WORD)).to.have.property(
      "contractAddress",
      undefined,
    );
  });

  it("of no contract say that the core contract is not there", async () => {
    const error = await failure(new CoreContract(answering("0x"), ADDRESS).state());
    expect(error).to.be.instanceOf(L1UnavailableError);
    expect((error as Error).message).to.include(`no core contract at ${ADDRESS}`);
  });

  it("that are errors without the usual form keep what they say", async () => {
    let answer = "";
    const server: Server = createServer((_, response) => response.end(answer));
    await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
    const transport = httpTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const ask = (): Promise<unknown> => failure(transport.request({ method: "eth_chainId" }));
    answer = JSON.stringify({ error: "too many requests" });
    expect(await ask()).to.be.instanceOf(L1RequestError);
    expect(((await ask()) as Error).message).to.include("too many requests");
    for (answer of ["{}", "[]", "null", "7", "<html>", '{"jsonrpc":"2.0"}'])
      expect(await ask(), answer).to.be.instanceOf(L1UnavailableError);
    server.close();
  });
});
