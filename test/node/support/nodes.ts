/** Nodes that follow a source inside the test's process. */
import { expect } from "chai";
import type { BlockSource } from "../../../src/node/block-source.ts";
import {
  startFollowingNode,
  type FollowingNode,
  type FollowingOptions,
  type NodeEvent,
} from "../../../src/node/following-node.ts";
import type { NodeStatus } from "../../../src/node/status.ts";
import type { Chain } from "../../../src/sequencer/chain.ts";
import { STRK_TOKEN } from "../../../src/starknet/addresses.ts";

export class TestNode {
  readonly node: FollowingNode;
  readonly events: NodeEvent[];

  private constructor(node: FollowingNode, events: NodeEvent[]) {
    this.node = node;
    this.events = events;
  }

  static async start(
    source: BlockSource,
    chainId: bigint,
    options: Partial<FollowingOptions> = {},
    signal?: AbortSignal,
  ): Promise<TestNode> {
    const events: NodeEvent[] = [];
    const all: FollowingOptions = {
      mode: "replay",
      chainId,
      host: "127.0.0.1",
      port: 0,
      timeout: 60,
      data: undefined,
      pollMs: 20,
      longestRetryMs: 50,
      acceptWritten: true,
      ...options,
    };
    return new TestNode(
      await startFollowingNode(all, source, (event) => events.push(event), signal),
      events,
    );
  }

  /** Waits until its status is so; fails with the status otherwise. */
  async until(what: (status: NodeStatus) => boolean, ms = 30_000): Promise<NodeStatus> {
    const end = performance.now() + ms;
    for (;;) {
      const status = this.node.status();
      if (what(status)) return status;
      if (performance.now() > end) throw new Error(`the node's status stays ${describe(status)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async reaches(chain: Chain): Promise<void> {
    await this.until(
      ({ latest, stage }) => latest?.hash === chain.latest().hash && stage === "following",
    );
  }

  /** What stops it. */
  async problem(): Promise<NodeStatus & { readonly problem: string }> {
    const status = await this.until(({ problem }) => problem !== undefined);
    return status as NodeStatus & { readonly problem: string };
  }

  async rpc<T = unknown>(method: string, params: unknown = []): Promise<T> {
    const response = await fetch(this.node.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result: T; error?: unknown };
    if (error !== undefined) throw new Error(JSON.stringify(error));
    return result;
  }

  close(): Promise<void> {
    return this.node.close();
  }
}

const describe = (status: NodeStatus): string =>
  JSON.stringify(status, (_, value: unknown) =>
    typeof value === "bigint" ? `0x${value.toString(16)}` : value,
  );

/** Every block, diff, class and value of one chain is in the other. */
export function expectSameChain(own: Chain, other: Chain, { traces = true } = {}): void {
  const { number: latest } = other.latest();
  expect(own.latest()).deep.equal(other.latest());
  for (let number = 0; number <= latest; number++) {
    expect(own.block(number)).deep.equal(other.block(number));
    const diff = other.stateDiff(number)!;
    expect(own.stateDiff(number)).deep.equal(diff);
    if (traces) expect(own.traces(number)).deep.equal(other.traces(number));
    expect(own.state.roots(number)).deep.equal(other.state.roots(number));
    for (const classHash of diff.declaredClasses.keys())
      expect(own.storedClass(classHash)!.sierra).deep.equal(other.storedClass(classHash)!.sierra);
    for (const [address, entries] of diff.storage)
      for (const key of entries.keys()) {
        expect(own.stateAt(number).storageAt(address, key)).equal(
          other.stateAt(number).storageAt(address, key),
        );
        expect(own.lastStorageUpdate(address, key, number)).equal(number);
      }
  }
  const request = { contractAddresses: [STRK_TOKEN], classHashes: [], storageKeys: [] };
  expect(own.storageProof(latest, request)).deep.equal(other.storageProof(latest, request));
}
