/**
 * Lets V8 optimise what every transaction runs through, before a client is made to wait for it: the first
 * transfers of a process cost twice what later ones do (docs/performance.md). A chain of its own, in memory,
 * makes transfers in the idle time after the start; the user's chain never hears of it.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { selector } from "../hash/keccak.ts";
import { MemoryStore } from "../state/store/memory-store.ts";
import { DevnetCore } from "./core.ts";
import { STRK_TOKEN } from "../starknet/addresses.ts";
import { silentLog } from "./log.ts";
import { readOptions } from "./options.ts";
import { signedInvoke } from "./signed-invoke.ts";

/** After so many, a transfer's time does not fall any more. */
const TRANSFERS = 100;

/** Ends by itself, or with `signal`; each turn of the event loop makes one transfer. */
export async function warmUp(signal: AbortSignal): Promise<void> {
  const { options } = readOptions({ accounts: 1 });
  const core = new DevnetCore({
    options: { ...options, seed: 0 },
    store: new MemoryStore(),
    log: silentLog,
  });
  const [account] = core.accounts;
  try {
    for (let i = 1n; i <= TRANSFERS && !signal.aborted; i++) {
      const transfer = { to: STRK_TOKEN, selector: selector("transfer"), calldata: [i, 1n, 0n] };
      await core.sequencer.submit({ transaction: signedInvoke(core, account!, transfer) });
      await nextTurn();
    }
  } finally {
    await core.close();
  }
}
