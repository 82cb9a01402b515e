import type { NetworkHooks } from "hardhat/types/hooks";
import type { JsonRpcResponse } from "hardhat/types/providers";
import { interceptorOf } from "../interceptors.ts";

/** The answer is an error: it goes to whoever asked, and the interceptor sees it fail. */
class Refused extends Error {}

const handlers = async (): Promise<Partial<NetworkHooks>> => ({
  async onRequest(context, connection, request, next) {
    const interceptor = interceptorOf(connection);
    if (interceptor === undefined) return next(context, connection, request);
    const { method, params } = request;
    let response: JsonRpcResponse | undefined;
    try {
      await interceptor({ method, ...(Array.isArray(params) && { params }) }, async () => {
        response = await next(context, connection, request);
        if ("error" in response) throw new Refused();
        return response.result;
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    return response!;
  },
});

export default handlers;
