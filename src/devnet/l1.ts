/** A devnet's L1: where it is, and all that works on it. */
import { availableParallelism } from "node:os";
import type { Felt } from "../field/felt.ts";
import { LayerDriver } from "../l1/driver.ts";
import type { LayerEvent } from "../l1/layer-event.ts";
import { SettlementLayer } from "../l1/settlement-layer.ts";
import type { Transport } from "../l1/transport.ts";
import { buildUpdate, configHash } from "../l1/update.ts";
import { ProofQueue } from "../proving/queue/proof-queue.ts";
import { ProverService } from "../proving/service.ts";
import type { MessageStatus } from "../rpc/method.ts";
import type { BlockRange } from "../starknet/output/range.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import type { DevnetCore } from "./core.ts";
import { STRK_TOKEN } from "../starknet/addresses.ts";
import { DevnetL1Control } from "./l1-control.ts";
import type { DevnetLog } from "./log.ts";

/** Sees every request to an L1 of this process, and lets it go on. */
export type RequestInterceptor = (
  request: Parameters<Transport["request"]>[0],
  next: () => Promise<unknown>,
) => Promise<unknown>;

/** An L1 that is there. */
export interface L1Access {
  readonly transport: Transport;
  /** As it is shown to users. */
  readonly url: string;
  /** How often it is looked at. */
  readonly pollMs: number;
  /** Present for an L1 of this process. */
  readonly intercept?: (interceptor: RequestInterceptor) => void;
}

export interface L1Side {
  readonly access: L1Access;
  readonly layer: SettlementLayer;
  readonly control: DevnetL1Control;
  /** Where blocks settle with proofs. */
  readonly prover: ProverService | undefined;
  close(): Promise<void>;
}

/** Rejects with SettlementError and L1's errors; then nothing is left running. */
export async function openL1(
  core: DevnetCore,
  store: KeyValueStore,
  access: L1Access,
  log: DevnetLog,
  background: boolean,
): Promise<L1Side> {
  const { options, sequencer } = core;
  const onEvent = log.layer;
  const proving =
    options.settlement === "proven"
      ? await startProving(core, store, onEvent, background)
      : undefined;
  const prover = proving?.service;
  const layer = await SettlementLayer.open({
    transport: access.transport,
    url: access.url,
    sequencer,
    store,
    feeToken: STRK_TOKEN,
    prover,
    options: {
      settlement: options.settlement,
      core: options.core,
      privateKey: options.ethKey,
      relay: options.relay,
      settleOn: options.settleOn,
      pollMs: access.pollMs,
    },
    onEvent,
  }).catch(async (error: unknown) => {
    await proving?.end();
    throw error;
  });
  const driver = new LayerDriver({ layer, chain: sequencer.chain, onEvent });
  const parts = { layer, driver, sequencer, prover, proverQueue: proving?.queue };
  const control = new DevnetL1Control(parts);
  return {
    access,
    layer,
    control,
    prover,
    async close() {
      control.close();
      await proving?.end();
      // Together: the driver's last round does not outlast the layer.
      await Promise.all([layer.stop(), driver.stop()]);
    },
  };
}

interface Proving {
  readonly service: ProverService;
  readonly queue: ProofQueue | undefined;
  end(): Promise<void>;
}

/** Provers of this process share its cores; those of a queue have their own. Rejects with QueueError. */
async function startProving(
  { options, sequencer, environment }: DevnetCore,
  store: KeyValueStore,
  onEvent: (event: LayerEvent) => void,
  background: boolean,
): Promise<Proving> {
  const { provers, proverQueue: url, proveAge, proveSteps } = options;
  const { chain } = sequencer;
  // Facts, which alone depend on the program, are not asked for here.
  const identity = { programHash: 0n, configHash: configHash(chain.chainId, STRK_TOKEN) };
  const expectedOutput = (range: BlockRange): readonly Felt[] => {
    const { main, stateDiff } = buildUpdate(chain, range, identity);
    return [...main, ...stateDiff];
  };
  const onProvers = (): void => service.refill();
  const queue =
    url === undefined
      ? undefined
      : await ProofQueue.open({ url, expectedOutput, onEvent, onProvers, background });
  const service: ProverService = new ProverService({
    ...{ chain, environment, store, onEvent },
    provers: () => provers ?? queue?.capacity ?? 1,
    threads: Math.max(1, Math.floor(availableParallelism() / (queue ? 1 : (provers ?? 1)))),
    gathering: { ageMs: proveAge, steps: proveSteps },
    ...(queue && { start: queue.start }),
  });
  return {
    service,
    queue,
    async end() {
      await service.stop();
      await queue?.close();
    },
  };
}

/** What has become of the messages of an L1 transaction on L2; undefined for one that sent none. */
export function messagesStatus(
  { control }: L1Side,
  { sequencer: { chain } }: DevnetCore,
  l1TransactionHash: bigint,
): readonly MessageStatus[] | undefined {
  const messages = control.messagesOf(l1TransactionHash);
  if (messages.length === 0) return undefined;
  return messages.flatMap(({ transactionHash, block, reason }) => {
    if (transactionHash === undefined || chain.locate(transactionHash) === undefined) return [];
    const onL1 = block !== undefined && block <= (chain.latestOnL1() ?? -1);
    const finality =
      block === undefined ? "PRE_CONFIRMED" : onL1 ? "ACCEPTED_ON_L1" : "ACCEPTED_ON_L2";
    return [{ transactionHash, finality, revertReason: reason }];
  });
}
