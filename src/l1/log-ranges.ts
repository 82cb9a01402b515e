/** Reads logs of many blocks in as many pieces as a provider wants. */
import type { Ethereum, L1Log } from "./ethereum.ts";
import { L1RequestError } from "./transport.ts";

/** Blocks asked for at once; fewer where L1 refuses so many. */
const CHUNK = 2_000;

/** The logs of a piece, in their order, and its last block. */
export interface LogPiece {
  readonly logs: readonly L1Log[];
  readonly last: number;
}

/** Logs of a contract in blocks `from` to `to`, both included; of events with these topics, where some are given. */
export async function* logRanges(
  ethereum: Ethereum,
  address: string,
  from: number,
  to: number,
  topics?: readonly string[],
): AsyncGenerator<LogPiece> {
  let chunk = CHUNK;
  for (let first = from; first <= to;) {
    const last = Math.min(first + chunk - 1, to);
    let logs: readonly L1Log[];
    try {
      logs = await ethereum.logs(address, first, last, topics && [topics]);
    } catch (error) {
      // Providers bound blocks or events of one answer, and each says so in its own words.
      if (!(error instanceof L1RequestError) || first === last) throw error;
      chunk = Math.ceil((last - first + 1) / 2);
      continue;
    }
    yield { logs, last };
    first = last + 1;
  }
}
