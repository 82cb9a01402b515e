/** The core contract on L1, as the L2 uses it. */
import { AbiCoder, type Interface, keccak256 } from "ethers";
import type { Felt } from "../field/felt.ts";
import { toPaddedHex } from "../util/hex.ts";
import { contractInterface } from "./artifacts.ts";
import type { Ethereum } from "./ethereum.ts";
import { L1UnavailableError } from "./transport.ts";

/** What L1 knows of the L2's state. */
export interface StateOnL1 {
  /** -1 before the first block */
  readonly blockNumber: number;
  readonly blockHash: Felt;
  readonly root: Felt;
}

/** How the contract was set up. */
export interface CoreSettings {
  readonly programHash: Felt;
  readonly configHash: Felt;
  /** Address of the fact registry; zero where there is none. */
  readonly verifier: string;
}

/** Slots of the state, of `l1ToL2Messages` and of `l2ToL1Messages` (docs/l1.md, Storage). */
const STATE_SLOT = 0x71a8ef1b1265359d77973c3524afac225c0a0d829a0d4da5cac3b34532019fecn;
const MESSAGES_TO_L2_SLOT = STATE_SLOT + 6n;
const MESSAGES_TO_L1_SLOT = STATE_SLOT + 7n;

export class CoreContract {
  readonly address: string;
  readonly interface: Interface = contractInterface("StarknetCore");
  readonly #ethereum: Ethereum;

  constructor(ethereum: Ethereum, address: string) {
    this.#ethereum = ethereum;
    this.address = address;
  }

  /** @param block after which the state is meant */
  async state(block: number | "latest" = "latest"): Promise<StateOnL1> {
    const [blockNumber, blockHash, root] = await Promise.all(
      ["stateBlockNumber", "stateBlockHash", "stateRoot"].map((name) =>
        this.#read<bigint>(name, [], block),
      ),
    );
    return { blockNumber: Number(blockNumber), blockHash: blockHash!, root: root! };
  }

  async settings(): Promise<CoreSettings> {
    return {
      programHash: await this.#read("programHash"),
      configHash: await this.#read("configHash"),
      verifier: await this.#read("verifier"),
    };
  }

  isOperator(address: string): Promise<boolean> {
    return this.#read("isOperator", [address]);
  }

  /** fee + 1 while a message to L2 is pending, else 0 */
  pendingFee(messageHash: bigint): Promise<bigint> {
    return this.#read("l1ToL2Messages", [toPaddedHex(messageHash, 32)]);
  }

  /** How many messages to L1 of that hash may be consumed. */
  consumable(messageHash: bigint): Promise<bigint> {
    return this.#read("l2ToL1Messages", [toPaddedHex(messageHash, 32)]);
  }

  /** Calldata of a state update with its diff. */
  encodeUpdate(main: readonly Felt[], stateDiff: readonly Felt[]): string {
    return this.interface.encodeFunctionData("updateStateCalldataDA", [main, stateDiff]);
  }

  /**
   * Development chains only: makes a message to L2 pending that nobody sent, with its fee in the contract. False
   * where L1 is no development chain.
   */
  async injectMessage(messageHash: bigint, fee: bigint): Promise<boolean> {
    const balance = (await this.#ethereum.balance(this.address)) + fee;
    const key = toPaddedHex(messageHash, 32);
    const slot = mappingSlot(key, MESSAGES_TO_L2_SLOT);
    return (
      (await this.#ethereum.develop(
        "setStorageAt",
        this.address,
        slot,
        toPaddedHex(fee + 1n, 32),
      )) && (await this.#ethereum.develop("setBalance", this.address, `0x${balance.toString(16)}`))
    );
  }

  /**
   * Development chains only: puts root, number and hash back, and takes messages to L1 away; false where L1 is none.
   *
   * @param messages hashes of those that updates have brought
   */
  async resetState(
    { root, blockNumber, blockHash }: StateOnL1,
    messages: readonly bigint[],
  ): Promise<boolean> {
    const none = toPaddedHex(0n, 32);
    for (const hash of messages) {
      const slot = mappingSlot(toPaddedHex(hash, 32), MESSAGES_TO_L1_SLOT);
      if (!(await this.#ethereum.develop("setStorageAt", this.address, slot, none))) return false;
    }
    for (const [offset, word] of [root, BigInt(blockNumber), blockHash].entries()) {
      const slot = `0x${(STATE_SLOT + BigInt(offset)).toString(16)}`;
      const value = toPaddedHex(BigInt.asUintN(256, word), 32);
      if (!(await this.#ethereum.develop("setStorageAt", this.address, slot, value))) return false;
    }
    return true;
  }

  async #read<T>(
    name: string,
    args: readonly unknown[] = [],
    block: number | "latest" = "latest",
  ): Promise<T> {
    const data = this.interface.encodeFunctionData(name, args);
    const answer = await this.#ethereum.call(this.address, data, block);
    if (answer === "0x")
      throw new L1UnavailableError(
        `there is no core contract at ${this.address} on L1: it went back, or is another one`,
      );
    return this.interface.decodeFunctionResult(name, answer)[0] as T;
  }
}

/** Slot of an entry of a mapping: keccak256(key . slot), Solidity's layout of storage. */
function mappingSlot(key: string, slot: bigint): string {
  const packed = AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [key, slot]);
  return keccak256(packed);
}
