/**
 * Requests per second of CPU time over one kept-alive HTTP connection, against the floor: a bare node:http
 * server that parses the same request and writes the same answer from a constant. Server and client run
 * in this process, so the client's share is in both figures.
 *
 *   node bench/rpc.ts
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { invoke } from "../test/rpc/support/broadcasts.ts";
import { ACCOUNT, startFixture } from "../test/rpc/support/fixture.ts";
import { toHex } from "../src/util/hex.ts";
import { poster } from "./support/poster.ts";

const REQUESTS = 2000;

/** Microseconds of CPU time a request. */
async function cost(
  post: (body: string) => Promise<string>,
  body: (i: number) => string,
  from: number,
): Promise<number> {
  const before = process.cpuUsage();
  for (let i = from; i < from + REQUESTS; i++) await post(body(i));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

const fixture = await startFixture({ dumpOn: undefined });
const post = poster(fixture.url);
const call = (method: string, params: unknown) => (): string =>
  JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });

const rows: [name: string, body: (i: number) => string][] = [
  ["chainId", call("starknet_chainId", [])],
  ["getNonce", call("starknet_getNonce", ["latest", toHex(ACCOUNT)])],
  ["getBlockWithReceipts", call("starknet_getBlockWithReceipts", [{ block_number: 1 }])],
  ["addInvokeTransaction", (i) => call("starknet_addInvokeTransaction", [invoke(i)])()],
];
await post(call("starknet_addInvokeTransaction", [invoke(0)])());

console.log("method                  us of CPU   bare node:http   ratio");
for (const [name, body] of rows) {
  const answer = await post(body(1_000_000));
  const bare = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      JSON.parse(Buffer.concat(chunks).toString());
      response
        .writeHead(200, {
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(answer),
        })
        .end(answer);
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => bare.once("listening", resolve));
  const barePost = poster(`http://127.0.0.1:${(bare.address() as AddressInfo).port}/rpc`);
  const figures = { ours: Infinity, floor: Infinity };
  for (let round = 0; round < 3; round++) {
    figures.floor = Math.min(figures.floor, await cost(barePost, body, 0));
    figures.ours = Math.min(figures.ours, await cost(post, body, (round + 1) * REQUESTS));
    fixture.chain.entries.length = 2;
  }
  bare.closeAllConnections();
  bare.close();
  console.log(
    `${name.padEnd(22)} ${figures.ours.toFixed(0).padStart(10)} ${figures.floor.toFixed(0).padStart(16)} ${(figures.ours / figures.floor).toFixed(2).padStart(7)}`,
  );
}
await fixture.close();
process.exit(0);
