/**
 * Options of a devnet: one table from which the task's command line, the `starknet` section of the
 * Hardhat config and the defaults come. Names and defaults are starknet-devnet's where it has the option.
 */
import { P } from "../field/felt.ts";
import { shortString } from "../field/short-string.ts";
import type { SettlementMode } from "../l1/deployment.ts";
import { DEFAULT_GATHERING } from "../proving/gathering.ts";
import { isRedisUrl } from "../proving/queue/redis.ts";
import { DEFAULT_RESTRICTED_METHODS } from "../rpc/restricted.ts";
import { DEFAULT_CLASS_LIMITS } from "../sequencer/admission.ts";

/** When blocks are closed: on each transaction, on demand, or every so many seconds. */
export type BlockGeneration = "transaction" | "demand" | { readonly everySeconds: number };

export interface DevnetOptions {
  /** Address that L1 and L2 listen at. */
  readonly host: string;
  /** Port of the L2 JSON-RPC; 0 takes a free one. */
  readonly port: number;
  /** Port of the L1 JSON-RPC; 0 takes a free one. */
  readonly ethPort: number;
  /** JSON-RPC of an L1 that runs already; undefined for one of our own. */
  readonly ethUrl: string | undefined;
  /** Private key of the operator on that L1, 32 bytes in hex. */
  readonly ethKey: string | undefined;
  /** Address of a core contract to take instead of deploying one. */
  readonly core: string | undefined;
  /** How blocks come to L1: with proofs, without, or not at all. */
  readonly settlement: SettlementMode;
  /** Proofs that are made at once, each of its own blocks; undefined for one, or what the queue's provers make. */
  readonly provers: number | undefined;
  /** Redis with a queue of jobs for provers in other processes; undefined for provers in this one. */
  readonly proverQueue: string | undefined;
  /** Milliseconds that a closed block waits for others to share its proof. */
  readonly proveAge: number;
  /** Steps of the OS that make it wait no longer. */
  readonly proveSteps: number;
  /** When they do: as they are closed, or when it is asked for. */
  readonly settleOn: "block" | "demand";
  /** When messages of L1 go to L2: by themselves, or with `devnet_postmanFlush`. */
  readonly relay: "auto" | "flush";
  readonly accounts: number;
  /** wei and fri that each account starts with */
  readonly initialBalance: bigint;
  /** u32; a random one when undefined */
  readonly seed: number | undefined;
  readonly chainId: bigint;
  readonly blockGenerationOn: BlockGeneration;
  /** Timestamp of the genesis block, seconds since 1970; now when undefined. */
  readonly startTime: number | undefined;
  /** Seconds after which an unfinished HTTP request is given up. */
  readonly timeout: number;
  readonly gasPrice: bigint;
  readonly gasPriceFri: bigint;
  readonly dataGasPrice: bigint;
  readonly dataGasPriceFri: bigint;
  readonly l2GasPrice: bigint;
  readonly l2GasPriceFri: bigint;
  readonly dumpOn: "exit" | "block" | "request" | undefined;
  readonly dumpPath: string | undefined;
  /** Folder of the chain's database; in memory when undefined. */
  readonly data: string | undefined;
  readonly maximumContractClassSize: number;
  readonly maximumContractBytecodeSize: number;
  readonly maximumSierraLength: number;
  /** Methods that answer "restricted"; empty for none. */
  readonly restrictiveMode: readonly string[];
  readonly quiet: boolean;
}

/** One option: how its text or config value is read. `parse` throws OptionError. */
export interface OptionDescriptor<Name extends keyof DevnetOptions = keyof DevnetOptions> {
  readonly name: Name;
  readonly description: string;
  readonly fallback: DevnetOptions[Name];
  /** Present without a value on the command line. */
  readonly flag?: true;
  /** Only in the config: command lines are seen by others. */
  readonly secret?: true;
  parse(value: unknown): DevnetOptions[Name];
}

/** A value that an option cannot take; the message says what it expects. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

const reject = (expected: string, value: unknown): never => {
  throw new OptionError(
    `expected ${expected}, got ${typeof value === "string" ? JSON.stringify(value) : String(value)}`,
  );
};

/** Without the value, which may be a secret with a typing error. */
const rejectUnseen = (expected: string): never => {
  throw new OptionError(`expected ${expected}, got something else`);
};

const bigInteger =
  (expected: string, from: bigint, to: bigint) =>
  (value: unknown): bigint => {
    const text = typeof value === "bigint" || Number.isSafeInteger(value) ? String(value) : value;
    if (typeof text !== "string" || !/^(\d+|0x[0-9a-fA-F]+)$/.test(text))
      return reject(expected, value);
    const number = BigInt(text);
    return number >= from && number <= to ? number : reject(expected, value);
  };

const integer = (expected: string, from: number, to: number): ((value: unknown) => number) => {
  const parse = bigInteger(expected, BigInt(from), BigInt(to));
  return (value) => Number(parse(value));
};

const text =
  (expected: string) =>
  (value: unknown): string =>
    typeof value === "string" && value !== "" ? value : reject(expected, value);

const boolean = (value: unknown): boolean =>
  typeof value === "boolean" ? value : reject("true or false", value);

const port = integer("a TCP port (0 to 65535)", 0, 65535);
const price = bigInteger("a price above 0 that fits in 128 bits", 1n, (1n << 128n) - 1n);
const size = integer("a whole number above 0", 1, Number.MAX_SAFE_INTEGER);

const CHAIN_IDS: Readonly<Record<string, string>> = { MAINNET: "SN_MAIN", TESTNET: "SN_SEPOLIA" };

function chainId(value: unknown): bigint {
  const expected = "MAINNET, TESTNET, at most 31 ASCII characters, or a felt in hex";
  if (typeof value === "bigint") return value > 0n && value < P ? value : reject(expected, value);
  if (typeof value !== "string" || value === "") return reject(expected, value);
  if (/^0x[0-9a-fA-F]+$/.test(value)) return chainId(BigInt(value));
  try {
    return shortString(CHAIN_IDS[value] ?? value);
  } catch {
    return reject(expected, value);
  }
}

function blockGeneration(value: unknown): BlockGeneration {
  if (value === "transaction" || value === "demand") return value;
  const seconds = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof seconds === "number" && seconds > 0 && seconds <= 86_400
    ? { everySeconds: seconds }
    : reject('"transaction", "demand", or a number of seconds up to 86400', value);
}

const oneOf =
  <Text extends string>(...texts: readonly Text[]) =>
  (value: unknown): Text =>
    texts.find((text) => text === value) ??
    reject(texts.map((text) => JSON.stringify(text)).join(" or "), value);

const dumpOn = oneOf("exit", "block", "request");

function httpUrl(value: unknown): string {
  const expected = "a URL that begins with http:// or https://";
  if (typeof value !== "string" || !URL.canParse(value)) return reject(expected, value);
  return /^https?:$/.test(new URL(value).protocol) ? value : reject(expected, value);
}

const redisUrl = (value: unknown): string =>
  typeof value === "string" && isRedisUrl(value)
    ? value
    : rejectUnseen("a URL that begins with redis:// or rediss://");

const privateKey = (value: unknown): string =>
  typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value)
    ? value
    : rejectUnseen("a private key (0x and 64 hex digits)");

const l1Address = (value: unknown): string =>
  typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value)
    ? value
    : reject("an L1 address (0x and 40 hex digits)", value);

/** `default`, or nothing, names the methods that starknet-devnet forbids without a list. */
function methodList(value: unknown): readonly string[] {
  if (value === "" || value === "default") return DEFAULT_RESTRICTED_METHODS;
  const list = typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value;
  return Array.isArray(list) && list.every((entry) => typeof entry === "string")
    ? list
    : reject("method names, separated by commas", value);
}

/** Devnet's default price of each gas: 1 gwei, 1 gfri. */
const GIGA = 1_000_000_000n;

const option = <Name extends keyof DevnetOptions>(
  name: Name,
  description: string,
  fallback: DevnetOptions[Name],
  parse: (value: unknown) => DevnetOptions[Name],
  kind: Pick<OptionDescriptor, "flag" | "secret"> = {},
): OptionDescriptor => ({ name, description, fallback, parse, ...kind }) as OptionDescriptor;

export const DEVNET_OPTIONS: readonly OptionDescriptor[] = [
  option(
    "host",
    "Address to listen at (default 127.0.0.1)",
    "127.0.0.1",
    text("an IP address or host name"),
  ),
  option("port", "Port of the L2 JSON-RPC, 0 for a free one (default 5050)", 5050, port),
  option("ethPort", "Port of the L1 JSON-RPC, 0 for a free one (default 8545)", 8545, port),
  option(
    "ethUrl",
    "JSON-RPC of an L1 that runs already (default: one of our own)",
    undefined,
    httpUrl,
  ),
  option(
    "ethKey",
    "Private key of the operator on that L1 (default: one of our own, on development chains)",
    undefined,
    privateKey,
    { secret: true },
  ),
  option(
    "core",
    "Address of a core contract on that L1 (default: a new one is deployed)",
    undefined,
    l1Address,
  ),
  option(
    "settlement",
    "How blocks settle on L1: proven, unproven (on the operator's word), or none (default proven)",
    "proven",
    oneOf("proven", "unproven", "none"),
  ),
  option(
    "provers",
    "Proofs that are made at once, each of its own blocks (default 1, or as many as the provers of the queue make)",
    undefined,
    integer("a whole number from 1 to 64", 1, 64),
  ),
  option(
    "proverQueue",
    "Redis with a queue of jobs for starknet:prover (default: proofs are made in this process)",
    undefined,
    redisUrl,
  ),
  option(
    "proveAge",
    "Milliseconds that a block waits for others to share its proof (default 500)",
    DEFAULT_GATHERING.ageMs,
    integer("milliseconds, at most a day", 0, 86_400_000),
  ),
  option(
    "proveSteps",
    "Steps of the OS program that are enough for a proof, about (default 65536)",
    DEFAULT_GATHERING.steps,
    integer("a whole number of steps up to 2^19", 1, 2 ** 19),
  ),
  option(
    "settleOn",
    "When blocks settle: block, as they close, or demand (default block)",
    "block",
    oneOf("block", "demand"),
  ),
  option(
    "relay",
    "When messages of L1 go to L2: auto, or flush, by devnet_postmanFlush (default auto)",
    "auto",
    oneOf("auto", "flush"),
  ),
  option(
    "accounts",
    "Number of predeployed accounts (default 10)",
    10,
    integer("a whole number from 0 to 255", 0, 255),
  ),
  option(
    "initialBalance",
    "Wei and fri that each account starts with (default 10^21)",
    1_000_000_000_000_000_000_000n,
    bigInteger("an amount below 2^128", 0n, (1n << 128n) - 1n),
  ),
  option(
    "seed",
    "Seed of the predeployed accounts' keys (default random)",
    undefined,
    integer("a whole number below 2^32", 0, 0xffffffff),
  ),
  option(
    "chainId",
    "MAINNET, TESTNET, or a text of your own (default TESTNET)",
    shortString("SN_SEPOLIA"),
    chainId,
  ),
  option(
    "blockGenerationOn",
    "When to close a block: transaction, demand, or a number of seconds (default transaction)",
    "transaction",
    blockGeneration,
  ),
  option(
    "startTime",
    "Timestamp of the genesis block in seconds (default now)",
    undefined,
    integer("seconds since 1970", 0, 2 ** 40),
  ),
  option(
    "timeout",
    "Seconds after which an unfinished request is given up (default 120)",
    120,
    integer("1 to 86400 seconds", 1, 86_400),
  ),
  option("gasPrice", "Wei per L1 gas unit (default 10^9)", GIGA, price),
  option("gasPriceFri", "Fri per L1 gas unit (default 10^9)", GIGA, price),
  option("dataGasPrice", "Wei per L1 data gas unit (default 10^9)", GIGA, price),
  option("dataGasPriceFri", "Fri per L1 data gas unit (default 10^9)", GIGA, price),
  option("l2GasPrice", "Wei per L2 gas unit (default 10^9)", GIGA, price),
  option("l2GasPriceFri", "Fri per L2 gas unit (default 10^9)", GIGA, price),
  option("dumpOn", "When to write the dump: exit, block or request", undefined, dumpOn),
  option(
    "dumpPath",
    "File of the dump; loaded at the start where it exists",
    undefined,
    text("a file path"),
  ),
  option(
    "data",
    "Folder that keeps the chain over restarts (default: in memory)",
    undefined,
    text("a folder path"),
  ),
  option(
    "maximumContractClassSize",
    "Largest class, in bytes of JSON (default 4089446)",
    DEFAULT_CLASS_LIMITS.maximumContractClassSize,
    size,
  ),
  option(
    "maximumContractBytecodeSize",
    "Longest compiled class, in felts (default 81920)",
    DEFAULT_CLASS_LIMITS.maximumContractBytecodeSize,
    size,
  ),
  option(
    "maximumSierraLength",
    "Longest Sierra program, in felts (default 81920)",
    DEFAULT_CLASS_LIMITS.maximumSierraLength,
    size,
  ),
  option("restrictiveMode", "Methods to refuse, separated by commas, or default", [], methodList),
  option("quiet", "Print only the banner", false, boolean, { flag: true }),
];

/** A problem of one option, for a config error or a command line error. */
export interface OptionProblem {
  readonly name: string;
  readonly message: string;
}

/**
 * Reads option values, later sources winning; `undefined` means absent. Collects every problem, unknown
 * names among them, instead of stopping at the first.
 */
export function readOptions(...sources: readonly Readonly<Record<string, unknown>>[]): {
  options: DevnetOptions;
  problems: OptionProblem[];
} {
  const problems: OptionProblem[] = [];
  const options: Record<string, unknown> = {};
  for (const { name, fallback, parse } of DEVNET_OPTIONS) {
    options[name] = fallback;
    for (const source of sources) {
      const value = source[name];
      if (value === undefined) continue;
      try {
        options[name] = parse(value);
      } catch (error) {
        if (!(error instanceof OptionError)) throw error;
        problems.push({ name, message: error.message });
      }
    }
  }
  const known = new Set<string>(DEVNET_OPTIONS.map(({ name }) => name));
  for (const name of sources.flatMap((source) => Object.keys(source))) {
    if (!known.has(name))
      problems.push({ name, message: `unknown option; known are ${[...known].join(", ")}` });
  }
  if (
    (options["dumpOn"] === "exit" || options["dumpOn"] === "block") &&
    options["dumpPath"] === undefined
  ) {
    problems.push({
      name: "dumpPath",
      message: `expected a file path, for dumps are to be written on ${options["dumpOn"]}`,
    });
  }
  if (options["data"] !== undefined && options["dumpPath"] !== undefined) {
    problems.push({
      name: "dumpPath",
      message:
        "the folder of data keeps the chain already, and loading a dump would run it again: choose one",
    });
  }
  if (options["core"] !== undefined && options["ethUrl"] === undefined) {
    problems.push({
      name: "core",
      message:
        "expected the URL of its L1, too (--eth-url, ethUrl in the config): an L1 of the devnet's own has no core contract before the start",
    });
  }
  return { options: options as unknown as DevnetOptions, problems };
}
