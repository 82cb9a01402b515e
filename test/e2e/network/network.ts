/** All of it as processes: L1, sequencer, two provers with their queue, a node of each mode. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { httpTransport } from "../../../src/l1/transport.ts";
import { Cut } from "../../support/cut.ts";
import { freePort } from "../../support/free-port.ts";
import { Part } from "../../support/part.ts";
import { RedisServer } from "../../support/redis-server.ts";

export const MODES = ["replay", "l2", "l1"] as const;
export type Mode = (typeof MODES)[number];

/** What `node_getStatus` answers, as far as it is looked at here. */
export interface NodeAnswer {
  readonly stage: string;
  readonly block_number: number | null;
  readonly block_hash: string | null;
  readonly state_root: string | null;
  readonly problem: string | null;
}

/** What `devnet_getL1Status` answers, as far as it is looked at here. */
export interface SequencerAnswer {
  readonly latest_block_number: number;
  readonly accepted_on_l1_block_number: number | null;
  readonly problem: string | null;
  readonly messages_to_l2: readonly { readonly stage: string }[];
  readonly prover_queue: { readonly provers: readonly unknown[] };
}

export const ask = async <T>(url: string, method: string): Promise<T> =>
  (await httpTransport(url).request({ method })) as T;

export interface Network {
  readonly l1: Part;
  /** L1 as the test reaches it, which is always. */
  readonly l1Url: string;
  /** The line by which all else reaches L1: it is cut where L1 is to be away, whose state would die with it. */
  readonly line: Cut;
  readonly redis: RedisServer;
  readonly sequencer: Part;
  readonly provers: readonly Part[];
  readonly nodes: Readonly<Record<Mode, Part>>;
  readonly urls: Readonly<Record<Mode | "sequencer", string>>;
  readonly core: string;
  close(): Promise<void>;
}

/** Rejects, leaving nothing behind, where a part does not start. */
export async function startNetwork(accounts: number): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), "network-"));
  const ends: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  const startPart = async (name: string, args: readonly string[], ready: RegExp): Promise<Part> => {
    const part = new Part(name, args, ready);
    ends.push(() => part.end());
    return part.start();
  };
  try {
    const [l1Port, sequencerPort, ...nodePorts] = await Promise.all(
      Array.from({ length: 2 + MODES.length }, freePort),
    );
    const l1 = await startPart("L1", ["node", "--port", String(l1Port)], /JSON-RPC server/);
    const line = await Cut.to(l1Port!);
    ends.push(() => line.close());
    const redis = await RedisServer.start();
    ends.push(() => redis.close());
    const ethUrl = `http://127.0.0.1:${line.port}`;
    const origin = `http://127.0.0.1:${sequencerPort}`;
    const sequencer = await startPart(
      "sequencer",
      [
        ...["starknet:devnet", "--eth-url", ethUrl, "--port", String(sequencerPort)],
        ...["--data", join(folder, "sequencer"), "--prover-queue", redis.url],
        ...["--seed", "0", "--accounts", String(accounts)],
      ],
      /Ctrl-C/,
    );
    const { l1: described } = await ask<{ l1: { core_contract_address: string } }>(
      `${origin}/rpc`,
      "devnet_getConfig",
    );
    const core = described.core_contract_address;
    const provers = await Promise.all(
      [1, 2].map((n) =>
        startPart(
          `prover ${n}`,
          ["starknet:prover", "--queue", redis.url, "--threads", "1"],
          /Ctrl-C/,
        ),
      ),
    );
    const nodes = {} as Record<Mode, Part>;
    for (const [i, mode] of MODES.entries()) {
      const source = mode === "l1" ? ["--eth-url", ethUrl, "--core", core] : [];
      nodes[mode] = await startPart(
        `node of mode ${mode}`,
        [
          ...["starknet:node", "--mode", mode, "--port", String(nodePorts[i])],
          ...["--feeder", origin, "--data", join(folder, mode), ...source],
        ],
        /Ctrl-C/,
      );
    }
    const urlOf = (i: number): string => `http://127.0.0.1:${nodePorts[i]}/rpc`;
    return {
      l1,
      l1Url: `http://127.0.0.1:${l1Port}`,
      line,
      redis,
      sequencer,
      provers,
      nodes,
      urls: { sequencer: `${origin}/rpc`, replay: urlOf(0), l2: urlOf(1), l1: urlOf(2) },
      core,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
