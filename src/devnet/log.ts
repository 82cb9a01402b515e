/** What a devnet tells while it runs: a line for each transaction, a line for each block. */
import { styleText } from "node:util";
import type { Block } from "../starknet/block.ts";
import type { ChainEvent } from "../starknet/chain-view.ts";
import { grouped, inEther, short } from "../util/amount.ts";

export interface DevnetLog {
  chain(event: ChainEvent): void;
  warning(message: string): void;
}

export const silentLog: DevnetLog = { chain: () => undefined, warning: () => undefined };

/** Writes tidy lines with `print`; colours only where the terminal has them. */
export function consoleLog(print: (line: string) => void = console.log): DevnetLog {
  return {
    chain(event) {
      const line = describe(event);
      if (line !== undefined) print(line);
    },
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
    case "acceptedOnL1":
      return `${styleText("magenta", "L1    ")} block ${event.number} is accepted on L1`;
    case "reorg":
      return `${styleText("yellow", "reorg ")} blocks ${event.first.number} to ${event.last.number} are gone`;
    case "refused":
      // Whoever sent a transaction has the answer; the sender of a message is on L1.
      return event.transaction.type === "L1_HANDLER"
        ? `${styleText("red", "refused")} ${short(event.transaction.hash).padEnd(13)}  message from L1: ${event.reason}`
        : undefined;
    case "received":
    case "candidate":
      return undefined;
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
