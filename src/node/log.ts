/** What a node tells while it runs: how far it is while it catches up, then a line for each block. */
import { styleText } from "node:util";
import { grouped } from "../util/amount.ts";
import type { NodeEvent } from "./following-node.ts";

/** Between two lines where the output is no terminal, in milliseconds. */
const LINE_MS = 5_000;
/** Between two drawings of the bar. */
const DRAW_MS = 100;
const BAR_WIDTH = 30;

export interface Output {
  readonly isTTY: boolean;
  write(text: string): void;
}

/** One stretch of work with an end that is known. */
interface Stretch {
  readonly first: number;
  readonly startedAt: number;
  shownAt: number;
}

/** @param now milliseconds */
export function nodeLog(output: Output, now: () => number = performance.now.bind(performance)) {
  let stretch: Stretch | undefined;
  let isDrawn = false;
  const line = (text: string): void => {
    output.write(`${isDrawn ? "\r\x1b[K" : ""}${text}\n`);
    isDrawn = false;
  };
  const draw = (what: string, number: number, last: number): void => {
    stretch ??= { first: number, startedAt: now(), shownAt: -Infinity };
    const pause = output.isTTY ? DRAW_MS : LINE_MS;
    if (now() - stretch.shownAt < pause && number < last) return;
    const text = progressText(what, stretch, number, last, now());
    stretch.shownAt = now();
    if (!output.isTTY) {
      line(text);
      return;
    }
    output.write(`\r\x1b[K${bar(number, last)}  ${text}`);
    isDrawn = true;
  };
  return (event: NodeEvent): void => {
    switch (event.kind) {
      case "audit":
        draw("checking the data folder", event.number, event.latest);
        if (event.number === event.latest) stretch = undefined;
        break;
      case "progress":
        if (stretch === undefined && event.number === event.head)
          line(`${styleText("cyan", "block ")} ${event.number}`);
        else draw("catching up", event.number, event.head);
        break;
      case "current":
        stretch = undefined;
        line(`${styleText("green", "current")} at block ${event.number}`);
        break;
      case "wentBack":
        line(`${styleText("yellow", "reorg ")} back to block ${event.number}`);
        break;
      case "problem": {
        const word = event.stopped ? styleText("red", "stopped") : styleText("yellow", "waiting");
        line(`${word} ${event.message}`);
        break;
      }
      case "recovered":
        line(`${styleText("green", "going on")}`);
    }
  };
}

const bar = (number: number, last: number): string => {
  const filled = Math.round((BAR_WIDTH * (number + 1)) / (last + 1));
  return "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
};

function progressText(
  what: string,
  { first, startedAt }: Stretch,
  number: number,
  last: number,
  now: number,
): string {
  const seconds = (now - startedAt) / 1000;
  const done = number - first;
  const rate = seconds > 0 && done > 0 ? done / seconds : undefined;
  const left = rate === undefined ? "" : `, ${Math.ceil((last - number) / rate)} s left`;
  const speed = rate === undefined ? "" : `, ${grouped(Math.round(rate))} blocks/s`;
  return `${what}: block ${grouped(number)} of ${grouped(last)}${speed}${left}`;
}
