/**
 * A process with clients that read, each of which asks again as soon as it is answered: half over HTTP, half over
 * WebSocket, these with a subscription to new heads. Reads while its parent says so, and tells it how much it read.
 *
 *   node reading-clients.ts HTTP-URL WEBSOCKET-URL CLIENTS ACCOUNT
 */
import { once } from "node:events";
import { WebSocket } from "ws";
import { selector } from "../../src/hash/keccak.ts";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { toHex } from "../../src/util/hex.ts";
import { poster } from "./poster.ts";

export interface Reading {
  readonly reads: number;
  readonly notifications: number;
}

const [url = "", webSocketUrl = "", count = "0", account = ""] = process.argv.slice(2);
const token = toHex(STRK_TOKEN);
const balanceOf = toHex(selector("balance_of"));
const call = { contract_address: token, entry_point_selector: balanceOf, calldata: [account] };
const MIX: readonly [method: string, params: unknown][] = [
  ["starknet_call", [call, "latest"]],
  ["starknet_getStorageAt", [token, "0x1", "latest"]],
  ["starknet_getBlockWithTxs", ["latest"]],
  ["starknet_getEvents", [{ from_block: { block_number: 0 }, to_block: "latest", chunk_size: 50 }]],
];
const bodies = MIX.map(([method, params], id) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params }),
);

let reads = 0;
let notifications = 0;
let reading = false;
const idle: (() => void)[] = [];

/** Asks whenever the parent wants to, one request at a time. */
async function client(ask: (body: string) => Promise<string>, first: number): Promise<void> {
  for (let i = first; ; i++) {
    if (!reading) await new Promise<void>((resolve) => idle.push(resolve));
    const answer = await ask(bodies[i % bodies.length]!);
    if (answer.includes('"error"')) throw new Error(answer);
    reads++;
  }
}

async function overWebSocket(): Promise<(body: string) => Promise<string>> {
  const socket = new WebSocket(webSocketUrl);
  await once(socket, "open");
  let answered: (text: string) => void = () => undefined;
  socket.on("message", (data: Buffer) => {
    const text = data.toString();
    if (text.includes("starknet_subscriptionNewHeads")) notifications++;
    else answered(text);
  });
  const ask = (body: string): Promise<string> =>
    new Promise((resolve) => {
      answered = resolve;
      socket.send(body);
    });
  await ask('{"jsonrpc":"2.0","id":0,"method":"starknet_subscribeNewHeads"}');
  return ask;
}

for (let i = 0; i < Number(count); i++)
  void client(i % 2 === 0 ? poster(url) : await overWebSocket(), i >> 1);
process.on("message", (on: boolean) => {
  // Counted from the last message on.
  reading = on;
  if (on) for (const resume of idle.splice(0)) resume();
  else process.send!({ reads, notifications } satisfies Reading);
  reads = notifications = 0;
});
process.once("disconnect", () => process.exit());
process.send!("ready");
