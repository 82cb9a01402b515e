/** `starknet:status`: what is under way between the layers, as a person reads it. */
import { styleText } from "node:util";
import { inEther } from "../util/amount.ts";

/** The answer of `devnet_getL1Status` (rpc/format/l1.ts). */
export interface StatusAnswer {
  readonly rpc_url: string;
  readonly chain_id: number;
  readonly core_contract_address: string;
  readonly fact_registry_address: string | null;
  readonly settlement: string;
  readonly l1_block_number: number | null;
  readonly latest_block_number: number;
  readonly accepted_on_l1_block_number: number | null;
  readonly problem: string | null;
  /** JSON-RPCs of the nodes that follow. */
  readonly nodes: readonly string[];
  /** Where provers are other processes. */
  readonly prover_queue?: {
    readonly url: string;
    readonly version: string;
    readonly problem: string | null;
    readonly provers: readonly ProverAnswer[];
    readonly provers_of_other_versions: readonly ProverAnswer[];
  };
  readonly blocks: readonly {
    readonly block_number: number;
    readonly stage: string;
    readonly percent?: number;
    readonly reason?: string;
  }[];
  readonly messages_to_l2: readonly {
    readonly stage: string;
    readonly reason?: string;
    readonly nonce: string;
    readonly l1_contract_address: string;
    readonly l2_contract_address: string;
    readonly paid_fee_on_l1: string;
    readonly block_number: number | null;
  }[];
  readonly messages_to_l1: readonly {
    readonly stage: string;
    readonly from_address: string;
    readonly to_address: string;
    readonly payload: readonly string[];
    readonly block_number: number | null;
  }[];
}

interface ProverAnswer {
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  readonly concurrency: number;
}

const title = (text: string): string => styleText("bold", text);
const blockText = (number: number | null): string =>
  number === null ? "open block" : `block ${number}`;
const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";
const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What a node answers to `node_getStatus` (rpc/methods/node/get-status.ts), or why it does not. */
export type NodeAnswer =
  | {
      readonly url: string;
      readonly mode: string;
      readonly stage: string;
      readonly block_number: number | null;
      readonly blocks_behind: number | null;
      readonly problem: string | null;
    }
  | { readonly url: string; readonly failure: string };

/** @param nodes those that follow the devnet */
export function statusReport(
  url: string,
  status: StatusAnswer,
  nodes: readonly NodeAnswer[],
): string {
  const onL1 = status.accepted_on_l1_block_number;
  const behind = status.latest_block_number - (onL1 ?? 0);
  const toL2 = status.messages_to_l2.map(
    (message) =>
      `  ${message.stage.padEnd(13)} message ${BigInt(message.nonce)} from ${message.l1_contract_address} ` +
      `to ${message.l2_contract_address}  fee ${inEther(BigInt(message.paid_fee_on_l1))} ETH` +
      (message.reason === undefined ? "" : `\n${" ".repeat(16)}${lastLine(message.reason)}`),
  );
  const toL1 = status.messages_to_l1.map(
    (message) =>
      `  ${message.stage.padEnd(13)} ${blockText(message.block_number).padEnd(12)} from ${message.from_address} ` +
      `to ${message.to_address}  ${plural(message.payload.length, "word")}`,
  );
  const blocks = status.blocks.map(
    ({ block_number, stage, percent, reason }) =>
      `  ${stage.padEnd(13)} block ${block_number}` +
      (percent === undefined ? "" : `  ${percent} %`) +
      (reason === undefined ? "" : `  ${reason}`),
  );
  const section = (name: string, lines: readonly string[]): string[] => [
    "",
    title(name),
    ...(lines.length === 0 ? ["  none"] : lines),
  ];
  return [
    `${title("L1")}  ${status.rpc_url}  chain id ${status.chain_id}, block ${status.l1_block_number ?? "?"}`,
    `    core contract ${status.core_contract_address}, settlement ${status.settlement}`,
    `${title("L2")}  ${url}  block ${status.latest_block_number}`,
    `    on L1 up to block ${onL1 ?? "none"}, ${plural(behind, "block")} to settle`,
    ...(status.problem === null ? [] : [`    ${styleText("yellow", "problem")} ${status.problem}`]),
    ...(nodes.length > 0 ? section("Nodes", nodes.flatMap(nodeReport)) : []),
    ...(status.prover_queue ? ["", ...proversReport(status.prover_queue)] : []),
    ...section("Blocks on their way to L1", blocks),
    ...section("Messages to L2", toL2),
    ...section("Messages to L1", toL1),
  ].join("\n");
}

function nodeReport(node: NodeAnswer): string[] {
  if ("failure" in node)
    return [`  ${styleText("yellow", "no answer")}     ${node.url}  ${node.failure}`];
  const { mode, stage, block_number: number, blocks_behind: behind, problem } = node;
  const place = number === null ? "no block yet" : `block ${number}`;
  const lag = behind === null ? "" : `, ${plural(behind, "block")} behind`;
  return [
    `  ${stage.padEnd(13)} ${mode.padEnd(7)} ${node.url}  ${place}${lag}`,
    ...(problem === null ? [] : [`${" ".repeat(16)}${styleText("yellow", "problem")} ${problem}`]),
  ];
}

function proversReport(queue: NonNullable<StatusAnswer["prover_queue"]>): string[] {
  const { url, version, problem, provers, provers_of_other_versions: others } = queue;
  const line = ({ name, concurrency, threads }: ProverAnswer): string =>
    `${name}  ${plural(concurrency, "proof")} at a time, ${plural(threads, "thread")} each`;
  return [
    `${title("Provers")} of version ${version} on ${url}`,
    ...(provers.length + others.length === 0 ? ["  none"] : []),
    ...provers.map((prover) => `  ${line(prover)}`),
    ...others.map((prover) => `  ${line(prover)}, of version ${prover.version}: takes no jobs`),
    ...(problem === null ? [] : [`  ${styleText("yellow", "problem")} ${problem}`]),
  ];
}
