/** Who sees the requests to a connection's chain before the chain does. */
import type { RequestInterceptor } from "../devnet/l1.ts";

const interceptors = new WeakMap<object, RequestInterceptor>();

/** @param connection one of Hardhat's; a later interceptor takes the place of an earlier one */
export function intercept(connection: object, interceptor: RequestInterceptor): void {
  interceptors.set(connection, interceptor);
}

export const interceptorOf = (connection: object): RequestInterceptor | undefined =>
  interceptors.get(connection);
