import { type DevnetContext, devnetMethod } from "../../method.ts";
import { boolean, optional } from "../../schema/schema.ts";

/** Starts over: chain, journal, and the subscriptions of all clients. */
export async function restartDevnet(context: DevnetContext): Promise<void> {
  await context.journal.clear();
  await context.control.restart();
  for (const subscriber of context.subscribers) subscriber.clear();
}

export const restart = devnetMethod({
  name: "devnet_restart",
  parameters: { restart_l1_to_l2_messaging: optional(boolean) },
  async handle(context) {
    await restartDevnet(context);
    return {};
  },
});
