/** Random blocks: all kinds of transactions, calls that fail at every depth, values that come and go. */
import { publicKey } from "../../../src/curve/ecdsa.ts";
import { ETH_TOKEN, STRK_TOKEN, UDC } from "../../../src/starknet/addresses.ts";
import type { Felt } from "../../../src/field/felt.ts";
import { selector } from "../../../src/hash/keccak.ts";
import { contractAddress } from "../../../src/starknet/class/contract-address.ts";
import { loadSystemClass } from "../../../src/starknet/class/system.ts";
import { floodClass, probeClass } from "../../starknet/execution/support/chain.ts";
import { callOf, type Call, type OsChain, PROBES, span } from "./os-chain.ts";

/** Numbers that follow from a seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= n < bound */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  felt(): Felt {
    let value = 0n;
    for (let i = 0; i < 8; i++) value = (value << 32n) | BigInt(this.below(2 ** 31));
    return value % 2n ** 250n;
  }
}

const inner = ({ to, selector, calldata }: Call): bigint[] => [to, selector, ...span(calldata)];

export class RandomBlocks {
  readonly #chain: OsChain;
  readonly #random: Random;
  #declared = false;
  #deployedAccounts = 0n;

  /** `chain` has the probe contracts. */
  constructor(chain: OsChain, seed: number) {
    this.#chain = chain;
    this.#random = new Random(seed);
  }

  /** Keys that lie close together, and some that do not. */
  #key(): Felt {
    const near = BigInt(this.#random.below(6));
    return this.#random.pick([near, near, near, 2n ** 200n + near, this.#random.felt()]);
  }

  #value(): Felt {
    return this.#random.pick([0n, 0n, 1n, 2n, this.#random.felt()]);
  }

  #probe(name: string, ...calldata: bigint[]): Call {
    return callOf(this.#random.pick(PROBES), name, calldata);
  }

  #leaf(): Call {
    const random = this.#random;
    const { classHash } = probeClass();
    switch (random.below(14)) {
      case 0:
        return this.#probe("read", this.#key());
      case 1:
        return this.#probe("write_then_panic", this.#key(), this.#value(), 7n);
      case 2:
        return this.#probe("message", random.felt() % 2n ** 160n, ...span([1n, random.felt()]));
      case 3:
        return this.#probe("emit", ...span([1n]), ...span([2n, 3n]));
      case 4: {
        const calldata = [random.pick([3n, 0x70616e6963n]), this.#value()];
        const fromZero = BigInt(random.below(2));
        return this.#probe("deploy", classHash, this.#key(), ...span(calldata), fromZero);
      }
      case 5:
        return this.#probe("replace_class", classHash);
      case 6:
        return this.#probe("block_hash", BigInt(random.below(20)));
      case 7:
        return this.#probe("class_hash_at", random.pick([...PROBES, this.#key()]));
      case 8:
        return this.#probe("info");
      case 9:
        return this.#probe("builtins", random.felt());
      case 10:
        return random.pick([
          this.#probe("burn", BigInt(random.below(300))),
          this.#probe("keccak", ...span(new Array<bigint>(random.pick([0, 3, 17, 34])).fill(7n))),
        ]);
      case 11:
        return random.pick([
          callOf(PROBES[0]!, "no_such_function"),
          this.#probe("fail", ...span([1n, 2n])),
          callOf(0x5555n, "nobody_is_here"),
        ]);
      default:
        return this.#probe("write", this.#key(), this.#value());
    }
  }

  #call(depth: number): Call {
    const random = this.#random;
    if (depth === 0) return this.#leaf();
    const below = this.#call(depth - 1);
    switch (random.below(4)) {
      case 0:
        return this.#probe("call", ...inner(below));
      case 1: {
        const { classHash } = probeClass();
        return this.#probe("library_call", classHash, below.selector, ...span(below.calldata));
      }
      default:
        return this.#probe("try_call", ...inner(below));
    }
  }

  #transfer(): Call {
    const random = this.#random;
    const to = random.pick([...this.#chain.accounts.map(({ address }) => address), random.felt()]);
    const amount = random.pick([0n, 1n, 10n ** 15n, 2n ** 127n]);
    return callOf(random.pick([STRK_TOKEN, ETH_TOKEN]), "transfer", [to, amount, 0n]);
  }

  async #deployAccount(): Promise<void> {
    const { classHash } = loadSystemClass("account");
    const privateKey = 1000n + this.#deployedAccounts++;
    const constructorCalldata = [publicKey(privateKey)];
    const contractAddressSalt = this.#random.felt();
    const senderAddress = contractAddress({
      deployer: 0n,
      salt: contractAddressSalt,
      classHash,
      constructorCalldata,
    });
    await this.#chain.invoke([callOf(STRK_TOKEN, "transfer", [senderAddress, 10n ** 19n, 0n])]);
    await this.#chain.deployAccount(
      { senderAddress, classHash, contractAddressSalt, constructorCalldata },
      privateKey,
    );
  }

  async #transaction(): Promise<void> {
    const random = this.#random;
    const from = random.pick(this.#chain.accounts);
    switch (random.below(12)) {
      case 0:
        return this.#deployAccount();
      case 1: {
        const key = random.pick([this.#key(), 0x70616e6963n]);
        const calldata = [random.felt() % 2n ** 160n, key, this.#value()];
        this.#chain.message(random.pick(PROBES), selector("handle"), calldata);
        return;
      }
      case 2: {
        if (this.#declared) return;
        this.#declared = true;
        return this.#chain.declare(floodClass(), from);
      }
      case 3: {
        const deployed = [
          probeClass().classHash,
          random.felt(),
          BigInt(random.below(2)),
          2n,
          1n,
          2n,
        ];
        return this.#chain.invoke([callOf(UDC, "deployContract", deployed)], { from });
      }
      case 4:
      case 5:
        return this.#chain.invoke([this.#transfer(), this.#transfer()], { from });
      default: {
        const calls = Array.from({ length: 1 + random.below(4) }, () =>
          this.#call(random.below(4)),
        );
        const l2Gas = random.pick([undefined, undefined, 40_000_000n + BigInt(random.below(1e7))]);
        return this.#chain.invoke(calls, { from, l2Gas });
      }
    }
  }

  /** Fills and closes a block. */
  async next(transactions: number): Promise<void> {
    for (let i = 0; i < transactions; i++) {
      try {
        await this.#transaction();
      } catch {
        // Refused by the gateway: gas below the minimum, for one.
      }
    }
    await this.#chain.block();
  }
}
