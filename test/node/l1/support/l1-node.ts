/** L1 nodes inside the test's process, beside both layers. */
import { expect } from "chai";
import type { Transport } from "../../../../src/l1/transport.ts";
import { inProcessTransport } from "../../../../src/l1/transport.ts";
import type { NodeEvent } from "../../../../src/node/following-node.ts";
import { startL1Node, type L1Node, type L1NodeOptions } from "../../../../src/node/l1/l1-node.ts";
import type { Chain } from "../../../../src/sequencer/chain.ts";
import { STRK_TOKEN } from "../../../../src/starknet/addresses.ts";
import type { Layers } from "../../../support/layers.ts";

/** So long that only `look` looks at L1. */
const NEVER = 2 ** 30;

export interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export class TestL1Node {
  readonly node: L1Node;
  readonly events: NodeEvent[];

  private constructor(node: L1Node, events: NodeEvent[]) {
    this.node = node;
    this.events = events;
  }

  /** Follows the layers' core contract, without proofs, and has looked at L1 once. */
  static async start(
    layers: Layers,
    options: Partial<L1NodeOptions> = {},
    wrap: (transport: Transport) => Transport = (transport) => transport,
    signal?: AbortSignal,
  ): Promise<TestL1Node> {
    const events: NodeEvent[] = [];
    const node = await startL1Node(
      {
        chainId: layers.devnet.options.chainId,
        feeToken: STRK_TOKEN,
        core: layers.layer.deployment.core,
        transport: wrap(inProcessTransport(layers.connection.provider)),
        l1Url: "http://in-process/key",
        host: "127.0.0.1",
        port: 0,
        timeout: 60,
        data: undefined,
        pollMs: NEVER,
        confirmations: 0,
        acceptUnproven: true,
        ...options,
      },
      (event) => events.push(event),
      signal,
    );
    await node.look();
    return new TestL1Node(node, events);
  }

  async rpc(method: string, params: unknown = []): Promise<RpcAnswer> {
    const response = await fetch(this.node.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    return (await response.json()) as RpcAnswer;
  }

  /** The result of a call that succeeds. */
  async result<T = unknown>(method: string, params: unknown = []): Promise<T> {
    const answer = await this.rpc(method, params);
    expect(answer.error, method).to.equal(undefined);
    return answer.result as T;
  }

  /** What went wrong in the last look at L1. */
  get problem(): string | undefined {
    return this.node.status().problem;
  }

  close(): Promise<void> {
    return this.node.close();
  }
}

/**
 * Every state that the node has is the sequencer's after the same block: root, each contract, storage cell and class
 * that any block has touched. At least up to the newest block on L1.
 */
export function expectSameStates({ node }: TestL1Node, chain: Chain): void {
  const newest = node.chain.latest();
  expect(newest.number).to.equal(chain.latestOnL1() ?? 0);
  const diffs = Array.from({ length: chain.latest().number + 1 }, (_, i) => chain.stateDiff(i)!);
  for (const { number, hash, root } of node.chain.ends) {
    const header = chain.header(number)!;
    expect([hash, root]).to.deep.equal([header.hash, header.stateRoot]);
    const [ours, theirs] = [node.chain.stateAt(number), chain.stateAt(number)];
    for (const diff of diffs) {
      for (const [address, entries] of diff.storage)
        for (const key of entries.keys())
          expect(ours.storageAt(address, key)).to.equal(theirs.storageAt(address, key));
      for (const address of [...diff.nonces.keys(), ...diff.deployedContracts.keys()]) {
        expect(ours.nonceAt(address)).to.equal(theirs.nonceAt(address));
        expect(ours.classHashAt(address)).to.equal(theirs.classHashAt(address));
      }
      for (const classHash of diff.declaredClasses.keys())
        expect(ours.compiledClassHash(classHash)).to.equal(theirs.compiledClassHash(classHash));
    }
    const request = {
      contractAddresses: [STRK_TOKEN],
      classHashes: [...diffs[0]!.declaredClasses.keys()],
      storageKeys: [...diffs[0]!.storage].map(([contractAddress, entries]) => ({
        contractAddress,
        keys: [...entries.keys()],
      })),
    };
    expect(node.chain.storageProof(number, request)).to.deep.equal(
      chain.storageProof(number, request),
    );
  }
}
