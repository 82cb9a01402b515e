/** A devnet's chain whose blocks the OS proves. */
import { expect } from "chai";
import { sign } from "../../../src/curve/ecdsa.ts";
import { DevnetCore } from "../../../src/devnet/core.ts";
import { silentLog } from "../../../src/devnet/log.ts";
import { readOptions } from "../../../src/devnet/options.ts";
import type { Felt } from "../../../src/field/felt.ts";
import { buildUpdate, configHash } from "../../../src/l1/update.ts";
import { type OsInput, osInput } from "../../../src/os/input.ts";
import { type OsRun, type OsRunOptions, runOs } from "../../../src/os/run.ts";
import { chainSource } from "../../../src/os/source.ts";
import type { PredeployedAccount } from "../../../src/rpc/control.ts";
import type { Block } from "../../../src/starknet/block.ts";
import { transactionHash, type Unhashed } from "../../../src/starknet/transaction-hash.ts";
import type {
  AccountTransaction,
  AllResourceBounds,
  DeclareTransaction,
  DeployAccountTransaction,
  InvokeTransaction,
  L1HandlerTransaction,
} from "../../../src/starknet/transaction.ts";
import { MemoryStore } from "../../../src/state/store/memory-store.ts";
import { emptyDiff } from "../../../src/state/diff.ts";
import {
  type Call,
  callOf,
  type LoadedClass,
  probeClass,
  span,
} from "../../starknet/execution/support/chain.ts";

export { callOf, span };
export type { Call };

export const PROBES: readonly Felt[] = [0xabc1n, 0xabc2n, 0xabc3n];

type Account = Pick<PredeployedAccount, "address" | "privateKey">;

export class OsChain {
  readonly core: DevnetCore;
  readonly #l1Nonces = { next: 0n };

  constructor() {
    const { options } = readOptions({ accounts: 10, blockGenerationOn: "demand" });
    this.core = new DevnetCore({
      options: { ...options, seed: 0 },
      store: new MemoryStore(),
      log: silentLog,
    });
  }

  get accounts(): readonly PredeployedAccount[] {
    return this.core.accounts;
  }

  get account(): PredeployedAccount {
    return this.accounts[0]!;
  }

  async close(): Promise<void> {
    await this.core.close();
  }

  /** Declares a class and puts contracts of it there, in a block of their own. */
  supply(loaded: LoadedClass, addresses: readonly Felt[]): void {
    const { classHash, compiledClassHash } = loaded;
    this.core.sequencer.writeState(
      {
        ...emptyDiff(),
        declaredClasses: new Map([[classHash, compiledClassHash]]),
        deployedContracts: new Map(addresses.map((address) => [address, classHash])),
      },
      new Map([[classHash, loaded]]),
    );
  }

  supplyProbes(): void {
    this.supply(probeClass(), PROBES);
  }

  bounds(l2Gas = 400_000_000n): AllResourceBounds {
    const { l1Gas, l1DataGas, l2Gas: l2 } = this.core.sequencer.gasPrices;
    return {
      l1Gas: { maxAmount: 1_000_000n, maxPricePerUnit: l1Gas.fri },
      l1DataGas: { maxAmount: 1_000_000n, maxPricePerUnit: l1DataGas.fri },
      l2Gas: { maxAmount: l2Gas, maxPricePerUnit: l2.fri },
    };
  }

  #common(l2Gas?: bigint) {
    return {
      version: 3n,
      signature: [],
      resourceBounds: this.bounds(l2Gas),
      tip: 0n,
      paymasterData: [],
      nonceDataAvailabilityMode: 0,
      feeDataAvailabilityMode: 0,
    } as const;
  }

  #sign<T extends AccountTransaction>(unhashed: Unhashed<T>, key: Felt): T {
    const hash = transactionHash(
      unhashed as Unhashed<AccountTransaction>,
      this.core.options.chainId,
    );
    const { r, s } = sign(hash, key);
    return { ...unhashed, hash, signature: [r, s] } as unknown as T;
  }

  nonce(address: Felt): Felt {
    return this.core.sequencer.openBlock().state.nonceAt(address);
  }

  async invoke(
    calls: readonly Call[],
    { from = this.account as Account, l2Gas = undefined as bigint | undefined } = {},
  ): Promise<void> {
    const transaction = this.#sign<InvokeTransaction>(
      {
        type: "INVOKE",
        ...this.#common(l2Gas),
        senderAddress: from.address,
        nonce: this.nonce(from.address),
        accountDeploymentData: [],
        calldata: [
          BigInt(calls.length),
          ...calls.flatMap((call) => [call.to, call.selector, ...span(call.calldata)]),
        ],
      },
      from.privateKey,
    );
    await this.core.sequencer.submit({ transaction });
  }

  async declare(loaded: LoadedClass, from: Account = this.account): Promise<void> {
    const { sierra, casm, classHash, compiledClassHash } = loaded;
    this.core.library.remember(classHash, { sierra, casm });
    const transaction = this.#sign<DeclareTransaction>(
      {
        type: "DECLARE",
        ...this.#common(2_000_000_000n),
        senderAddress: from.address,
        nonce: this.nonce(from.address),
        accountDeploymentData: [],
        classHash,
        compiledClassHash,
      },
      from.privateKey,
    );
    await this.core.sequencer.submit({ transaction, sierra });
  }

  async deployAccount(
    fields: Pick<
      DeployAccountTransaction,
      "senderAddress" | "classHash" | "contractAddressSalt" | "constructorCalldata"
    >,
    privateKey: Felt,
  ): Promise<void> {
    const transaction = this.#sign<DeployAccountTransaction>(
      { type: "DEPLOY_ACCOUNT", ...this.#common(), nonce: 0n, ...fields },
      privateKey,
    );
    await this.core.sequencer.submit({ transaction });
  }

  message(to: Felt, selector: Felt, calldata: readonly Felt[]): void {
    const unhashed: Unhashed<L1HandlerTransaction> = {
      type: "L1_HANDLER",
      version: 0n,
      contractAddress: to,
      entryPointSelector: selector,
      nonce: this.#l1Nonces.next++,
      calldata,
      paidFeeOnL1: 1n,
    };
    const hash = transactionHash(unhashed, this.core.options.chainId);
    this.core.sequencer.submitMessage({ ...unhashed, hash });
  }

  /** Closes the open block once all that was submitted has run. */
  async block(): Promise<Block> {
    return this.core.sequencer.exclusively(() => this.core.sequencer.closeBlock());
  }

  input(first: number, last = first): OsInput {
    const { chain } = this.core.sequencer;
    return osInput(chainSource(chain), this.core.environment, first, last);
  }

  /** The words that the OS must output for blocks, from the sequencer's side. */
  expected(first: number, last = first): readonly Felt[] {
    const { chain } = this.core.sequencer;
    const { environment } = this.core;
    const identity = {
      programHash: 0n,
      configHash: configHash(environment.chainId, environment.feeTokens.strk),
    };
    const { main, stateDiff } = buildUpdate(chain, { first, last }, identity);
    return [...main, ...stateDiff];
  }

  /** Runs the OS on blocks and expects of it what the sequencer says. */
  prove(first: number, last = first, options: OsRunOptions = {}): OsRun {
    const run = runOs(this.input(first, last), options);
    expect(run.words).to.deep.equal(this.expected(first, last));
    return run;
  }
}
