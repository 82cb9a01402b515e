/** The L2 itself, without servers: chain, sequencer, accounts. `restart` makes a new chain in the same objects. */
import type { Felt } from "../field/felt.ts";
import type { PredeployedAccount } from "../rpc/control.ts";
import type { Submission } from "../sequencer/gateway.ts";
import { prepareSimulated } from "../sequencer/admission.ts";
import { BlockSigner } from "../sequencer/block-signer.ts";
import { Chain } from "../sequencer/chain.ts";
import { ClassLibrary } from "../sequencer/class-library.ts";
import { Clock } from "../sequencer/clock.ts";
import type { BlockLimits } from "../sequencer/open-block.ts";
import { produce } from "../sequencer/produce.ts";
import { Sequencer } from "../sequencer/sequencer.ts";
import { ChainState } from "../state/chain-state.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import type { BlockContext } from "../starknet/block.ts";
import type { CasmClass } from "../starknet/class/casm.ts";
import { sierraClassHash } from "../starknet/class/class-hash.ts";
import { SierraCompiler } from "../starknet/class/compiler/compile.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import { UPDATE_LIMITS } from "../starknet/output/range.ts";
import { STARKNET_VERSION } from "../starknet/constants.ts";
import type { ExecutionEnvironment } from "../starknet/execution/environment.ts";
import { initialGasPrices } from "./gas-prices.ts";
import { ETH_TOKEN, SEQUENCER_ADDRESS, STRK_TOKEN } from "../starknet/addresses.ts";
import { genesis, predeployedAccounts } from "./genesis/genesis.ts";
import type { DevnetLog } from "./log.ts";
import type { DevnetOptions } from "./options.ts";
import { DevnetRecord } from "./record.ts";
import { sequencerKey } from "./sequencer-key.ts";

export interface CoreParts {
  readonly options: DevnetOptions & { readonly seed: number };
  readonly store: KeyValueStore;
  readonly log: DevnetLog;
}

/**
 * Bounds of a block: L2 gas as on mainnet, transactions so that a block on demand stays handy, and what fits into
 * a state update on L1.
 */
const BLOCK_LIMITS: BlockLimits = {
  transactions: 2_000,
  l2Gas: 5_000_000_000n,
  ...UPDATE_LIMITS,
};

export class DevnetCore {
  readonly options: DevnetOptions & { readonly seed: number };
  readonly accounts: readonly PredeployedAccount[];
  readonly sequencer: Sequencer;
  readonly environment: ExecutionEnvironment;
  readonly library: ClassLibrary;
  readonly signer: BlockSigner;
  readonly clock = new Clock();
  /** Accounts whose transactions need no valid signature. */
  readonly impersonated = new Set<Felt>();
  autoImpersonate = false;
  readonly #compiler = new SierraCompiler();

  constructor({ options, store, log }: CoreParts) {
    const record = new DevnetRecord(store);
    const chain: Chain = new Chain(options.chainId, store, new ChainState(store), () =>
      this.sequencer.openBlock(),
    );
    this.library = new ClassLibrary((classHash) => chain.storedClass(classHash));
    this.environment = {
      chainId: options.chainId,
      feeTokens: { strk: STRK_TOKEN, eth: ETH_TOKEN },
      classes: this.library,
    };
    this.options = record.settle(options, chain.isEmpty);
    this.accounts = predeployedAccounts(this.options);
    this.signer = new BlockSigner(sequencerKey(this.options.seed));
    this.sequencer = new Sequencer(chain, {
      environment: this.environment,
      library: this.library,
      sequencerAddress: SEQUENCER_ADDRESS,
      gasPrices: initialGasPrices(options),
      blockRule: options.blockGenerationOn,
      blockLimits: BLOCK_LIMITS,
      clock: this.clock,
      skipsValidation: (account) => this.autoImpersonate || this.impersonated.has(account),
      onError: (error) =>
        log.warning(
          `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        ),
      classLimits: options,
      compile: (sierra, classHash) => this.compile(sierra, classHash),
    });
    if (chain.isEmpty) this.#produceGenesis();
    chain.subscribe((event) => log.chain(event));
    this.sequencer.start();
  }

  get seed(): number {
    return this.options.seed;
  }

  /** Compiles a class, or finds it among those that were compiled lately. Rejects with ClassError. */
  async compile(sierra: SierraClass, classHash = sierraClassHash(sierra)): Promise<CasmClass> {
    return this.library.known(classHash)?.casm ?? this.#compiler.compile(sierra);
  }

  /** Compiles and checks the class of a DECLARE that is only simulated. Throws GatewayError. */
  prepareClass(submission: Submission): Promise<void> {
    return prepareSimulated(submission, () => this.sequencer.openBlock().state, this.library, {
      classLimits: this.options,
      compile: (sierra, classHash) => this.compile(sierra, classHash),
    });
  }

  /** Goes back to genesis; the same objects serve the new chain. */
  restart(): void {
    const { sequencer } = this;
    sequencer.clearMempool("the devnet was restarted");
    sequencer.discardOpenBlock();
    this.impersonated.clear();
    this.autoImpersonate = false;
    this.#setClock();
    this.clock.used();
    sequencer.gasPrices = initialGasPrices(this.options);
    sequencer.goBackTo(0);
  }

  async close(): Promise<void> {
    await this.sequencer.stop();
    await this.#compiler.close();
  }

  /** Sets the clock to the time of a genesis block that is made now. */
  #setClock(): void {
    const { startTime } = this.options;
    this.clock.restore({ offset: 0, next: undefined });
    if (startTime !== undefined) this.clock.set(startTime);
  }

  #produceGenesis(): void {
    this.#setClock();
    const context: BlockContext = {
      number: 0,
      timestamp: this.clock.now(),
      sequencerAddress: SEQUENCER_ADDRESS,
      gasPrices: initialGasPrices(this.options),
      dataAvailability: "CALLDATA",
      starknetVersion: STARKNET_VERSION,
    };
    const { diff, classes } = genesis(this.environment, this.library, context, this.options);
    produce(
      {
        context,
        parentHash: 0n,
        transactions: [],
        receipts: [],
        traces: [],
        stateDiff: diff,
        classes,
      },
      this.sequencer.chain,
    );
    for (const classHash of classes.keys()) this.library.release(classHash);
    this.clock.used();
  }
}
