/** A core contract on a chain of its own, in process, and blocks for it to settle. */
import { type Contract, ContractFactory, type InterfaceAbi, type Signer } from "ethers";
import type { HardhatEthersProvider } from "@nomicfoundation/hardhat-ethers/types";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type Felt, mod } from "../../../src/field/felt.ts";
import { settlementFact } from "../../../src/starknet/output/facts.ts";
import {
  encodeProgramOutput,
  type ProgramOutput,
} from "../../../src/starknet/output/program-output.ts";
import { encodeStateDiff } from "../../../src/starknet/output/state-diff-encoding.ts";
import { keccakWords } from "../../../src/starknet/output/words.ts";
import type { MessageToL1 } from "../../../src/starknet/receipt.ts";
import type { MessageToL2 } from "../../../src/starknet/transaction-hash.ts";
import { emptyDiff, type StateDiff } from "../../../src/state/diff.ts";

export const PROGRAM_HASH = 0x6228ae335151708cc9290c9940dc17f14f870056c1ae919af238e247d500ad4n;
export const CONFIG_HASH = 0x1b9900f77ff5923183a7795fcfbb54ed76917bc1ddd4160cc77fa96e36cf8c5n;

export interface Artifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

let built: Promise<unknown> | undefined;

/** The compiled contract of that name. */
export async function artifact(name: string): Promise<Artifact> {
  await (built ??= hre.tasks.getTask("build").run({ quiet: true }));
  return hre.artifacts.readArtifact(name);
}

export async function deploy(name: string, signer: Signer, ...args: unknown[]): Promise<Contract> {
  const { abi, bytecode } = await artifact(name);
  const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args);
  return (await contract.waitForDeployment()) as Contract;
}

export interface Block {
  readonly messagesToL1?: readonly MessageToL1[];
  readonly messagesToL2?: readonly MessageToL2[];
  readonly stateDiff?: StateDiff;
  /** Last block of the update, if it has more than one. */
  readonly newBlockNumber?: number;
}

export interface Update {
  readonly main: readonly Felt[];
  readonly stateDiff: readonly Felt[];
  readonly output: ProgramOutput;
}

/** L1 with a core contract before its first block; `operator` owns everything. */
export class CoreFixture {
  readonly connection: NetworkConnection;
  readonly provider: HardhatEthersProvider;
  readonly operator: Signer;
  readonly user: Signer;
  readonly registry: Contract;
  readonly core: Contract;

  private constructor(
    connection: NetworkConnection,
    [operator, user]: readonly Signer[],
    registry: Contract,
    core: Contract,
  ) {
    this.connection = connection;
    this.provider = connection.ethers.provider;
    this.operator = operator!;
    this.user = user!;
    this.registry = registry;
    this.core = core;
  }

  static async create(): Promise<CoreFixture> {
    const connection = await hre.network.create();
    const signers = await connection.ethers.getSigners();
    const operator = signers[0]!;
    const registry = await deploy("UnprovenFactRegistry", operator, operator);
    const initial = { globalRoot: 0n, blockNumber: -1n, blockHash: 0n };
    const core = await deploy(
      "StarknetCore",
      operator,
      ...[PROGRAM_HASH, 0n, registry, CONFIG_HASH, initial],
    );
    await (await core.getFunction("registerOperator")(operator)).wait();
    return new CoreFixture(connection, signers, registry, core);
  }

  /** Output of the next update. Roots and hashes are numbers out of thin air: the core contract cannot tell. */
  async next(block: Block): Promise<Update> {
    const number = Number(await this.core.getFunction("stateBlockNumber")());
    const newBlockNumber = block.newBlockNumber ?? number + 1;
    const output: ProgramOutput = {
      prevRoot: await this.core.getFunction("stateRoot")(),
      newRoot: mod(keccakWords([1n, BigInt(newBlockNumber)])),
      prevBlockNumber: number,
      newBlockNumber,
      prevBlockHash: await this.core.getFunction("stateBlockHash")(),
      newBlockHash: mod(keccakWords([2n, BigInt(newBlockNumber)])),
      osProgramHash: 0n,
      configHash: CONFIG_HASH,
      fullOutput: false,
      messagesToL1: block.messagesToL1 ?? [],
      messagesToL2: block.messagesToL2 ?? [],
    };
    return {
      output,
      main: encodeProgramOutput(output),
      stateDiff: encodeStateDiff(block.stateDiff ?? emptyDiff()),
    };
  }

  /** Makes the update a fact. */
  async establish({ main, stateDiff }: Update): Promise<void> {
    const fact = settlementFact(PROGRAM_HASH, main, stateDiff);
    const word = `0x${fact.toString(16).padStart(64, "0")}`;
    await (await this.registry.getFunction("registerFact")(word)).wait();
  }

  /** Settles the next update; returns it with its transaction's hash. */
  async settle(block: Block = {}): Promise<Update & { hash: string; blockNumber: number }> {
    const update = await this.next(block);
    await this.establish(update);
    const sent = await this.core.getFunction("updateStateCalldataDA")(
      update.main,
      update.stateDiff,
    );
    const { hash, blockNumber } = await sent.wait();
    return { ...update, hash, blockNumber };
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
