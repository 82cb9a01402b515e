/** An L1 that does not say what is: the node says so, and what it has stays what L1 has accepted. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { contractInterface } from "../../../src/l1/artifacts.ts";
import { Ethereum, type L1Log } from "../../../src/l1/ethereum.ts";
import { httpTransport, inProcessTransport, type Transport } from "../../../src/l1/transport.ts";
import { fetchUpdate } from "../../../src/node/l1/fetch-update.ts";
import { readUpdates, UPDATE_TOPICS } from "../../../src/node/l1/update-events.ts";
import { onchainDataHash, stateTransitionFact } from "../../../src/starknet/output/facts.ts";
import { toPaddedHex } from "../../../src/util/hex.ts";
import { failureOf, Layers } from "../../support/layers.ts";
import { expectSameStates, TestL1Node } from "./support/l1-node.ts";

type Answer = Record<string, unknown>;
/** Changes the answer to a request. */
type Lie = (method: string, answer: unknown, params: readonly unknown[]) => unknown;

const abi = contractInterface("StarknetCore");
const topicOf = (name: string): string => abi.getEvent(name)!.topicHash;

describe("an L1 node before an L1 that lies", function () {
  this.timeout(180_000);
  let layers: Layers;
  let node: TestL1Node;
  let lie: Lie | undefined;

  /** Says what L1 says, but for the lie of the moment. */
  const lying = ({ request }: Transport): Transport => ({
    async request(asked) {
      const answer: unknown = await request(asked);
      return lie === undefined
        ? answer
        : lie(asked.method, structuredClone(answer), asked.params ?? []);
    },
  });

  before(async () => {
    layers = await Layers.start();
    await layers.l2.send(0x1234n, 1n);
    await layers.layer.settle();
  });
  beforeEach(async () => {
    lie = undefined;
    node = await TestL1Node.start(layers, {}, lying);
    for (let i = 0; i < 2; i++) await settle();
  });
  afterEach(() => node.close());
  after(() => layers.close());

  const chain = () => layers.devnet.core.sequencer.chain;

  /** All that the node has is L1's; whether it is all that L1 has does not matter. */
  const expectTrue = (): void => {
    for (const { number, hash, root } of node.node.chain.ends) {
      const header = chain().header(number)!;
      expect([hash, root]).to.deep.equal([header.hash, header.stateRoot]);
    }
  };
  const settle = async (): Promise<void> => {
    await layers.l2.send(0x1234n, 1n);
    await layers.layer.settle();
  };
  /** There is something new on L1, and it is not told as it is; then it is. */
  const meets = async (told: Lie, reason: RegExp): Promise<void> => {
    if (node.node.chain.newest!.number === chain().latest().number) await settle();
    lie = told;
    await node.node.look();
    expect(node.problem).to.match(reason);
    expectTrue();
    lie = undefined;
    await node.node.look();
    expect(node.problem).to.equal(undefined);
    expectSameStates(node, chain());
  };

  const transactions =
    (change: (transaction: Answer) => unknown): Lie =>
    (method, answer) =>
      method === "eth_getTransactionByHash" ? change(answer as Answer) : answer;
  /** Of updates: other logs are not asked for. */
  const logs =
    (change: (logs: Answer[]) => unknown): Lie =>
    (method, answer) =>
      method === "eth_getLogs" ? change(answer as Answer[]) : answer;
  const topic = (log: Answer): string => (log["topics"] as string[])[0]!;

  for (const [what, place] of [
    ["in the state diff", -3],
    ["in the output", 400],
    ["in the selector", 4],
  ] as const)
    it(`a digit of the calldata is another one, ${what}`, () =>
      meets(
        transactions((transaction) => {
          const digits = [...(transaction["input"] as string)];
          const at = digits.length + place > digits.length ? place : digits.length + place;
          digits[at] = digits[at] === "1" ? "2" : "1";
          return { ...transaction, input: digits.join("") };
        }),
        /calldata .* does not have the words whose hash was proven/,
      ));

  it("the calldata ends too early, or is empty", async () => {
    for (const input of ["0x", "0x12345678"])
      await meets(
        transactions((transaction) => ({ ...transaction, input })),
        /does not have the words/,
      );
    await meets(
      transactions((transaction) => ({
        ...transaction,
        input: (transaction["input"] as string).slice(0, -64),
      })),
      /does not have the words/,
    );
  });

  it("the transaction is in another block, is another one, or is none", async () => {
    const change = (fields: Answer) =>
      transactions((transaction) => ({ ...transaction, ...fields }));
    await meets(
      change({ blockHash: `0x${"11".repeat(32)}` }),
      /one of another block than its logs/,
    );
    for (const told of [
      change({ blockHash: null }),
      change({ hash: `0x${"11".repeat(32)}` }),
      transactions(() => null),
    ])
      await meets(told, /another transaction|one of another block|not its transaction/);
  });

  it("a log is of another contract", () =>
    meets(
      logs((all) => all.map((log) => ({ ...log, address: `0x${"22".repeat(20)}` }))),
      /with a log of 0x2222.* where only updates of the core contract/,
    ));

  it("logs are in another order, or come twice", async () => {
    await meets(
      logs((all) => all.toReversed()),
      /not in the order|only a part/,
    );
    await meets(
      logs((all) => all.flatMap((log) => [log, log])),
      /not in the order|only a part/,
    );
  });

  for (const name of ["LogStateTransitionFact", "LogStateUpdate", "LogStateUpdateData"])
    it(`every ${name} is held back`, () =>
      meets(
        logs((all) => all.filter((log) => topic(log) !== topicOf(name))),
        /only a part of what/,
      ));

  it("an update in the middle is held back", () =>
    meets(
      logs((all) => all.slice(3)),
      /begins after block \d+ .* those before it end with block \d+ .* does not show all of them/,
    ));

  it("the newest update is held back, and the read block is not gone on from", () =>
    meets(
      logs((all) => all.slice(0, -3)),
      /core contract on L1 is at block .* does not show all/,
    ));

  it("all updates are held back, and the contract's state with them", async () => {
    const { number, hash, root } = node.node.chain.newest!;
    const state = [root, BigInt(number), hash].map((word) => toPaddedHex(word, 32));
    const names = ["stateRoot", "stateBlockNumber", "stateBlockHash"];
    const selectors = names.map((each) => abi.getFunction(each)!.selector);
    lie = (method, answer, [request]) => {
      if (method === "eth_getLogs") return [];
      const data = (request as { data?: string } | undefined)?.data ?? "";
      return method === "eth_call" ? (state[selectors.indexOf(data)] ?? answer) : answer;
    };
    await node.node.look();
    // It cannot know better; later it sees that something was missing, and looks again.
    expect(node.problem).to.equal(undefined);
    await settle();
    lie = undefined;
    await node.node.look();
    expect(node.problem).to.match(/does not show all of them/);
    await node.node.look();
    expect(node.problem).to.equal(undefined);
    expectSameStates(node, chain());
  });

  const changeLog = (name: string, change: (args: unknown[]) => void): Lie =>
    logs((all) =>
      all.map((log) => {
        if (topic(log) !== topicOf(name)) return log;
        const parsed = abi.parseLog(log as unknown as L1Log)!;
        const args: unknown[] = [...parsed.args];
        change(args);
        const { data, topics } = abi.encodeEventLog(name, args);
        return { ...log, data, topics };
      }),
    );
  const both =
    (a: Lie, b: Lie): Lie =>
    (method, answer, params) =>
      b(method, a(method, answer, params), params);

  it("logs tell another root, hash, number, fact or size", async () => {
    const root = both(
      changeLog("LogStateUpdate", (args) => (args[0] = 7n)),
      changeLog("LogStateUpdateData", (args) => (args[2] = 7n)),
    );
    for (const [told, reason] of [
      [root, /other blocks or another state than its logs/],
      [changeLog("LogStateUpdate", (args) => (args[2] = 7n)), /other blocks or another state/],
      [changeLog("LogStateUpdate", (args) => (args[0] = 7n)), /only a part/],
      [changeLog("LogStateUpdateData", (args) => (args[0] = 1n)), /other blocks or another state/],
      [changeLog("LogStateUpdateData", (args) => (args[1] = 99n)), /only a part/],
      [changeLog("LogStateUpdateData", (args) => (args[4] = 2n)), /does not have the words/],
      [changeLog("LogStateUpdateData", (args) => (args[5] = false)), /made by updateState/],
      [
        changeLog("LogStateTransitionFact", (args) => (args[0] = toPaddedHex(7n, 32))),
        /does not have the words/,
      ],
    ] as const)
      await meets(told, reason);
  });

  /** Calldata with another last word of the state diff, and the fact that it has. */
  const forged = (input: string): { input: string; fact: bigint } => {
    const call = abi.decodeFunctionData("updateStateCalldataDA", input);
    const main = [...(call["programOutput"] as Iterable<bigint>)];
    const diff = [...(call["stateDiff"] as Iterable<bigint>)];
    // The last two words are the value of the last storage update, and the number of classes.
    diff[diff.length - 2]! += 1n;
    const data = abi.encodeFunctionData("updateStateCalldataDA", [main, diff]);
    const fact = stateTransitionFact(main, onchainDataHash(diff, main.length), diff.length);
    return { input: data, fact };
  };

  it("another state diff comes with the fact that it has: it does not give the root", async () => {
    const ethereum = new Ethereum(inProcessTransport(layers.connection.provider));
    const facts = new Map<string, bigint>();
    const { core } = layers.layer.deployment;
    const { number: head } = await ethereum.head();
    for (const { transactionHash } of await ethereum.logs(core, 0, head, [UPDATE_TOPICS])) {
      const { input } = (await ethereum.transaction(transactionHash))!;
      facts.set(transactionHash, forged(input).fact);
    }
    await meets(
      both(
        transactions((transaction) => ({
          ...transaction,
          input: forged(transaction["input"] as string).input,
        })),
        logs((all) =>
          all.map((log) =>
            topic(log) === topicOf("LogStateTransitionFact")
              ? { ...log, data: toPaddedHex(facts.get(log["transactionHash"] as string)!, 32) }
              : log,
          ),
        ),
      ),
      /the state diff on L1 up to block \d+ gives the root 0x\w+, L1 has accepted 0x/,
    );
  });

  it("an update has no proof: the core contract's word is not enough where proofs are asked for", async () => {
    const ethereum = new Ethereum(inProcessTransport(layers.connection.provider));
    const { core, factRegistry } = layers.layer.deployment;
    const { number: head } = await ethereum.head();
    const [update] = readUpdates(await ethereum.logs(core, 0, head, [UPDATE_TOPICS]), core);
    const { configHash } = layers.layer;
    const attempt = (registry: string | undefined) =>
      failureOf(fetchUpdate(ethereum, update!, { configHash, registry }));
    expect(await attempt(undefined)).to.equal("accepted");
    expect(await attempt(factRegistry)).to.match(/no proof that the OS of this version/);
    const other = fetchUpdate(ethereum, update!, { configHash: 5n, registry: undefined });
    expect(await failureOf(other)).to.match(/update of another L2/);
  });

  it("answers are none at all", async () => {
    for (const nonsense of [null, undefined, 0, "0x", "0xzz", [], {}, [null], [{}], "x".repeat(99)])
      for (const method of [
        "eth_getBlockByNumber",
        "eth_getLogs",
        "eth_getTransactionByHash",
        "eth_call",
      ]) {
        lie = (asked, answer) => (asked === method ? nonsense : answer);
        await node.node.look();
        expectTrue();
        // An empty list is what an L1 without updates would say, and then the contract says otherwise.
        if (node.node.chain.newest!.number < chain().latest().number)
          expect(node.problem, `${method} ${JSON.stringify(nonsense)}`).to.be.a("string");
      }
    lie = undefined;
    await node.node.look();
    expect(node.problem).to.equal(undefined);
    expectSameStates(node, chain());
  });

  it("any digit of any answer may be another one", async () => {
    let seed = 1;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const spoil = (value: unknown): unknown => {
      if (typeof value === "string" && value.length > 2) {
        const at = 2 + random(value.length - 2);
        return value.slice(0, at) + random(16).toString(16) + value.slice(at + 1);
      }
      if (Array.isArray(value) && value.length > 0)
        return value.with(random(value.length), spoil(value[random(value.length)]));
      if (typeof value !== "object" || value === null) return value;
      const names = Object.keys(value);
      const name = names[random(names.length)]!;
      return { ...value, [name]: spoil((value as Answer)[name]) };
    };
    let problems = 0;
    for (let round = 0; round < 300; round++) {
      if (round % 50 === 0) await settle();
      lie = (_, answer) => (random(8) === 0 ? spoil(answer) : answer);
      await node.node.look();
      if (node.problem !== undefined) problems++;
      expectTrue();
    }
    expect(problems).to.be.greaterThan(30);
    lie = undefined;
    for (let i = 0; i < 2; i++) await node.node.look();
    expect(node.problem).to.equal(undefined);
    expectSameStates(node, chain());
  });

  it("an answer never ends", async () => {
    const server = createServer((_, response) => {
      const chunk = Buffer.alloc(1 << 20, " ");
      const write = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", write);
      write();
    });
    await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
    const { port } = server.address() as AddressInfo;
    const request = httpTransport(`http://127.0.0.1:${port}`).request({ method: "eth_chainId" });
    expect(await failureOf(request)).to.match(/answer is longer than 67108864 bytes/);
    server.closeAllConnections();
    server.close();
  });
});
