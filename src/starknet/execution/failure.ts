/**
 * Why an execution failed, as the call stack that people read. A failure is either a panic, which the
 * caller sees as return data, or an {@link ExecutionFailure}, which nobody can catch: the transaction fails.
 * The text is blockifier's (`execution/stack_trace.rs`).
 */
import type { Felt } from "../../field/felt.ts";
import { toPaddedHex } from "../../util/hex.ts";
import { formatPanicData } from "./panic-data.ts";

/** One level of the calls that led to a failure. */
export interface FailureFrame {
  readonly kind: "call" | "libraryCall" | "constructor";
  readonly contractAddress: Felt;
  readonly classHash: Felt;
  /** undefined for a constructor that was not entered */
  readonly selector: Felt | undefined;
}

/** A contract on the way to a panic. */
export interface PanicFrame {
  readonly contractAddress: Felt;
  readonly classHash: Felt;
  readonly selector: Felt;
}

type Segment =
  | { readonly kind: "frame"; readonly frame: FailureFrame }
  | { readonly kind: "vm"; readonly pc: number | undefined; readonly traceback: string | undefined }
  | { readonly kind: "panic"; readonly panic: PanicTrace }
  | { readonly kind: "text"; readonly text: string };

/** An execution that cannot go on; `segments` are outermost first. */
export class ExecutionFailure extends Error {
  override readonly name = "ExecutionFailure";
  readonly segments: readonly Segment[];

  constructor(segments: readonly Segment[], options?: ErrorOptions) {
    super(segments.map(segmentReason).join("\n").trim(), options);
    this.segments = segments;
  }

  /** The same failure, seen from one level further out. */
  within(...outer: readonly Segment[]): ExecutionFailure {
    return new ExecutionFailure([...outer, ...this.segments], { cause: this });
  }
}

/** A failure that is one sentence. */
export const failure = (text: string): ExecutionFailure =>
  new ExecutionFailure([{ kind: "text", text }]);

/** The panics that a failing call passed on, outermost first, and the data of the innermost. */
export interface PanicTrace {
  readonly stage: "execution" | "validation";
  readonly frames: readonly PanicFrame[];
  readonly data: readonly Felt[];
}

/** Traces are cut to about this length. */
const TRACE_LENGTH = 15_000;
const TRACE_SLACK = 100;
const CUT = "\n...";

const hex = (value: Felt): string => toPaddedHex(value, 32);

const panicFrameText = ({ contractAddress, classHash, selector }: PanicFrame): string =>
  `Error in contract (contract address: ${hex(contractAddress)}, class hash: ${hex(classHash)}, ` +
  `selector: ${hex(selector)}):`;

const PANIC_HEADERS = {
  execution: "Execution failed. Failure reason:",
  validation: "The `validate` entry point panicked with:",
} as const;

const PANIC_FRAME_LENGTH =
  panicFrameText({ contractAddress: 0n, classHash: 0n, selector: 0n }).length + 1;

const cutTo = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length - CUT.length) + CUT;

/** A failure passes its panic on to every level of the calls around it, and each would write it anew. */
const panicTexts = new WeakMap<PanicTrace, string>();

/** Text of a panic; the reason goes before the frames where both are too long. */
export function panicText(panic: PanicTrace): string {
  let text = panicTexts.get(panic);
  if (text === undefined) panicTexts.set(panic, (text = writePanic(panic)));
  return text;
}

function writePanic({ stage, frames, data }: PanicTrace): string {
  const header = PANIC_HEADERS[stage];
  const reason = formatPanicData(data, TRACE_LENGTH);
  const bare = [header, reason, ".\n"].join("\n");
  if (bare.length >= TRACE_LENGTH - (2 * PANIC_FRAME_LENGTH + CUT.length) - 1) {
    return cutTo(bare, TRACE_LENGTH);
  }
  const full = `${[header, ...frames.map(panicFrameText), reason].join("\n")}.\n`;
  if (full.length <= TRACE_LENGTH) return full;
  const dropped = Math.ceil((full.length - TRACE_LENGTH + CUT.length) / PANIC_FRAME_LENGTH);
  const kept = frames.slice(0, Math.max(0, frames.length - dropped - 1)).map(panicFrameText);
  const lines = [header, ...kept, CUT, panicFrameText(frames.at(-1)!), reason];
  return cutTo(`${lines.join("\n")}.\n`, TRACE_LENGTH);
}

const FRAME_TITLES = {
  call: "Error in the called contract",
  libraryCall: "Error in a library call",
  constructor: "Error in the contract class constructor",
} as const;

const frameText = (frame: FailureFrame, depth: number): string =>
  `${depth}: ${FRAME_TITLES[frame.kind]} (contract address: ${hex(frame.contractAddress)}, ` +
  `class hash: ${hex(frame.classHash)}, ` +
  `selector: ${frame.selector === undefined ? "UNKNOWN" : hex(frame.selector)}):`;

const vmText = (pc: number | undefined, traceback: string | undefined): string =>
  `Error at pc=0:${pc ?? 0}:${traceback ? `\n${traceback}` : ""}`;

function segmentReason(segment: Segment): string {
  switch (segment.kind) {
    case "frame":
      return frameText(segment.frame, 0).replace(/^0: /, "");
    case "vm":
      return vmText(segment.pc, segment.traceback);
    case "panic":
      return panicText(segment.panic);
    case "text":
      return segment.text;
  }
}

const STAGE_HEADERS = {
  execution: "Transaction execution has failed:\n",
  validation: "Transaction validation has failed:\n",
  constructor: "Contract constructor execution has failed:\n",
} as const;

/**
 * The whole trace of a failure. Levels are numbered from 0; a constructor that another contract deploys
 * does not raise the number of what is below it.
 */
export function failureText(
  { segments }: ExecutionFailure,
  stage?: keyof typeof STAGE_HEADERS,
): string {
  let depth = 0;
  const lines = segments.map((segment, index) => {
    if (segment.kind !== "frame") return segmentReason(segment);
    const line = frameText(segment.frame, depth);
    if (index === 0 || segment.frame.kind !== "constructor") depth++;
    return line;
  });
  const text = lines.join("\n");
  const half = TRACE_LENGTH / 2;
  const shown =
    text.length > TRACE_LENGTH + TRACE_SLACK
      ? `${text.slice(0, half)}\n\n...\n\n${text.slice(-half)}`
      : text;
  return (stage === undefined ? "" : STAGE_HEADERS[stage]) + shown;
}

/** The calls on the way to a failure, and the innermost reason, apart from each other. */
export function failureParts({ segments }: ExecutionFailure): {
  readonly frames: readonly PanicFrame[];
  readonly reason: string;
} {
  const frames: PanicFrame[] = [];
  const reasons: string[] = [];
  for (const segment of segments) {
    if (segment.kind === "frame") frames.push(withSelector(segment.frame));
    else if (segment.kind === "panic") {
      // The first frame of a panic is the call that the segment before it names.
      frames.push(...segment.panic.frames.slice(frames.length === 0 ? 0 : 1));
      reasons.push(cutTo(formatPanicData(segment.panic.data, TRACE_LENGTH), TRACE_LENGTH));
    } else if (segment.kind === "text") reasons.push(segment.text.trim());
  }
  return { frames, reason: reasons.join("\n") };
}

const withSelector = ({ contractAddress, classHash, selector }: FailureFrame): PanicFrame => ({
  contractAddress,
  classHash,
  selector: selector ?? 0n,
});
