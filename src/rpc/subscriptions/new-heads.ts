import { formatHeader } from "../format/header.ts";
import type { Feed } from "./feed.ts";

/** Headers of closed blocks. */
export const newHeadsFeed = (from: number | undefined): Feed => ({
  notification: "starknet_subscriptionNewHeads",
  ...(from === undefined ? {} : { from }),
  past: ({ header }) => [formatHeader(header)],
  live: (event) => (event.kind === "block" ? [formatHeader(event.block.header)] : []),
});
