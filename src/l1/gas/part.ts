/** What a settlement on L1 is paid for. */
import { calldataGas } from "../verifier/phases.ts";

/** In the order of reports. */
export const GAS_GROUPS = [
  /** The transaction that checks the proof. */
  "verification",
  /** The transaction that takes the operator's word for it. */
  "fact without a proof",
  "state diff",
  "messages to L1",
  "messages to L2",
  /** What any update costs, whatever it brings. */
  "update",
  /** What is missing to the least that calldata costs (EIP-7623). */
  "floor of calldata",
] as const;

export type GasGroup = (typeof GAS_GROUPS)[number];

export interface GasPart {
  readonly group: GasGroup;
  readonly part: string;
  /** Negative for a refund. */
  readonly gas: number;
}

export const sumOf = (parts: readonly Pick<GasPart, "gas">[]): number =>
  parts.reduce((sum, { gas }) => sum + gas, 0);

/** Parts that cost something. */
export const nonZero = (parts: readonly GasPart[]): GasPart[] =>
  parts.filter(({ gas }) => gas !== 0);

/** EIP-2028 */
export const calldataPart = (group: GasGroup, bytes: Uint8Array): GasPart => ({
  group,
  part: "calldata",
  gas: calldataGas(bytes).standard,
});
