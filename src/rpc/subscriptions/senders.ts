import type { Felt } from "../../field/felt.ts";
import { RpcError } from "../errors.ts";
import { address } from "../schema/numbers.ts";
import { array, optional } from "../schema/schema.ts";

/** Addresses in one filter, as the spec's error 67 bounds them. */
export const MAX_SENDERS = 1024;

/** The parameter `sender_address`; longer lists are refused by {@link senderFilter}. */
export const senderAddress = optional(array(address, 1 << 16));

/** Undefined lets every sender through. Throws TOO_MANY_ADDRESSES_IN_FILTER. */
export function senderFilter(senders: readonly Felt[] | undefined): ReadonlySet<Felt> | undefined {
  if (senders === undefined || senders.length === 0) return undefined;
  if (senders.length > MAX_SENDERS) throw new RpcError("TOO_MANY_ADDRESSES_IN_FILTER");
  return new Set(senders);
}
