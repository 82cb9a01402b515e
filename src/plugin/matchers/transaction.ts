/** What the matchers take as a transaction, and what it did. */
import { contractInterface } from "../../l1/artifacts.ts";
import { type CoreEvent, readEvent } from "../../l1/events.ts";
import type { ConnectedContract, StatusProvider } from "./types.ts";

/** How clients write the hash of a transaction, and where they put it. */
interface HashForm {
  readonly pattern: RegExp;
  readonly properties: readonly string[];
}

export const ON_L1: HashForm = {
  pattern: /^0x[0-9a-f]{64}$/i,
  properties: ["hash", "transactionHash"],
};
export const ON_L2: HashForm = {
  pattern: /^0x[0-9a-f]{1,64}$/i,
  properties: ["transaction_hash"],
};

/** Hash of a transaction, given as itself or as what a client gave for it. Throws TypeError. */
export function hashOf(subject: unknown, { pattern, properties }: HashForm): string {
  const inside = properties.map((name) => (subject as Record<string, unknown> | undefined)?.[name]);
  for (const value of [subject, ...inside])
    if (typeof value === "string" && pattern.test(value)) return value;
  throw new TypeError(
    "expected a transaction: its hash, its receipt, or what was returned when it was sent",
  );
}

/** What a transaction of L1 made the core contract say; rejects with TypeError for one that is not there. */
export async function coreEvents(core: ConnectedContract, hash: string): Promise<CoreEvent[]> {
  const provider = core.runner?.provider;
  if (!provider)
    throw new TypeError("the core contract has no provider: pass what starknet.core() answers");
  if ((await provider.getTransaction(hash)) === null)
    throw new TypeError(`L1 has no transaction ${hash}`);
  const [address, receipt] = await Promise.all([
    core.getAddress(),
    provider.waitForTransaction(hash),
  ]);
  const logs = receipt!.logs.filter((log) => log.address.toLowerCase() === address.toLowerCase());
  return logs.flatMap((log) => {
    const { topics, data, blockNumber, blockHash, transactionHash, index: logIndex } = log;
    const place = { address, blockNumber, blockHash, transactionHash, logIndex };
    return readEvent(contractInterface("StarknetCore"), { ...place, topics, data }) ?? [];
  });
}

/** Finality of a transaction of L2; rejects as the provider does. */
export async function finalityOf(provider: StatusProvider, hash: string): Promise<string> {
  const { finality_status } = (await provider.getTransactionStatus(hash)) as {
    finality_status: string;
  };
  return finality_status;
}
