/** A devnet's L1 for its RPC methods. */
import { getAddress } from "ethers";
import type { Felt } from "../field/felt.ts";
import type { LayerDriver } from "../l1/driver.ts";
import { programHashOf } from "../l1/deployment.ts";
import { UnknownChargesError } from "../l1/gas/bill.ts";
import { settlementBill, type SettlementBill } from "../l1/gas/settlement-bill.ts";
import { L1TransactionError } from "../l1/operator.ts";
import { revertReason } from "../l1/revert-reason.ts";
import type { SettlementLayer } from "../l1/settlement-layer.ts";
import { SettlementError } from "../l1/settlement-error.ts";
import {
  messagesToL1,
  messageToL2Status,
  type MessageToL1Status,
  type MessageToL2Status,
} from "../l1/status.ts";
import { L1RequestError, L1UnavailableError } from "../l1/transport.ts";
import { ControlError } from "../rpc/control.ts";
import type { ProofQueue } from "../proving/queue/proof-queue.ts";
import type { ProverService } from "../proving/service.ts";
import type {
  BlockReport,
  Flushed,
  L1Control,
  L1Description,
  L1Status,
  MessageToL1Report,
  MessageToL2Report,
  PaidMessage,
} from "../rpc/l1-control.ts";
import type { Sequencer } from "../sequencer/sequencer.ts";
import type { BlockRange } from "../starknet/output/range.ts";
import type { MessageToL1 } from "../starknet/receipt.ts";
import { messageToL1Hash } from "../starknet/transaction-hash.ts";
import { toPaddedHex } from "../util/hex.ts";

/** What nobody has to wait for any more. */
const DONE = new Set(["settled", "cancelled", "consumed"]);

/** Spent by a consumption that is sent in a contract's name; what is left is taken back. */
const CONSUMPTION_BALANCE = 10n ** 18n;

/** How long L1 may take to put it into a block, where it does not mine by itself. */
const CONSUMPTION_MS = 30_000;

export interface L1ControlParts {
  readonly layer: SettlementLayer;
  readonly driver: LayerDriver;
  readonly sequencer: Sequencer;
  /** Where blocks settle with proofs. */
  readonly prover: ProverService | undefined;
  /** Where its provers are other processes. */
  readonly proverQueue: ProofQueue | undefined;
}

/** Blocks that wait for L1 and are listed one by one. */
const LISTED_BLOCKS = 100;

export class DevnetL1Control implements L1Control {
  readonly #layer: SettlementLayer;
  readonly #driver: LayerDriver;
  readonly #sequencer: Sequencer;
  readonly #prover: ProverService | undefined;
  readonly #proverQueue: ProofQueue | undefined;
  /** Messages to L2 that a flush has told of: their transactions' hashes by their own. */
  readonly #told = new Map<bigint, Felt | undefined>();
  /** The last block whose messages to L1 a flush has told of. */
  #toldBlock = 0;
  /** Messages that were sent by hand, by the hash of the transaction that they are said to come from, then of L2's. */
  readonly #sent = new Map<bigint, Map<Felt, PaidMessage>>();
  readonly #unsubscribe: () => void;

  constructor({ layer, driver, sequencer, prover, proverQueue }: L1ControlParts) {
    this.#prover = prover;
    this.#proverQueue = proverQueue;
    this.#layer = layer;
    this.#driver = driver;
    this.#sequencer = sequencer;
    this.#unsubscribe = sequencer.chain.subscribe((event) => {
      // Some of what is lost comes again in the same turn, where blocks are made anew.
      if (event.kind === "reorg") queueMicrotask(() => this.forgetLost());
    });
  }

  close(): void {
    this.#unsubscribe();
  }

  /**
   * Forgets of messages whatever L2 has not executed any more: they may come again, with the same hashes. It follows
   * from a reorg by itself; where the open block alone goes back, there is none.
   */
  forgetLost(): void {
    const { chain } = this.#sequencer;
    const isLost = (hash: Felt | undefined): boolean =>
      hash === undefined || chain.locate(hash) === undefined;
    this.#toldBlock = Math.min(this.#toldBlock, chain.latest().number);
    for (const [message, hash] of this.#told) if (isLost(hash)) this.#told.delete(message);
    for (const [l1Hash, sent] of this.#sent) {
      for (const hash of sent.keys()) if (isLost(hash)) sent.delete(hash);
      if (sent.size === 0) this.#sent.delete(l1Hash);
    }
  }

  describe(): L1Description {
    const { url, options, operator, deployment } = this.#layer;
    return {
      rpcUrl: url,
      chainId: deployment.l1ChainId,
      coreContract: deployment.core,
      factRegistry: deployment.factRegistry,
      settlement: options.settlement,
      operator: operator.address,
    };
  }

  async status(): Promise<L1Status> {
    const { chain } = this.#sequencer;
    const toL2 = this.#layer.messages.map((sent) =>
      messageToL2Status(this.#sequencer, this.#layer, sent),
    );
    return {
      ...this.describe(),
      l1Block: this.#layer.l1Block,
      latestBlock: chain.latest().number,
      latestOnL1: chain.latestOnL1(),
      problem: this.#driver.problem,
      proverQueue: this.#proverQueue?.status,
      blocks: this.#blocksOnTheWay(),
      messagesToL2: toL2.filter(({ stage }) => !DONE.has(stage)).map(reportToL2),
      messagesToL1: messagesToL1(this.#sequencer, this.#layer)
        .filter(({ stage }) => !DONE.has(stage))
        .map(reportToL1),
    };
  }

  gas(range: Partial<BlockRange>): Promise<SettlementBill> {
    return answered(async () => {
      await this.#layer.sync();
      const { ethereum, core, deployment, options, events } = this.#layer;
      const { factRegistry: registry } = deployment;
      if (registry === undefined)
        throw new SettlementError(
          'nothing settles on this L1, and nothing is paid for: start with settlement "proven" or "unproven"',
        );
      const { chain } = this.#sequencer;
      const { first = 1, last = Math.max(1, chain.latestOnL1() ?? 0) } = range;
      const programHash = programHashOf(options.settlement);
      const parts = { chain, ethereum, core, registry, programHash, events };
      return settlementBill(parts, { first, last });
    });
  }

  messagesOf(l1TransactionHash: bigint): readonly MessageToL2Report[] {
    const byHand = [...(this.#sent.get(l1TransactionHash)?.values() ?? [])];
    return [
      ...this.#layer.messagesOf(l1TransactionHash),
      ...byHand.map(({ message, paidFee }) => this.#layer.describe(message, paidFee)),
    ].map((sent) => reportToL2(messageToL2Status(this.#sequencer, this.#layer, sent)));
  }

  load(url: string, contract: string | undefined): string {
    const { rpcUrl, coreContract } = this.describe();
    if (!isSameServer(url, rpcUrl))
      throw new ControlError(
        "UNSUPPORTED",
        `this devnet's L1 is at ${rpcUrl}: start it with --eth-url ${url} for another`,
      );
    if (contract !== undefined && getAddress(contract) !== coreContract)
      throw new ControlError(
        "UNSUPPORTED",
        `this devnet's core contract is at ${coreContract}: start it with --core ${getAddress(contract)} for another`,
      );
    return coreContract;
  }

  async flush(dryRun: boolean): Promise<Flushed> {
    const settles = this.#layer.options.settlement !== "none";
    if (!dryRun) {
      const waiting = this.#newMessagesToL1().length;
      if (waiting > 0 && !settles)
        throw new ControlError(
          "UNSUPPORTED",
          `${waiting} messages wait for L1, where nothing settles: start with settlement "proven" or "unproven"`,
        );
      await answered(async () => {
        await this.#layer.flush();
        await this.#sequencer.exclusively(() => undefined);
        if (settles) await this.#layer.settle();
      });
    }
    const toL2 = this.#layer.messages.filter(
      ({ hash, state }) => !this.#told.has(hash) && state !== "cancelled",
    );
    const toL1 = this.#newMessagesToL1();
    if (!dryRun) {
      for (const { hash, transaction } of toL2) this.#told.set(hash, transaction?.hash);
      this.#toldBlock = this.#sequencer.chain.latest().number;
    }
    return {
      messagesToL1: toL1.map(({ message }) => message),
      messagesToL2: toL2.map(({ message, fee, place }) => ({
        message,
        paidFee: fee,
        l1TransactionHash: place && BigInt(place.transactionHash),
      })),
      transactions: toL2.flatMap(({ transaction }) => transaction?.hash ?? []),
    };
  }

  async send(paid: PaidMessage): Promise<Felt> {
    const { message, paidFee, l1TransactionHash } = paid;
    const transactionHash = await answered(() => this.#layer.inject(message, paidFee));
    await this.#sequencer.exclusively(() => undefined);
    if (l1TransactionHash !== undefined) {
      const sent = this.#sent.get(l1TransactionHash) ?? new Map<Felt, PaidMessage>();
      this.#sent.set(l1TransactionHash, sent.set(transactionHash, paid));
    }
    return transactionHash;
  }

  async consume(message: MessageToL1): Promise<bigint> {
    const { core, ethereum } = this.#layer;
    const from = toPaddedHex(message.toAddress, 20);
    const data = core.interface.encodeFunctionData("consumeMessageFromL2", [
      message.fromAddress,
      message.payload,
    ]);
    await answered(async () => {
      if (!(await ethereum.develop("impersonateAccount", from)))
        throw new SettlementError(
          "this L1 is no development chain: a message to L1 is consumed by its receiver alone",
        );
      const balance = await ethereum.balance(from);
      const setBalance = (wei: bigint) =>
        ethereum.develop("setBalance", from, `0x${wei.toString(16)}`);
      try {
        await setBalance(balance + CONSUMPTION_BALANCE);
        const hash = await ethereum.request<string>("eth_sendTransaction", {
          from,
          to: core.address,
          data,
        });
        await ethereum.mined(hash, CONSUMPTION_MS);
      } catch (error) {
        throw error instanceof L1RequestError
          ? new SettlementError(`L1 refuses the consumption: ${revertReason(error)}`)
          : error;
      } finally {
        await setBalance(balance);
        await ethereum.develop("stopImpersonatingAccount", from);
      }
      await this.#layer.sync();
    });
    return messageToL1Hash(message);
  }

  async accept(number: number): Promise<readonly Felt[]> {
    const { chain } = this.#sequencer;
    if (this.#layer.options.settlement === "none")
      throw new ControlError(
        "UNSUPPORTED",
        'nothing settles on this L1: start with settlement "proven" or "unproven"',
      );
    const before = chain.latestOnL1() ?? -1;
    if (number <= before) throw new ControlError("UNSUPPORTED", "Block already accepted on L1");
    const { hash } = chain.header(number)!;
    await answered(() => this.#layer.settle(number));
    if (chain.header(number)?.hash !== hash)
      throw new ControlError("UNSUPPORTED", `block ${number} was taken back meanwhile`);
    const accepted: Felt[] = [];
    for (let n = number; n > before; n--) accepted.push(chain.header(n)!.hash);
    return accepted;
  }

  /** Closed blocks that L1 does not have, the oldest first. */
  #blocksOnTheWay(): BlockReport[] {
    const { chain } = this.#sequencer;
    const first = (chain.latestOnL1() ?? 0) + 1;
    const last = Math.min(chain.latest().number, first + LISTED_BLOCKS - 1);
    const reports: BlockReport[] = [];
    for (let number = first; number <= last; number++) {
      const proving = this.#prover?.stageOf(number) ?? { stage: "executed" };
      reports.push({
        number,
        stage: proving.stage,
        percent: proving.stage === "proving" ? Math.floor(100 * proving.fraction) : undefined,
        reason: proving.stage === "unprovable" ? proving.reason : undefined,
      });
    }
    return reports;
  }

  /** Messages to L1 of closed blocks that no flush has told of. */
  #newMessagesToL1(): MessageToL1Status[] {
    return messagesToL1(this.#sequencer, this.#layer, this.#toldBlock + 1).filter(
      ({ block }) => block !== undefined,
    );
  }
}

const reportToL2 = ({ sent, stage, block, reason }: MessageToL2Status): MessageToL2Report => ({
  message: sent.message,
  paidFee: sent.fee,
  l1TransactionHash: sent.place && BigInt(sent.place.transactionHash),
  hash: sent.hash,
  stage,
  transactionHash: sent.transaction?.hash,
  block,
  reason,
});

const reportToL1 = (status: MessageToL1Status): MessageToL1Report => status;

/** Whether two URLs mean the same server; the names of the loopback are one. */
function isSameServer(a: string, b: string): boolean {
  const key = (text: string): string => {
    const { hostname, port, protocol } = new URL(text);
    const host = /^(localhost|127(\.\d+){3}|\[::1\]|host\.docker\.internal)$/.test(hostname)
      ? "loopback"
      : hostname;
    return `${host}:${port || (protocol === "https:" ? "443" : "80")}`;
  };
  try {
    return key(a) === key(b);
  } catch {
    throw new ControlError("INVALID", `network_url: ${a} is no URL`);
  }
}

/** Errors of L1 as answers to a client. */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = [
      SettlementError,
      L1TransactionError,
      L1UnavailableError,
      L1RequestError,
      UnknownChargesError,
    ];
    if (!known.some((kind) => error instanceof kind)) throw error;
    throw new ControlError("UNSUPPORTED", (error as Error).message);
  }
}
