/** Both layers in the test's process, with the token bridge of contracts/examples between them. */
import { Contract, ContractFactory, Interface, type Signer } from "ethers";
import type { HardhatEthersProvider } from "@nomicfoundation/hardhat-ethers/types";
import { readFileSync } from "node:fs";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { startDevnet, type Devnet } from "../../src/devnet/devnet.ts";
import { UDC } from "../../src/starknet/addresses.ts";
import type { L1Access } from "../../src/devnet/l1.ts";
import type { DevnetLog } from "../../src/devnet/log.ts";
import { readOptions } from "../../src/devnet/options.ts";
import type { Felt } from "../../src/field/felt.ts";
import { selector } from "../../src/hash/keccak.ts";
import { contractInterface } from "../../src/l1/artifacts.ts";
import type { LayerEvent } from "../../src/l1/layer-event.ts";
import { connectionAccess } from "../../src/plugin/l1.ts";
import { parseCasmClass } from "../../src/starknet/class/casm.ts";
import { compiledClassHash } from "../../src/starknet/class/compiled-class-hash.ts";
import { parseSierraClass } from "../../src/starknet/class/sierra.ts";
import { sierraClassHash } from "../../src/starknet/class/class-hash.ts";
import { toHex } from "../../src/util/hex.ts";
import { TestDevnet } from "./devnet.ts";
import { declare, invoke, type ContractCall } from "./submit.ts";

const artifact = (file: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../../contracts/cairo/artifacts/${file}`, import.meta.url), "utf8"),
  );

let built: Promise<unknown> | undefined;

export interface LayersOptions {
  /** Options of the devnet on top of: seed 0, settlement unproven on demand. */
  readonly devnet?: Record<string, unknown>;
  /** A chain that is there already. */
  readonly connection?: NetworkConnection;
  /** Stands between the devnet and L1. */
  readonly access?: (access: L1Access) => L1Access;
}

/** Amount that is no multiple of anything, and the fee that every message here pays. */
export const FEE = 1_000n;

export class Layers {
  readonly connection: NetworkConnection;
  readonly l2: TestDevnet;
  readonly events: LayerEvent[];
  readonly signers: readonly Signer[];
  bridge!: Contract;
  l2Bridge!: Felt;

  private constructor(
    connection: NetworkConnection,
    l2: TestDevnet,
    events: LayerEvent[],
    signers: readonly Signer[],
  ) {
    this.connection = connection;
    this.l2 = l2;
    this.events = events;
    this.signers = signers;
  }

  static async start(options: LayersOptions = {}): Promise<Layers> {
    const connection = options.connection ?? (await hre.network.create());
    const { options: read, problems } = readOptions({
      seed: 0,
      port: 0,
      accounts: 3,
      settlement: "unproven",
      settleOn: "demand",
      ...options.devnet,
    });
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    const events: LayerEvent[] = [];
    const log: DevnetLog = {
      chain: () => undefined,
      layer: (event) => void events.push(event),
      warning: (message) => void events.push({ kind: "problem", message }),
    };
    const here = connectionAccess(connection, "http://in-process");
    const devnet = await startDevnet(read, log, options.access?.(here) ?? here);
    const l2 = new TestDevnet(devnet);
    return new Layers(connection, l2, events, await connection.ethers.getSigners());
  }

  get devnet(): Devnet {
    return this.l2.devnet;
  }

  get layer() {
    return this.devnet.l1!.layer;
  }

  get provider(): HardhatEthersProvider {
    return this.connection.ethers.provider;
  }

  /** The core contract, for the first of L1's accounts. */
  get core(): Contract {
    const address = this.layer.deployment.core;
    return new Contract(address, contractInterface("StarknetCore"), this.signers[0]);
  }

  /** Deploys both sides of the bridge and makes them known to each other. */
  async deployBridge(): Promise<void> {
    await (built ??= hre.tasks.getTask("build").run({ quiet: true }));
    const { abi, bytecode } = await hre.artifacts.readArtifact("TokenBridge");
    const factory = new ContractFactory(new Interface(abi), bytecode, this.signers[0]);
    this.bridge = (await factory.deploy(this.layer.deployment.core)) as Contract;
    await this.bridge.waitForDeployment();
    const sierra = parseSierraClass(artifact("bridge.sierra.json"));
    const casm = parseCasmClass(artifact("bridge.casm.json"));
    await this.l2.rpc("starknet_addDeclareTransaction", [
      declare(this.l2, sierra, compiledClassHash(casm)),
    ]);
    const l1Bridge = BigInt(await this.bridge.getAddress());
    const classHash = sierraClassHash(sierra);
    const hash = await this.call({
      to: UDC,
      entryPoint: "deploy_contract",
      calldata: [classHash, 1n, 1n, 1n, l1Bridge],
    });
    const { events } = await this.l2.rpc<{ events: { from_address: string; data: string[] }[] }>(
      "starknet_getTransactionReceipt",
      [hash],
    );
    const deployed = events.find(({ from_address }) => BigInt(from_address) === UDC)!;
    this.l2Bridge = BigInt(deployed.data[0]!);
    await (await this.bridge.getFunction("setL2Bridge")(this.l2Bridge)).wait();
  }

  /** Invokes an entry point on L2 as the first account; the transaction's hash. */
  async call(call: ContractCall, from = 0): Promise<string> {
    const { transaction_hash } = await this.l2.rpc<{ transaction_hash: string }>(
      "starknet_addInvokeTransaction",
      [invoke(this.l2, [call], { from })],
    );
    return transaction_hash;
  }

  /** Locks ether on L1; hash of the transaction of L1, and the message's nonce. */
  async deposit(recipient: Felt, amount: bigint): Promise<{ hash: string; nonce: bigint }> {
    const sent = await this.bridge.getFunction("deposit")(recipient, amount, {
      value: amount + FEE,
    });
    const receipt = await sent.wait();
    const nonce = receipt.logs
      .map((log: { topics: string[]; data: string }) => this.bridge.interface.parseLog(log))
      .find((event: { name: string } | null) => event?.name === "Deposit").args.nonce;
    return { hash: receipt.hash, nonce };
  }

  /** Burns the first account's tokens on L2, for a recipient on L1. */
  withdrawOnL2(recipient: string, amount: bigint): Promise<string> {
    return this.call({
      to: this.l2Bridge,
      entryPoint: "withdraw",
      calldata: [BigInt(recipient), amount, 0n],
    });
  }

  /** Tokens of an account on L2. */
  async tokens(account: Felt): Promise<bigint> {
    const [low, high] = await this.l2.rpc<string[]>("starknet_call", [
      {
        contract_address: toHex(this.l2Bridge),
        entry_point_selector: toHex(selector("balance_of")),
        calldata: [toHex(account)],
      },
      "pre_confirmed",
    ]);
    return BigInt(low!) + (BigInt(high!) << 128n);
  }

  /** Looks at L1 now, and waits until L2 has executed what came from there. */
  async sync(): Promise<void> {
    await this.layer.sync();
    await this.devnet.core.sequencer.exclusively(() => undefined);
  }

  async close(): Promise<void> {
    await this.l2.close();
    await this.connection.close();
  }
}

/** The message of whatever an attempt fails with; "accepted" when it does not. */
export const failureOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "accepted",
    (error: Error) => error.message,
  );
