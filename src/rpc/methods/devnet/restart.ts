import { type DevnetContext, devnetMethod } from "../../method.ts";
import { boolean, optional } from "../../schema/schema.ts";

/** Starts over: chain, journal, and the subscriptions of all clients. */
export async function restartDevnet(context: DevnetContext, redeployOnL1 = false): Promise<void> {
  await context.control.restart(redeployOnL1);
  await context.journal.clear();
  for (const subscriber of context.subscribers) subscriber.clear();
}

export const restart = devnetMethod({
  name: "devnet_restart",
  parameters: { restart_l1_to_l2_messaging: optional(boolean) },
  async handle(context, { restart_l1_to_l2_messaging }) {
    await restartDevnet(context, restart_l1_to_l2_messaging ?? false);
    return {};
  },
});
