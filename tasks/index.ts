/** The plugin's tasks; their actions load on first use. Each has two spellings, `starknet:NAME` and `starknet NAME`. */
import { emptyTask, task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";
import { DEVNET_OPTIONS } from "../src/devnet/options.ts";

type TaskId = string | string[];

/** An option whose absence means something of its own, which its description says. */
const optional = <Name extends string>(name: Name, description: string) =>
  ({
    name,
    description,
    type: ArgumentType.STRING_WITHOUT_DEFAULT,
    defaultValue: undefined,
  }) as const;

function devnet(id: TaskId): TaskDefinition {
  let builder = task(id, "Runs a local L1 and a Starknet L2 beside it");
  for (const { name, description, flag, secret } of DEVNET_OPTIONS) {
    if (secret) continue;
    builder = flag
      ? builder.addFlag({ name, description })
      : builder.addOption(optional(name, description));
  }
  return builder.setAction(() => import("./devnet.ts")).build();
}

const URL_OPTION = optional(
  "url",
  "JSON-RPC of the devnet (default: the configured port of this machine)",
);

const status = (id: TaskId): TaskDefinition =>
  task(id, "Says of a running devnet what is pending between L1 and L2")
    .addOption(URL_OPTION)
    .addFlag({ name: "json", description: "Print JSON" })
    .setAction(() => import("./status.ts"))
    .build();

const gas = (id: TaskId): TaskDefinition =>
  task(id, "What settled blocks of a devnet cost on L1; without options, what each function does")
    .addOption(optional("block", "One block of the devnet"))
    .addOption(optional("from", "First of several blocks (default: block 1)"))
    .addOption(optional("to", "Last of several blocks (default: the newest on L1)"))
    .addOption(URL_OPTION)
    .addOption(optional("html", "File for the blocks' bill as a page with charts"))
    .addFlag({ name: "json", description: "Print JSON instead of a table" })
    .setAction(() => import("./gas.ts"))
    .build();

const node = (id: TaskId): TaskDefinition =>
  task(id, "Follows a Starknet chain, in one of three modes, and serves what it knows of it")
    .addOption({
      name: "mode",
      description:
        "replay: executes every transaction again; l2: applies the sequencer's state diffs; l1: takes states from L1 alone",
      defaultValue: "replay",
    })
    .addOption(
      optional("feeder", "Feeder gateway of the sequencer (default: the configured devnet's)"),
    )
    .addOption(optional("ethUrl", "JSON-RPC of L1, for mode l1 (default: the config's)"))
    .addOption(
      optional("core", "Address of the core contract, for mode l1 (default: the config's)"),
    )
    .addOption({
      name: "confirmations",
      description: "Blocks of L1 that must follow one that is believed, for mode l1",
      defaultValue: "0",
    })
    .addOption(optional("host", "Address to listen at (default 127.0.0.1)"))
    .addOption({ name: "port", description: "Port to listen at; 0: a free one", defaultValue: "0" })
    .addOption(optional("chainId", "Chain id of the L2 (default: the config's)"))
    .addOption(optional("data", "Folder that keeps the state over restarts (default: in memory)"))
    .addFlag({
      name: "acceptWritten",
      description: "Mode replay takes blocks whose state was written by devnet_applyStateDiff",
    })
    .addFlag({
      name: "acceptUnproven",
      description: "Mode l1 follows a core contract that asks for no proofs",
    })
    .setAction(() => import("./node.ts"))
    .build();

const prover = (id: TaskId): TaskDefinition =>
  task(id, "Proves what devnets put into a queue, until Ctrl-C")
    .addOption(
      optional("queue", "Redis with the queue, redis://… (default: proverQueue of the config)"),
    )
    .addOption(optional("threads", "Threads of each proof (default: its share of the cores)"))
    .addOption(optional("concurrency", "Proofs at once (default 1)"))
    .setAction(() => import("./prover.ts"))
    .build();

const prove = (id: TaskId): TaskDefinition =>
  task(id, "Proves the run of a compiled Cairo program")
    .addOption(optional("program", "Program compiled by cairo-compile with --proof_mode"))
    .addOption(optional("input", "JSON that the program's hints read as program_input"))
    .addOption({
      name: "layout",
      description: "compact, starknet, small or recursive",
      defaultValue: "compact",
    })
    .addOption({
      name: "security",
      description: "Bits of security: queries times log2 of the blowup, plus bits of work",
      defaultValue: "96",
    })
    .addOption({
      name: "blowup",
      description:
        "Points per row, a power of two: more makes proofs longer to make, and cheaper on L1",
      defaultValue: "4",
    })
    .addOption(optional("out", "File that the proof goes to"))
    .setAction(() => import("./prove.ts"))
    .build();

const verify = (id: TaskId): TaskDefinition =>
  task(id, "Verifies a proof file, here and on L1; exit code 1 if it is rejected, 2 if it is none")
    .addPositionalArgument({ name: "proof", description: "Proof file, .json or .json.gz" })
    .addOption({
      name: "security",
      description: "Bits of security that the proof must have",
      defaultValue: "96",
    })
    .addOption({
      name: "minPow",
      description: "How many of them must be proof of work, at least",
      defaultValue: "0",
    })
    .addOption(optional("verifier", "Address of a deployed verifier; one is deployed otherwise"))
    .setAction(() => import("./verify.ts"))
    .build();

const TASKS: Readonly<Record<string, (id: TaskId) => TaskDefinition>> = {
  devnet,
  status,
  gas,
  node,
  prover,
  prove,
  verify,
};

export const starknetTasks: TaskDefinition[] = [
  emptyTask("starknet", "Starknet L2 tasks").build(),
  ...Object.entries(TASKS).flatMap(([name, define]) => [
    define(`starknet:${name}`),
    define(["starknet", name]),
  ]),
];
