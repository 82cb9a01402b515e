/** A devnet put together: storage, genesis, sequencer, JSON-RPC. It knows nothing of Hardhat. */
import { randomInt } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { debuglog, inspect } from "node:util";
import type { PredeployedAccount } from "../rpc/control.ts";
import { readDump } from "../rpc/journal.ts";
import { startDevnetRpc, type DevnetRpc } from "../rpc/rpc.ts";
import { createControl } from "./control.ts";
import { DevnetCore } from "./core.ts";
import { createExecutionService } from "./execution-service.ts";
import type { DevnetLog } from "./log.ts";
import { OptionError, type DevnetOptions } from "./options.ts";
import { openStore } from "./storage.ts";

export interface Devnet {
  readonly options: DevnetOptions;
  readonly seed: number;
  readonly accounts: readonly PredeployedAccount[];
  /** HTTP; `/` and `/rpc` are the same. */
  readonly url: string;
  readonly webSocketUrl: string;
  readonly core: DevnetCore;
  /** Ends it: open connections are cut, storage is closed; a dump is written where that is asked for. */
  close(): Promise<void>;
}

/** Rejects with PortInUseError, StoreError or what the operating system says; then nothing is left running. */
export async function startDevnet(options: DevnetOptions, log: DevnetLog): Promise<Devnet> {
  const seed = options.seed ?? randomInt(2 ** 32);
  const store = await openStore(options.data);
  let core: DevnetCore | undefined;
  try {
    core = new DevnetCore({ options: { ...options, seed }, store, log });
    const rpc = await startRpc(core, log);
    const host = rpc.host.includes(":") ? `[${rpc.host}]` : rpc.host;
    return {
      options,
      seed: core.seed,
      accounts: core.accounts,
      url: `http://${host}:${rpc.port}/rpc`,
      webSocketUrl: `ws://${host}:${rpc.port}/ws`,
      core,
      async close() {
        try {
          await rpc.close();
        } finally {
          await core!.close();
          store.close();
        }
      },
    };
  } catch (error) {
    await core?.close();
    store.close();
    throw error;
  }
}

async function startRpc(core: DevnetCore, log: DevnetLog): Promise<DevnetRpc> {
  const { options, sequencer } = core;
  const { dumpOn, dumpPath } = options;
  if (dumpOn !== undefined && dumpPath !== undefined) await expectWritable(dirname(dumpPath));
  const dump =
    dumpPath !== undefined && existsSync(dumpPath) ? await readDump(dumpPath) : undefined;
  return startDevnetRpc(
    {
      chain: sequencer.chain,
      gateway: sequencer,
      execution: createExecutionService(core),
      control: createControl(core),
    },
    {
      host: options.host,
      port: options.port,
      timeout: options.timeout,
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

/** Says at the start what would be too late at the end. */
async function expectWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const { message } = error as Error;
    throw new OptionError(`dumpPath: the folder ${folder} cannot be written: ${message}`);
  }
}
