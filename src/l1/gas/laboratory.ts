/** A core contract on a development chain of its own, and transactions to it that are billed. */
import { type Felt, mod } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { settlementFact } from "../../starknet/output/facts.ts";
import { encodeProgramOutput } from "../../starknet/output/program-output.ts";
import { encodeStateDiff } from "../../starknet/output/state-diff-encoding.ts";
import { keccakWords } from "../../starknet/output/words.ts";
import type { MessageToL1 } from "../../starknet/receipt.ts";
import type { MessageToL2 } from "../../starknet/transaction-hash.ts";
import { emptyDiff, type StateDiff } from "../../state/diff.ts";
import { toPaddedHex } from "../../util/hex.ts";
import { contractInterface, creationCode, type L1ContractName } from "../artifacts.ts";
import { Ethereum } from "../ethereum.ts";
import type { Transport } from "../transport.ts";
import { type Bill, billOf } from "./bill.ts";

/** A transaction and its bill. */
export interface Billed {
  readonly transaction: string;
  readonly bill: Bill;
}

/** What a block brings to L1. */
export interface BlockContent {
  readonly messagesToL1?: readonly MessageToL1[];
  readonly messagesToL2?: readonly MessageToL2[];
  readonly stateDiff?: StateDiff;
}

interface StateUpdate {
  readonly main: readonly Felt[];
  readonly stateDiff: readonly Felt[];
}

/** Sends every transaction: operator, sender and receiver of messages. No key is needed, the chain plays along. */
export const USER = toPaddedHex(keccakWords([shortString("GAS")]) >> 96n, 20);

const BALANCE = "0x" + (10n ** 24n).toString(16);
/** Enough for each transaction, and below what EIP-7825 allows. */
const GAS_LIMIT = "0x1000000";
const PROGRAM_HASH = shortString("GAS");

/** Field elements without a pattern, the same ones in every run. */
export const felt = (...seed: readonly bigint[]): Felt => mod(keccakWords(seed));
export const felts = (count: number, seed: bigint): Felt[] =>
  Array.from({ length: count }, (_, i) => felt(seed, BigInt(i)));

export class Laboratory {
  readonly l1: Ethereum;
  readonly core: string;
  readonly registry: string;
  /** Gas of a transaction that does nothing. */
  readonly base: number;
  #block = { number: 0, root: felt(0n), hash: felt(1n) };

  private constructor(l1: Ethereum, base: number, core: string, registry: string) {
    this.l1 = l1;
    this.base = base;
    this.core = core;
    this.registry = registry;
  }

  /** @param transport a chain that mines on each transaction, and has Hardhat's methods for development */
  static async open(transport: Transport): Promise<Laboratory> {
    const l1 = new Ethereum(transport);
    await l1.develop("impersonateAccount", USER);
    await l1.develop("setBalance", USER, BALANCE);
    const nothing = await transact(l1, { to: USER });
    const base = Number((await l1.receipt(nothing))!.gasUsed);
    const create = async (name: L1ContractName, ...args: unknown[]): Promise<string> =>
      (await l1.receipt(await transact(l1, { data: creationCode(name, args) })))!.contractAddress!;
    const registry = await create("UnprovenFactRegistry", USER);
    const initial = { globalRoot: felt(0n), blockNumber: 0n, blockHash: felt(1n) };
    const core = await create("StarknetCore", PROGRAM_HASH, 0n, registry, 0n, initial);
    const laboratory = new Laboratory(l1, base, core, registry);
    await laboratory.call("StarknetCore", "registerOperator", [USER]);
    return laboratory;
  }

  /** Calls a function of a contract by a transaction. */
  async call(
    contract: L1ContractName,
    name: string,
    args: readonly unknown[],
    value = 0n,
  ): Promise<Billed> {
    const transaction = await transact(this.l1, {
      to: contract === "StarknetCore" ? this.core : this.registry,
      data: contractInterface(contract).encodeFunctionData(name, args),
      value: `0x${value.toString(16)}`,
    });
    return { transaction, bill: await billOf(this.l1, transaction, this.base) };
  }

  /** Output of the next block; roots and hashes are of no state: the contract cannot tell. */
  next(content: BlockContent): StateUpdate {
    const { number, root, hash } = this.#block;
    const output = {
      prevRoot: root,
      newRoot: felt(2n, BigInt(number)),
      prevBlockNumber: number,
      newBlockNumber: number + 1,
      prevBlockHash: hash,
      newBlockHash: felt(3n, BigInt(number)),
      osProgramHash: 0n,
      configHash: 0n,
      fullOutput: false,
      messagesToL1: content.messagesToL1 ?? [],
      messagesToL2: content.messagesToL2 ?? [],
    };
    this.#block = { number: number + 1, root: output.newRoot, hash: output.newBlockHash };
    return {
      main: encodeProgramOutput(output),
      stateDiff: encodeStateDiff(content.stateDiff ?? emptyDiff()),
    };
  }

  /** Makes the update a fact. */
  establish({ main, stateDiff }: StateUpdate): Promise<Billed> {
    const fact = toPaddedHex(settlementFact(PROGRAM_HASH, main, stateDiff), 32);
    return this.call("UnprovenFactRegistry", "registerFact", [fact]);
  }

  /** Settles the next block, whose state diff is in the calldata; the bill is the update's. */
  async settle(content: BlockContent = {}): Promise<Billed> {
    const update = this.next(content);
    await this.establish(update);
    const { main, stateDiff } = update;
    return this.call("StarknetCore", "updateStateCalldataDA", [main, stateDiff]);
  }

  /** Lets time go by until messages can be cancelled. */
  async waitForCancellation(): Promise<void> {
    const abi = contractInterface("StarknetCore");
    const data = abi.encodeFunctionData("messageCancellationDelay");
    await this.l1.request("evm_increaseTime", Number(await this.l1.call(this.core, data)));
  }
}

/** Hash of a transaction that is in a block; rejects with L1RequestError for one that reverts. */
const transact = (l1: Ethereum, request: object): Promise<string> =>
  l1.request("eth_sendTransaction", { from: USER, gas: GAS_LIMIT, ...request });
