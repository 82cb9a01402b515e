/**
 * The L1 of an L2: its contracts, messages both ways, settlement. Follows L1 by asking it in short intervals;
 * everything that changes either layer happens one after the other.
 */
import type { Felt } from "../field/felt.ts";
import type { Sequencer } from "../sequencer/sequencer.ts";
import {
  messageToL1Hash,
  messageToL2Hash,
  type MessageToL2,
} from "../starknet/transaction-hash.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import { CoreContract } from "./core-contract.ts";
import {
  attach,
  deploy,
  isThere,
  readDeployment,
  programHashOf,
  writeDeployment,
  type Deployment,
  type DeploymentParts,
  type SettlementMode,
} from "./deployment.ts";
import { Ethereum } from "./ethereum.ts";
import type { PlacedEvent } from "./events.ts";
import { NO_FACTS, UnprovenFacts, type FactEstablisher } from "./facts-on-l1.ts";
import type { LayerEvent } from "./layer-event.ts";
import {
  handlerTransaction,
  MessageBook,
  NEVER_HANDLED,
  type SentMessage,
} from "./message-book.ts";
import { fundOperator, openOperator, type Operator } from "./operator.ts";
import { Relay } from "./relay.ts";
import { ProvenFacts } from "./proven-facts.ts";
import type { ProverService } from "../proving/service.ts";
import { SettlementError } from "./settlement-error.ts";
import { followCore, Settler, type SettledRange } from "./settler.ts";
import type { Transport } from "./transport.ts";
import { configHash, type ProgramIdentity } from "./update.ts";
import { Watcher } from "./watcher.ts";

export interface LayerOptions {
  readonly settlement: SettlementMode;
  /** Address of a core contract to take instead of deploying one. */
  readonly core: string | undefined;
  /** Of the operator; on development chains one of our own where it is undefined. */
  readonly privateKey: string | undefined;
  /** Messages go to L2 as they come, or when `flush` is called. */
  readonly relay: "auto" | "flush";
  /** Blocks settle as they close, or when `settle` is called. */
  readonly settleOn: "block" | "demand";
  /** How often L1 is looked at. */
  readonly pollMs: number;
}

export interface LayerParts {
  readonly transport: Transport;
  /** As it is shown to users. */
  readonly url: string;
  readonly sequencer: Sequencer;
  readonly store: KeyValueStore;
  /** The token that is hashed into the L2's configuration. */
  readonly feeToken: Felt;
  readonly options: LayerOptions;
  /** Where blocks settle with proofs. */
  readonly prover?: ProverService | undefined;
  readonly onEvent: (event: LayerEvent) => void;
}

export class SettlementLayer {
  readonly url: string;
  readonly options: LayerOptions;
  readonly operator: Operator;
  readonly ethereum: Ethereum;
  readonly #parts: LayerParts;
  readonly #identity: ProgramIdentity;
  #contracts: Contracts;
  #book: MessageBook;
  /** The core contract may be at another state than the one that was noted last. */
  #coreMoved = false;
  #last: Promise<unknown> = Promise.resolve();

  /** Deploys the contracts, or finds them. Rejects with SettlementError and L1's errors. */
  static async open(parts: LayerParts): Promise<SettlementLayer> {
    const ethereum = new Ethereum(parts.transport);
    const { chain } = parts.sequencer;
    const identity = {
      programHash: programHashOf(parts.options.settlement),
      configHash: configHash(chain.chainId, parts.feeToken),
    };
    // Before anything that a node of another kind refuses in its own words.
    await ethereum.chainId();
    const operator = await openOperator(ethereum, parts.options.privateKey);
    const mode = parts.options.settlement;
    const deployment = await findOrDeploy(parts, { ethereum, operator, identity, mode });
    const layer = new SettlementLayer(parts, ethereum, operator, identity, deployment);
    await followCore({ chain, core: layer.core });
    await layer.sync();
    return layer;
  }

  private constructor(
    parts: LayerParts,
    ethereum: Ethereum,
    operator: Operator,
    identity: ProgramIdentity,
    deployment: Deployment,
  ) {
    this.url = parts.url;
    this.options = parts.options;
    this.#parts = parts;
    this.ethereum = ethereum;
    this.operator = operator;
    this.#identity = identity;
    this.#contracts = this.#connect(deployment);
    this.#book = new MessageBook(parts.sequencer.chain.chainId);
  }

  get deployment(): Deployment {
    return this.#contracts.deployment;
  }

  /** Of this L2's chain id and fee token. */
  get configHash(): Felt {
    return this.#identity.configHash;
  }

  get core(): CoreContract {
    return this.#contracts.core;
  }

  /** Messages to L2 that concern this L2, in the order of L1. */
  get messages(): readonly SentMessage[] {
    const { messagesFrom } = this.deployment;
    return [...this.#book.messages()].filter(
      ({ place }) => place === undefined || place.blockNumber >= messagesFrom,
    );
  }

  /** Everything that the core contract has told of this L2. */
  get events(): readonly PlacedEvent[] {
    const { messagesFrom } = this.deployment;
    return this.#contracts.watcher.events.filter(({ place }) => place.blockNumber >= messagesFrom);
  }

  /** The newest block of L1 that has been read. */
  get l1Block(): number | undefined {
    return this.#contracts.watcher.readUpTo?.number;
  }

  messagesOf(l1TransactionHash: bigint): readonly SentMessage[] {
    return this.#book.ofL1Transaction(l1TransactionHash);
  }

  /** A message that was injected, as if it had been sent. */
  describe(message: MessageToL2, fee: bigint): SentMessage {
    const transaction = handlerTransaction(message, fee, this.#parts.sequencer.chain.chainId);
    const hash = messageToL2Hash(message);
    return { message, hash, fee, place: undefined, state: "pending", transaction };
  }

  refusalOf(transactionHash: Felt): string | undefined {
    return this.#contracts.relay.refusalOf(transactionHash);
  }

  /** Looks at L1 and does what follows from it. */
  sync(): Promise<void> {
    return this.exclusively(() => this.#sync(this.options.relay === "auto"));
  }

  /** Hands the messages that wait on L1 to the mempool, whatever `relay` says. */
  flush(): Promise<void> {
    return this.exclusively(() => this.#sync(true));
  }

  /**
   * Settles all closed blocks up to `upTo`, or those that are closed now, and waits for their proofs where they need
   * any. Rejects with SettlementError, L1TransactionError, L1UnavailableError.
   */
  async settle(upTo?: number): Promise<readonly SettledRange[]> {
    const { chain } = this.#parts.sequencer;
    const target = upTo ?? chain.latest().number;
    const ranges: SettledRange[] = [];
    for (;;) {
      ranges.push(...(await this.settleReady(target)));
      const first = (chain.latestOnL1() ?? 0) + 1;
      if (first > Math.min(target, chain.latest().number)) return ranges;
      // Meanwhile the layers go on.
      await this.#contracts.facts.ready(first);
    }
  }

  /** Settles what can settle now. */
  settleReady(upTo?: number): Promise<readonly SettledRange[]> {
    return this.exclusively(async () => {
      const settled = await this.#contracts.settler.settle(upTo);
      if (settled.length > 0) await this.#sync(this.options.relay === "auto");
      return settled;
    });
  }

  /** Whether blocks are closed that L1 does not have and could have now. */
  get canSettle(): boolean {
    const { chain } = this.#parts.sequencer;
    const [first, last] = [(chain.latestOnL1() ?? 0) + 1, chain.latest().number];
    return first <= last && this.#contracts.facts.range(first, last) !== undefined;
  }

  /**
   * Development chains only: executes a message that nobody sent, and makes it pending on L1, so that its block can
   * settle. Throws SettlementError where L1 is no development chain.
   */
  inject(message: MessageToL2, fee: bigint): Promise<Felt> {
    return this.exclusively(async () => {
      const { sequencer } = this.#parts;
      const { transaction, hash } = this.describe(message, fee);
      if (transaction === undefined)
        throw new SettlementError(`L2 cannot handle the message: ${NEVER_HANDLED}`);
      if (sequencer.stageOf(transaction.hash) === undefined) {
        if (!(await this.core.injectMessage(hash, fee)))
          throw new SettlementError(
            "this L1 is no development chain: send the message through its core contract",
          );
        sequencer.submitMessage(transaction);
      }
      return transaction.hash;
    });
  }

  /**
   * Begins again with the genesis block: its state on L1 in the same contract or, with `redeploy`, in new ones, then
   * L2 by `restartL2`. Messages that were sent before belong to the old L2.
   */
  restart(redeploy: boolean, restartL2: () => Promise<void>): Promise<void> {
    return this.exclusively(async () => {
      const { sequencer, store, options } = this.#parts;
      const { chain } = sequencer;
      const genesis = chain.header(0)!;
      let deployment: Deployment;
      if (redeploy) {
        const { ethereum, operator } = this;
        // L1 may have been set back to before the operator had any.
        if (options.privateKey === undefined) await fundOperator(ethereum, operator);
        deployment = await deploy(
          { ethereum, operator, identity: this.#identity, mode: options.settlement },
          chain,
          0,
        );
      } else {
        const initial = { blockNumber: 0, blockHash: genesis.hash, root: genesis.stateRoot };
        if (!(await this.core.resetState(initial, this.#outstandingMessages())))
          throw new SettlementError(
            "this L1 is no development chain, its core contract cannot begin again: restart with restart_l1_to_l2_messaging",
          );
        const { number } = await this.ethereum.head();
        deployment = { ...this.deployment, messagesFrom: number + 1 };
      }
      await restartL2();
      writeDeployment(store, deployment);
      this.#contracts.relay.stop();
      this.#contracts = this.#connect(deployment);
      this.#book = new MessageBook(chain.chainId);
      chain.setLatestOnL1(undefined);
      await this.#sync(options.relay === "auto");
    });
  }

  /** Hashes of the messages to L1 that an update has brought; some may have been consumed. */
  #outstandingMessages(): bigint[] {
    return this.events.flatMap((event) =>
      event.kind === "sentToL1" ? messageToL1Hash(event.message) : [],
    );
  }

  /** Runs `work` while nothing else changes a layer. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** The same, and work before it does not wait for L1's next block: that might come after `work` only. */
  async urgently<T>(reason: string, work: () => Promise<T>): Promise<T> {
    const release = this.operator.stopWaiting(reason);
    try {
      return await this.exclusively(work);
    } finally {
      release();
    }
  }

  /** Ends what listens to L2, when what runs is done; it does not wait for L1's next block. */
  async stop(): Promise<void> {
    this.operator.stopWaiting("the L2 ends");
    await this.#last;
    this.#contracts.relay.stop();
  }

  /** To be called within `exclusively`. */
  async #sync(deliver: boolean): Promise<void> {
    const { watcher, relay, core } = this.#contracts;
    const { sequencer, onEvent } = this.#parts;
    const { added, lost } = await watcher.look();
    if (lost.length > 0) {
      this.#book = new MessageBook(sequencer.chain.chainId, watcher.events);
      relay.forget();
      onEvent({ kind: "l1Reorg", lost: lost.length });
    } else {
      for (const event of added) this.#book.apply(event);
    }
    for (const event of added) this.#tell(event);
    const { chain } = sequencer;
    this.#coreMoved ||= added.length + lost.length > 0 || chain.latestOnL1() === undefined;
    // The watcher does not tell again what it has told: where this fails, it is for the next look.
    if (this.#coreMoved) await followCore({ chain, core });
    this.#coreMoved = false;
    await relay.reconcile(this.#book, deliver ? this.messages : []);
  }

  #tell(event: PlacedEvent): void {
    const { onEvent } = this.#parts;
    if (event.kind === "consumedOnL1") onEvent({ kind: "consumedOnL1", message: event.message });
    if (event.kind !== "sentToL2" && event.kind !== "cancelled") return;
    if (event.place.blockNumber < this.deployment.messagesFrom) return;
    const sent = this.#book.find(event.message);
    if (sent === undefined) return;
    onEvent({ kind: event.kind === "sentToL2" ? "messageSeen" : "messageCancelled", sent });
  }

  #connect(deployment: Deployment): Contracts {
    const { sequencer, onEvent } = this.#parts;
    const core = new CoreContract(this.ethereum, deployment.core);
    const watcher = new Watcher(this.ethereum, core, deployment.l1Block);
    const relay = new Relay({
      sequencer,
      core,
      onReplay: (first, dropped) => onEvent({ kind: "replayed", first, dropped }),
    });
    const facts = this.#factsOf(deployment);
    const settler = new Settler({
      chain: sequencer.chain,
      core,
      operator: this.operator,
      identity: this.#identity,
      facts,
      prepare: () => this.#sync(this.options.relay === "auto"),
      onSettled: (range) => onEvent({ kind: "settled", range }),
    });
    return { deployment, core, watcher, relay, facts, settler };
  }

  #factsOf({ factRegistry }: Deployment): FactEstablisher {
    const { ethereum, operator } = this;
    const { sequencer, prover } = this.#parts;
    if (factRegistry === undefined) return NO_FACTS;
    if (prover === undefined)
      return new UnprovenFacts(sequencer.chain, ethereum, operator, factRegistry);
    return new ProvenFacts({
      service: prover,
      ethereum,
      operator,
      registry: factRegistry,
    });
  }
}

/** What belongs to one deployment. */
interface Contracts {
  readonly deployment: Deployment;
  readonly core: CoreContract;
  readonly watcher: Watcher;
  readonly relay: Relay;
  readonly facts: FactEstablisher;
  readonly settler: Settler;
}

/**
 * An earlier start's contracts, the given one, or new ones. The new core contract begins with the newest block after
 * which nothing hangs on another L1: the genesis block for a new chain.
 */
async function findOrDeploy(
  { sequencer, store, options }: LayerParts,
  parts: DeploymentParts,
): Promise<Deployment> {
  const { chain } = sequencer;
  const earlier = readDeployment(store);
  if (earlier !== undefined && (await isThere(parts.ethereum, earlier))) {
    if (options.core !== undefined && BigInt(options.core) !== BigInt(earlier.core))
      throw new SettlementError(
        `the data folder's L2 has its core contract at ${earlier.core}, not at ${options.core}`,
      );
    const found = await attach(parts, earlier.core, earlier.l1Block);
    return { ...found, messagesFrom: earlier.messagesFrom };
  }
  const deployment =
    options.core === undefined
      ? await deploy(parts, chain, lastBoundBlock(sequencer))
      : await attach(parts, options.core);
  writeDeployment(store, deployment);
  return deployment;
}

/** The newest block that is settled or has executed a message from L1. */
function lastBoundBlock({ chain }: Sequencer): number {
  const settled = chain.latestOnL1() ?? 0;
  for (let number = chain.latest().number; number > settled; number--)
    if (chain.block(number)!.transactions.some(({ type }) => type === "L1_HANDLER")) return number;
  return settled;
}
