import type { NetworkHooks } from "hardhat/types/hooks";
import type { JsonRpcResponse } from "hardhat/types/providers";
import type { NetworkConnection } from "hardhat/types/network";
import { LazyStarknetConnection } from "../connection.ts";
import { interceptorOf } from "../interceptors.ts";
import { registerMatchers } from "../matchers/register.ts";

/** The answer is an error: it goes to whoever asked, and the interceptor sees it fail. */
class Refused extends Error {}

const handlers = async (): Promise<Partial<NetworkHooks>> => ({
  async newConnection(context, next) {
    const connection = await next(context);
    connection.starknet = new LazyStarknetConnection(
      connection as NetworkConnection,
      context.config.starknet,
    );
    await registerMatchers();
    return connection;
  },
  async closeConnection(context, connection, next) {
    if (connection.starknet instanceof LazyStarknetConnection) await connection.starknet.close();
    await next(context, connection);
  },
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
