/** What the transactions were paid for that brought a fact into L1's registry. */
import { toPaddedHex } from "../../util/hex.ts";
import { selectorOf } from "../abi.ts";
import type { Ethereum } from "../ethereum.ts";
import { SettlementError } from "../settlement-error.ts";
import { type FactProfiler, PROVE_FACT } from "../verifier/fact-phases.ts";
import { calldataGas } from "../verifier/phases.ts";
import { TRANSACTION_BASE } from "./bill.ts";
import { calldataPart, type GasGroup, type GasPart, nonZero, sumOf } from "./part.ts";

/** A transaction as L1 has it. */
export interface L1Transaction {
  readonly hash: string;
  readonly from: string;
  readonly to: string | null;
  readonly input: string;
  readonly blockNumber: string;
  readonly nonce: string;
}

/** Functions of the registries by their selectors. */
const FUNCTIONS = new Map(
  [
    PROVE_FACT,
    "beginFact(uint256[],uint256[],uint256[],uint256,bytes)",
    "resume(bytes,uint256,bytes)",
    "registerFact(bytes32)",
  ].map((signature) => [
    `0x${Buffer.from(selectorOf(signature)).toString("hex")}`,
    signature.slice(0, signature.indexOf("(")),
  ]),
);

/** Name of the function that a transaction calls. */
export const functionOf = ({ input }: L1Transaction): string =>
  FUNCTIONS.get(input.slice(0, 10).toLowerCase()) ?? "another function";

/** Blocks of L1 asked for logs at once, and how many are looked through for the first part of a proof. */
const CHUNK = 2_000;
const SPLIT_PROOF_BLOCKS = 1_000;

/**
 * The transactions that made a fact valid, the oldest first: one, or several where the proof did not fit into one.
 * Throws SettlementError where they cannot be found.
 *
 * @param before block of L1 in which the fact was used
 */
export async function factTransactions(
  l1: Ethereum,
  registry: string,
  fact: bigint,
  before: number,
): Promise<L1Transaction[]> {
  const topics = [null, toPaddedHex(fact, 32)];
  for (let to = before; to >= 0; to -= CHUNK) {
    const [log] = await l1.logs(registry, Math.max(0, to - CHUNK + 1), to, topics);
    if (log === undefined) continue;
    const last = await transactionOf(l1, log.transactionHash);
    return functionOf(last) === "resume" ? splitProof(l1, last) : [last];
  }
  throw new SettlementError(`L1 has no log of the fact ${toPaddedHex(fact, 32)} in ${registry}`);
}

export const transactionOf = (l1: Ethereum, hash: string): Promise<L1Transaction> =>
  l1.request<L1Transaction>("eth_getTransactionByHash", hash);

/** Those of the same account to the same registry, back to the one that began. */
async function splitProof(l1: Ethereum, last: L1Transaction): Promise<L1Transaction[]> {
  const found: L1Transaction[] = [];
  const end = Number(last.blockNumber);
  for (let number = end; number >= 0 && number > end - SPLIT_PROOF_BLOCKS; number--) {
    const block = await l1.request<{ transactions: L1Transaction[] }>(
      "eth_getBlockByNumber",
      `0x${number.toString(16)}`,
      true,
    );
    for (const transaction of block.transactions.toReversed()) {
      const { from, to, nonce } = transaction;
      if (from !== last.from || to !== last.to || Number(nonce) > Number(last.nonce)) continue;
      found.unshift(transaction);
      if (functionOf(transaction) === "beginFact") return found;
    }
  }
  throw new SettlementError(
    `the proof that ends with ${last.hash} begins more than ${SPLIT_PROOF_BLOCKS} blocks of L1 before it`,
  );
}

/**
 * The parts of such a transaction's gas; they add up to `gasUsed`. Phases are measured by verifying once more, so that
 * what is left is the call itself; where L1 cannot do that, and for a proof in several transactions, execution is one.
 */
export async function factParts(
  profiler: FactProfiler,
  transaction: L1Transaction,
  gasUsed: number,
): Promise<GasPart[]> {
  const name = functionOf(transaction);
  const group: GasGroup = name === "registerFact" ? "fact without a proof" : "verification";
  const input = Buffer.from(transaction.input.slice(2), "hex");
  const phases = name === "proveFact" ? await profiler.phases(transaction.input) : undefined;
  const known: GasPart[] = [
    { group, part: "base of a transaction", gas: TRANSACTION_BASE },
    calldataPart(group, input),
    ...(phases ?? []).map(({ phase, gas }) => ({ group, part: phase, gas })),
  ];
  const rest = gasUsed - sumOf(known);
  // Where the floor is paid, the receipt does not tell how much was executed.
  const isFloor = gasUsed === TRANSACTION_BASE + calldataGas(input).floor;
  const part = phases === undefined ? "execution and storage" : "call and answer";
  return nonZero([
    ...known,
    isFloor
      ? { group: "floor of calldata", part: `${part} among it`, gas: rest }
      : { group, part, gas: rest },
  ]);
}
