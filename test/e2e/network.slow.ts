/**
 * Everything as processes under a mixed load, with messages both ways, while each part is killed and started again, or
 * hangs, at random: in the end all agree, and nothing is lost or done twice. NETWORK_SECONDS sets the load's time (what
 * is sent in a minute takes two cores some four to prove), NETWORK_SEED the order of failures.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type Contract as L1Contract, ContractFactory, JsonRpcProvider } from "ethers";
import hre from "hardhat";
import { Contract } from "starknet";
import { readOptions } from "../../src/devnet/options.ts";
import { predeployedAccounts } from "../../src/devnet/genesis/genesis.ts";
import { contractInterface } from "../../src/l1/artifacts.ts";
import { packageFile } from "../../src/util/package.ts";
import { toHex } from "../../src/util/hex.ts";
import { Random } from "../os/support/random-blocks.ts";
import { requireRedis } from "../support/redis-server.ts";
import { BridgeClient, L2Client } from "./network/clients.ts";
import {
  ask,
  MODES,
  startNetwork,
  type Mode,
  type Network,
  type NodeAnswer,
  type SequencerAnswer,
} from "./network/network.ts";

const LOAD_MS = 1_000 * Number(process.env["NETWORK_SECONDS"] ?? 60);
const SEED = Number(process.env["NETWORK_SEED"] ?? 1);
/** A client sends, and waits that long: what is sent has to be proven. */
const PAUSE_MS = 20_000;
const RECIPIENT = "0x00000000000000000000000000000000000a11ce";
const SETTLE_MS = 1_800_000;

const json = (file: string) =>
  JSON.parse(readFileSync(packageFile(`contracts/cairo/artifacts/${file}`), "utf8"));

describe("a network of processes", function () {
  this.timeout(LOAD_MS + 2 * SETTLE_MS);
  // One test goes on from the one before.
  this.bail(true);
  let network: Network;
  let clients: L2Client[];
  let bridge: BridgeClient;

  before(async function () {
    requireRedis(this);
    await hre.tasks.getTask("build").run({ quiet: true });
    const { options } = readOptions({ accounts: 4 });
    network = await startNetwork(options.accounts);
    clients = predeployedAccounts({ ...options, seed: 0 }).map(
      ({ address, privateKey }) =>
        new L2Client(network.urls.sequencer, toHex(address), toHex(privateKey)),
    );
    bridge = await deployBridge();
  });
  after(() => network?.close());

  /** Both sides of the bridge, before anything fails. */
  async function deployBridge(): Promise<BridgeClient> {
    const l1 = new JsonRpcProvider(network.l1Url, undefined, { cacheTimeout: -1 });
    l1.pollingInterval = 200;
    const signer = await l1.getSigner(5);
    const { abi, bytecode } = await hre.artifacts.readArtifact("TokenBridge");
    const factory = new ContractFactory(abi, bytecode, signer);
    const l1Bridge = (await factory.deploy(network.core)) as L1Contract;
    await l1Bridge.waitForDeployment();
    const [client] = clients;
    const { deploy } = await client!.account.declareAndDeploy({
      contract: json("bridge.sierra.json"),
      casm: json("bridge.casm.json"),
      constructorCalldata: [await l1Bridge.getAddress()],
    });
    await (await l1Bridge.getFunction("setL2Bridge")(deploy.contract_address)).wait();
    const token = new Contract({
      abi: json("bridge.sierra.json").abi,
      address: deploy.contract_address,
      providerOrAccount: client!.account,
    });
    return new BridgeClient(l1Bridge, token, client!, RECIPIENT);
  }

  const sequencer = () => ask<SequencerAnswer>(network.urls.sequencer, "devnet_getL1Status");
  const node = (mode: Mode) => ask<NodeAnswer>(network.urls[mode], "node_getStatus");

  /** One failure after the other, each mended before the next, until the time is over and each kind was there. */
  async function failures(random: Random, end: number): Promise<string[]> {
    const happened: string[] = [];
    const { provers, nodes, redis, l1, line } = network;
    const restart = async (part: { end(): Promise<unknown>; start(): Promise<unknown> }) => {
      await part.end();
      await sleep(500 + random.below(2_000));
      await part.start();
    };
    const kinds: Readonly<Record<string, () => Promise<void>>> = {
      sequencer: () => restart(network.sequencer),
      "a prover": () => restart(random.pick(provers)),
      "the node of mode replay": () => restart(nodes.replay),
      "the node of mode l2": () => restart(nodes.l2),
      "the node of mode l1": () => restart(nodes.l1),
      "the queue, with all that it knew": async () => {
        await redis.kill({ forget: true });
        await sleep(1_000);
        await redis.start();
      },
      "the line to L1": async () => {
        line.cut();
        await sleep(3_000 + random.below(4_000));
        line.mend();
      },
      "L1, which hung": async () => {
        l1.suspend();
        await sleep(3_000 + random.below(4_000));
        l1.resume();
      },
    };
    // Each once, in an order of chance, before any comes again.
    const all = Object.keys(kinds);
    let names: string[] = [];
    while (performance.now() < end || happened.length < all.length) {
      if (names.length === 0) names = [...all];
      const [name] = names.splice(random.below(names.length), 1);
      await sleep(2_000 + random.below(4_000));
      await kinds[name!]!();
      happened.push(name!);
      console.log(`      failed and mended: ${name}`);
    }
    return happened;
  }

  const sent = new Map<bigint, bigint>();
  async function load(end: number): Promise<void> {
    const transfers = clients.slice(1).map(async (client, i) => {
      for (let n = 0; performance.now() < end; n++) {
        const recipient = 0xabc0000n + BigInt(i * 1_000 + (n % 5));
        await client.transfer(recipient, BigInt(n + 1));
        sent.set(recipient, (sent.get(recipient) ?? 0n) + BigInt(n + 1));
        await sleep(PAUSE_MS);
      }
    });
    const messages = async (): Promise<void> => {
      for (let n = 0; performance.now() < end; n++) {
        await (n % 2 === 0 ? bridge.deposit() : bridge.withdraw());
        await sleep(PAUSE_MS);
      }
    };
    await Promise.all([...transfers, messages()]);
  }

  it("carries a load while its parts fail", async () => {
    const end = performance.now() + LOAD_MS;
    const [happened] = await Promise.all([failures(new Random(SEED), end), load(end)]);
    expect(new Set(happened).size).equal(8);
    expect(bridge.withdrawals.length).greaterThan(0);
  });

  it("settles every block with a proof", async () => {
    const end = performance.now() + SETTLE_MS;
    let shown = "";
    for (;;) {
      const status = await sequencer();
      const { latest_block_number: latest, accepted_on_l1_block_number: onL1, problem } = status;
      const text = `block ${latest}, on L1 ${onL1}${problem === null ? "" : `: ${problem}`}`;
      if (text !== shown) console.log(`      ${(shown = text)}`);
      if (onL1 === latest && status.messages_to_l2.length === 0) break;
      if (performance.now() > end)
        throw new Error(`not settled: ${text}\n${network.sequencer.output}`);
      await sleep(1_000);
    }
  });

  it("is of one opinion in the end: sequencer, L1 and all nodes", async () => {
    const core = new JsonRpcProvider(network.l1Url);
    const call = async (name: string): Promise<bigint> => {
      const face = contractInterface("StarknetCore");
      const answer = await core.call({ to: network.core, data: face.encodeFunctionData(name) });
      return BigInt(face.decodeFunctionResult(name, answer)[0] as bigint);
    };
    const { latest_block_number: latest } = await sequencer();
    expect(await call("stateBlockNumber")).equal(BigInt(latest));
    const [root, blockHash] = [await call("stateRoot"), await call("stateBlockHash")];
    core.destroy();
    for (const mode of MODES) {
      for (let tries = 0; (await node(mode)).block_number !== latest && tries < 120; tries++)
        await sleep(500);
      expect(await node(mode), mode).include({
        stage: "following",
        problem: null,
        block_number: latest,
        state_root: toHex(root),
        block_hash: toHex(blockHash),
      });
    }
  });

  it("has every transaction, once, on every node", async () => {
    for (const mode of MODES) {
      const reader = new L2Client(network.urls[mode], "0x1", "0x1");
      for (const client of clients) {
        const nonce = await reader.provider.getNonceForAddress(client.account.address, "latest");
        expect(BigInt(nonce), mode).equal(await client.nonce());
      }
      // A node of mode l1 executes nothing.
      if (mode === "l1") continue;
      for (const [recipient, amount] of sent)
        expect(await reader.balance(recipient), mode).equal(amount);
    }
    for (const client of clients.slice(1)) expect(await client.nonce()).equal(BigInt(client.done));
  });

  it("has delivered every message once", async () => {
    const withdrawn = bridge.withdrawals.reduce((sum, amount) => sum + amount, 0n);
    expect(await bridge.tokens()).equal(bridge.deposited - withdrawn);
    const failure = (amount: bigint): Promise<string> =>
      bridge.take(amount).then(
        () => "accepted",
        (error: Error) => error.message,
      );
    for (const amount of bridge.withdrawals) await bridge.take(amount);
    for (const amount of bridge.withdrawals)
      expect(await failure(amount)).include("INVALID_MESSAGE_TO_CONSUME");
  });
});
