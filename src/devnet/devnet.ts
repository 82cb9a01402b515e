/** A devnet put together: storage, genesis, sequencer, L1, JSON-RPC. It knows nothing of Hardhat. */
import { randomInt } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { debuglog, inspect } from "node:util";
import { createExecutionService } from "../rpc/chain-execution.ts";
import { DEVNET_METHODS, STARKNET_METHODS } from "../rpc/methods/index.ts";
import type { DevnetControl, PredeployedAccount } from "../rpc/control.ts";
import { readDump } from "../rpc/journal.ts";
import { startDevnetRpc, type DevnetRpc } from "../rpc/rpc.ts";
import { createControl } from "./control.ts";
import { DevnetCore } from "./core.ts";
import { messagesStatus, openL1, type L1Access, type L1Side } from "./l1.ts";
import type { DevnetLog } from "./log.ts";
import { OptionError, type DevnetOptions } from "./options.ts";
import { openStore } from "../state/store/open.ts";

export interface Devnet {
  readonly options: DevnetOptions;
  readonly seed: number;
  readonly accounts: readonly PredeployedAccount[];
  /** HTTP; `/` and `/rpc` are the same. */
  readonly url: string;
  readonly webSocketUrl: string;
  readonly core: DevnetCore;
  readonly control: DevnetControl;
  /** Undefined for an L2 alone. */
  readonly l1: L1Side | undefined;
  /** Ends it: open connections are cut, storage is closed; a dump is written where that is asked for. */
  close(): Promise<void>;
}

/**
 * Starts an L2, on an L1 where one is given; the process may end while it runs in the background. Rejects with ListenError, StoreError, SettlementError, L1's errors or
 * what the operating system says; then nothing is left running.
 */
export async function startDevnet(
  options: DevnetOptions,
  log: DevnetLog,
  access?: L1Access,
  { background = false }: { readonly background?: boolean } = {},
): Promise<Devnet> {
  expectMethods(options.restrictiveMode);
  const seed = options.seed ?? randomInt(2 ** 32);
  const store = await openStore(options.data);
  let core: DevnetCore | undefined;
  let l1: L1Side | undefined;
  try {
    core = new DevnetCore({ options: { ...options, seed }, store, log });
    if (options.seed !== undefined && options.seed !== core.seed)
      log.warning(
        `the chain in ${options.data} was made with seed ${core.seed}, which it keeps, as it keeps its accounts: choose another folder for others`,
      );
    l1 = access && (await openL1(core, store, access, log, background));
    const control = createControl(core, l1);
    const rpc = await startRpc(core, control, l1, log, background);
    return {
      options,
      seed: core.seed,
      accounts: core.accounts,
      url: `${rpc.origin}/rpc`,
      webSocketUrl: `${rpc.origin.replace(/^http/, "ws")}/ws`,
      core,
      control,
      l1,
      async close() {
        try {
          await rpc.close();
        } finally {
          await l1?.close();
          await core!.close();
          store.close();
        }
      },
    };
  } catch (error) {
    await l1?.close();
    await core?.close();
    store.close();
    throw error;
  }
}

async function startRpc(
  core: DevnetCore,
  control: DevnetControl,
  l1: L1Side | undefined,
  log: DevnetLog,
  background: boolean,
): Promise<DevnetRpc> {
  const { options, sequencer } = core;
  const { dumpOn, dumpPath } = options;
  if (dumpOn !== undefined && dumpPath !== undefined) await expectWritable(dirname(dumpPath));
  const dump =
    dumpPath !== undefined && existsSync(dumpPath) ? await readDump(dumpPath) : undefined;
  return startDevnetRpc(
    {
      chain: sequencer.chain,
      gateway: sequencer,
      execution: createExecutionService({
        chain: sequencer.chain,
        environment: core.environment,
        prepareClass: (submission) => core.prepareClass(submission),
      }),
      control,
      l1: l1?.control,
      signer: core.signer,
      l1Contracts: () => l1?.control.describe(),
      ...(l1 && { messagesStatus: (hash: bigint) => messagesStatus(l1, core, hash) }),
    },
    {
      host: options.host,
      port: options.port,
      timeout: options.timeout,
      background,
      restricted: options.restrictiveMode,
      dumpOn,
      dumpPath,
      ...(dump && { dump }),
      log: {
        error: (message, error) => log.warning(`${message}: ${inspect(error)}`),
        refused: debuglog("hardhat:starknet:rpc"),
      },
    },
  );
}

/** A name with a typing error would forbid nothing. */
function expectMethods(names: readonly string[]): void {
  const known = new Set([...STARKNET_METHODS, ...DEVNET_METHODS].map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new OptionError(`restrictiveMode: there is no method ${unknown.join(", ")}`);
}

/** Says at the start what would be too late at the end. */
async function expectWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const { message } = error as Error;
    throw new OptionError(`dumpPath: the folder ${folder} cannot be written: ${message}`);
  }
}
