/** What a state update was paid for: the update itself, the state diff, the messages. */
import type { Felt } from "../../field/felt.ts";
import { decodeProgramOutput, HEADER_SIZE } from "../../starknet/output/program-output.ts";
import type { CoreContract } from "../core-contract.ts";
import type { Ethereum } from "../ethereum.ts";
import { SettlementError } from "../settlement-error.ts";
import { L1RequestError } from "../transport.ts";
import { type Bill, type Step, storageGas, tracedBill, TRANSACTION_BASE } from "./bill.ts";
import { calldataPart, type GasGroup, type GasPart, nonZero, sumOf } from "./part.ts";

const SELECTOR_BYTES = 4;
const WORD_BYTES = 32;

/** The arguments of `updateStateCalldataDA`. */
export interface UpdateCalldata {
  readonly main: readonly Felt[];
  readonly stateDiff: readonly Felt[];
}

/** Throws SettlementError for a transaction that is no call of the core contract by its operator itself. */
export function readUpdate(
  core: CoreContract,
  hash: string,
  { to, input }: { readonly to: string | null; readonly input: string },
): UpdateCalldata {
  const refuse = (): never => {
    throw new SettlementError(
      `${hash} brought an update to the core contract ${core.address} in a form of its own: what it costs cannot be told from what else it does`,
    );
  };
  if (to === null || BigInt(to) !== BigInt(core.address)) return refuse();
  const parsed = core.interface.parseTransaction({ data: input });
  if (parsed?.name !== "updateStateCalldataDA") return refuse();
  const [main, stateDiff] = parsed.args.map((words) => [...(words as Iterable<bigint>)]);
  // Parts are found by their place in the calldata.
  if (core.encodeUpdate(main!, stateDiff!) !== input.toLowerCase()) return refuse();
  return { main: main!, stateDiff: stateDiff! };
}

/**
 * The parts of an update's gas; they add up to `gasUsed`. On an L1 that does not trace transactions, only calldata is
 * told apart. Rejects with UnknownChargesError and L1's errors.
 */
export async function updateParts(
  l1: Ethereum,
  { hash, input }: { readonly hash: string; readonly input: string },
  update: UpdateCalldata,
  gasUsed: number,
): Promise<GasPart[]> {
  const known: GasPart[] = [
    { group: "update", part: "base of a transaction", gas: TRANSACTION_BASE },
    ...calldataParts(update, Buffer.from(input.slice(2), "hex")),
  ];
  let traced: Awaited<ReturnType<typeof tracedBill>>;
  try {
    traced = await tracedBill(l1, hash);
  } catch (error) {
    if (!(error instanceof L1RequestError)) throw error;
    const part = "execution and storage of all (this L1 has no debug_traceTransaction)";
    return nonZero([...known, { group: "update", part, gas: gasUsed - sumOf(known) }]);
  }
  const { bill, steps } = traced;
  const { messagesToL1, messagesToL2 } = decodeProgramOutput(update.main).output;
  return nonZero([
    ...known,
    ...workParts(bill, steps, { toL1: messagesToL1.length, toL2: messagesToL2.length }),
    { group: "messages to L2", part: "refund", gas: -bill.refund },
    { group: "floor of calldata", part: "calldata", gas: bill.surcharge },
  ]);
}

/** The calldata: selector, two offsets, length and words of the main part, length and words of the diff. */
function calldataParts({ main, stateDiff }: UpdateCalldata, input: Uint8Array): GasPart[] {
  let position = SELECTOR_BYTES + 3 * WORD_BYTES;
  const take = (words: number): Uint8Array =>
    input.subarray(position, (position += words * WORD_BYTES));
  const update = [input.subarray(0, position), take(HEADER_SIZE + 1)];
  const toL1 = take(Number(main[HEADER_SIZE]!));
  update.push(take(1));
  const toL2 = take(main.length - HEADER_SIZE - 2 - toL1.length / WORD_BYTES);
  update.push(take(1));
  return [
    calldataPart("update", Buffer.concat(update)),
    calldataPart("state diff", take(stateDiff.length)),
    calldataPart("messages to L1", toL1),
    calldataPart("messages to L2", toL2),
  ];
}

/**
 * Execution and storage, told apart by what the core contract does in its order: it reads who is an operator, hashes
 * the diff, reads and writes the state (three slots), takes messages to L1 and then those to L2, each with a log, logs
 * the state twice, and pays the fees.
 */
function workParts(
  bill: Bill,
  steps: readonly Step[],
  { toL1, toL2 }: { readonly toL1: number; readonly toL2: number },
): GasPart[] {
  const own = steps.filter(({ depth }) => depth === steps[0]!.depth);
  const indices = (isIt: (op: string) => boolean): number[] =>
    own.flatMap(({ op }, i) => (isIt(op) ? [i] : []));
  const logs = indices((op) => op.startsWith("LOG"));
  const reads = indices((op) => op === "SLOAD");
  if (logs.length !== toL1 + toL2 + 3 || reads.length < 2)
    throw new SettlementError(
      "the core contract is another one than this L2's: its work is unknown",
    );
  const stateLog = logs[toL1 + toL2 + 2]!;
  const stateWritten = indices((op) => op === "SSTORE").filter((i) => i > logs[0]!)[2]!;
  const messages = toL1 === 0 ? stateWritten : logs[toL1]!;
  const handled = toL2 === 0 ? messages : logs[toL1 + toL2]!;
  const payment = indices((op) => op === "CALL").filter((i) => i > stateLog)[0] ?? stateLog;

  const between = (group: GasGroup, name: string, from: number, to: number): GasPart[] => {
    const [first, last] = [own[from]!, own[to]!];
    const inside = steps.slice(steps.indexOf(first), steps.indexOf(last));
    const storage = storageGas(inside);
    return [
      { group, part: `${name}execution`, gas: first.gas - last.gas - storage },
      { group, part: `${name}storage`, gas: storage },
    ];
  };
  const parts = [
    // A part ends where the instruction after its last one begins.
    ...between("state diff", "", reads[0]! + 1, reads[1]!),
    ...between("messages to L1", "", stateWritten + 1, messages + 1),
    ...between("messages to L2", "", messages + 1, handled + 1),
    ...between("messages to L2", "paying out fees, ", stateLog + 1, payment + 1),
  ];
  const others = (kind: string): number =>
    parts.filter(({ part }) => part.endsWith(kind)).reduce((sum, { gas }) => sum + gas, 0);
  return [
    { group: "update", part: "execution", gas: bill.execution - others("execution") },
    { group: "update", part: "storage", gas: bill.storage - others("storage") },
    ...parts,
  ];
}
