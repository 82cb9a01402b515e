/** What a devnet tells while it runs: a line for each transaction, a line for each block. */
import { styleText } from "node:util";
import type { LayerEvent } from "../l1/layer-event.ts";
import { NEVER_HANDLED } from "../l1/message-book.ts";
import type { Block } from "../starknet/block.ts";
import type { ChainEvent } from "../starknet/chain-view.ts";
import { blocksText } from "../starknet/output/range.ts";
import { grouped, inEther, short } from "../util/amount.ts";

export interface DevnetLog {
  chain(event: ChainEvent): void;
  /** What happens between the layers. */
  layer(event: LayerEvent): void;
  warning(message: string): void;
}

const ignore = (): void => undefined;
export const silentLog: DevnetLog = { chain: ignore, layer: ignore, warning: ignore };

/** Writes tidy lines with `print`; colours only where the terminal has them. */
export function consoleLog(print: (line: string) => void = console.log): DevnetLog {
  return {
    chain(event) {
      const line = describe(event);
      if (line !== undefined) print(line);
    },
    layer: (event) => print(describeLayer(event)),
    warning: (message) => print(`${styleText("yellow", "warning")}  ${message}`),
  };
}

function describe(event: ChainEvent): string | undefined {
  switch (event.kind) {
    case "preConfirmed": {
      const { type, hash } = event.transaction;
      const { revertReason, resources, actualFee, feeUnit } = event.receipt;
      const outcome =
        revertReason === undefined ? styleText("green", "ok      ") : styleText("red", "reverted");
      const token = feeUnit === "FRI" ? "STRK" : "ETH";
      const line =
        `${styleText("cyan", "tx    ")} ${short(hash).padEnd(13)}  ${type.padEnd(14)}  ${outcome}  ` +
        `l2 gas ${grouped(resources.l2Gas)}  l1 gas ${grouped(resources.l1Gas + resources.l1DataGas)}  fee ${inEther(actualFee)} ${token}`;
      return revertReason === undefined ? line : `${line}\n       ${lastLine(revertReason)}`;
    }
    case "block":
      return describeBlock(event.block);
    case "reorg":
      return `${styleText("yellow", "reorg ")} blocks ${event.first.number} to ${event.last.number} are gone`;
    case "refused":
      // Whoever sent a transaction has the answer; the sender of a message is on L1.
      return event.transaction.type === "L1_HANDLER"
        ? `${styleText("red", "refused")} ${short(event.transaction.hash).padEnd(13)}  message from L1: ${event.reason}`
        : undefined;
    case "received":
    case "candidate":
    case "acceptedOnL1": // the update that brought it has its line
      return undefined;
  }
}

function describeLayer(event: LayerEvent): string {
  const toL2 = styleText("magenta", "L1>L2 ");
  const toL1 = styleText("magenta", "L2>L1 ");
  const l1 = styleText("magenta", "L1    ");
  const proof = styleText("magenta", "proof ");
  switch (event.kind) {
    case "messageSeen": {
      const { message, fee, transaction } = event.sent;
      const line = `${toL2} message ${message.nonce} from ${short(message.fromAddress)} to ${short(message.toAddress)}  fee ${inEther(fee)} ETH`;
      return transaction === undefined
        ? `${line}\n       L2 can never handle it: ${NEVER_HANDLED}`
        : line;
    }
    case "messageCancelled":
      return `${toL2} message ${event.sent.message.nonce} is cancelled by its sender`;
    case "proving":
      return `${proof} of ${blocksText(event.range)} is being made`;
    case "proven": {
      const { range, duration, proof: made } = event.stored;
      return `${proof} of ${blocksText(range)} made in ${(duration / 1000).toFixed(1)} s  2^${Math.log2(made.rows)} rows  ${grouped(BigInt(made.file.proof.length))} bytes`;
    }
    case "unprovable":
      return `${styleText("yellow", "warning")}  block ${event.block} cannot be proven, and nothing from there on settles: ${event.reason}`;
    case "proverFailed":
      return `${styleText("yellow", "warning")}  the prover of ${blocksText(event.range)} failed, again in ${event.retryMs / 1000} s: ${event.message}`;
    case "proverQueue":
      return `${event.isWarning ? `${styleText("yellow", "warning")} ` : proof} queue: ${event.message}`;
    case "settled": {
      const { firstBlock, lastBlock, stateRoot, gasUsed, factTransactions } = event.range;
      const { messagesToL1, messagesToL2 } = event.range;
      const forFacts = factTransactions.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
      const lines = [
        `${l1} ${blocksText({ first: firstBlock, last: lastBlock })} accepted on L1  state root ${short(stateRoot)}  gas ${grouped(gasUsed + forFacts)}`,
        ...messagesToL2.map(({ nonce }) => `${toL2} message ${nonce} is consumed on L1`),
        ...messagesToL1.map(
          ({ fromAddress, toAddress }) =>
            `${toL1} message from ${short(fromAddress)} to ${short(toAddress)} may be consumed`,
        ),
      ];
      return lines.join("\n");
    }
    case "consumedOnL1": {
      const { fromAddress, toAddress } = event.message;
      return `${toL1} message from ${short(fromAddress)} is consumed by ${short(toAddress)}`;
    }
    case "l1Reorg":
      return `${styleText("yellow", "reorg ")} L1 went back: ${event.lost} events of the core contract are gone`;
    case "replayed":
      return (
        `${styleText("yellow", "reorg ")} L2 made its blocks from ${event.first} on anew, without ` +
        `${event.dropped.map(({ nonce }) => `message ${nonce}`).join(", ")}, which L1 took back`
      );
    case "problem":
      return `${styleText("yellow", "warning")}  ${event.message}`;
    case "recovered":
      return `${l1} works again`;
  }
}

function describeBlock({ header }: Block): string {
  const count =
    header.transactionCount === 1 ? "1 transaction" : `${header.transactionCount} transactions`;
  return (
    `${styleText("blue", "block ")} ${String(header.number).padEnd(6)} ${short(header.hash).padEnd(13)}  ` +
    `${count}  state root ${short(header.stateRoot)}`
  );
}

const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";
