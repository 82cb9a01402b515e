import { RpcError } from "../errors.ts";
import type { Method } from "../method.ts";

/** A standard method that a kind of node cannot answer; it says why, and whom to ask. */
export const unsupported = (
  { name, parameters }: Pick<Method<never>, "name" | "parameters">,
  reason: string,
): Method<unknown> => ({
  name,
  parameters,
  handle() {
    throw new RpcError("METHOD_NOT_SUPPORTED", { message: `${name} is not supported: ${reason}` });
  },
});
