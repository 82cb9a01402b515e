import { method } from "../../method.ts";
import { text } from "../../schema/schema.ts";

export const unsubscribe = method({
  name: "starknet_unsubscribe",
  parameters: { subscription_id: text("a subscription id", 64) },
  needsSession: true,
  handle(_context, { subscription_id }, { session }) {
    session!.unsubscribe(subscription_id);
    return true;
  },
});
