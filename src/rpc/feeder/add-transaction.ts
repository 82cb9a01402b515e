/** The gateway's way in: a transaction in the gateways' JSON becomes a request of the JSON-RPC's write methods. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { toHex } from "../../util/hex.ts";
import { formatTransaction } from "../format/transaction.ts";
import { parseJson } from "../json.ts";
import { felt } from "../schema/numbers.ts";
import { isObject, object, oneOfTexts, SchemaError, text } from "../schema/schema.ts";
import { FeederError } from "./errors.ts";
import { declareFields, deployAccountFields, invokeFields } from "./wire/transaction.ts";

/** Runs a method of the JSON-RPC; rejects with what it throws. */
export type RunMethod = (method: string, params: unknown) => Promise<unknown>;

const decompress = promisify(gunzip);
const kind = object({ type: oneOfTexts("INVOKE_FUNCTION", "INVOKE", "DECLARE", "DEPLOY_ACCOUNT") });
const versioned = object({ version: felt });

/** The answer to a transaction; `maxClass` bounds its Sierra program, in bytes of JSON. Rejects with many errors. */
export async function addTransaction(
  body: string,
  run: RunMethod,
  maxClass: number,
): Promise<object> {
  const json = parseBody(body);
  const { type } = kind.parse(json);
  const { version } = versioned.parse(json);
  if (version !== 3n) {
    throw new FeederError(
      "INVALID_TRANSACTION_VERSION",
      `version: expected 0x3, the only version that is taken, got ${toHex(version)}`,
    );
  }
  switch (type) {
    case "DECLARE":
      return submit(run, "starknet_addDeclareTransaction", {
        ...formatTransaction({ ...declareFields.parse(json), hash: 0n, classHash: 0n }),
        contract_class: await contractClass(json, maxClass),
      });
    case "DEPLOY_ACCOUNT":
      return submit(
        run,
        "starknet_addDeployAccountTransaction",
        formatTransaction({ ...deployAccountFields.parse(json), hash: 0n, senderAddress: 0n }),
      );
    case "INVOKE":
    case "INVOKE_FUNCTION":
      return submit(
        run,
        "starknet_addInvokeTransaction",
        formatTransaction({ ...invokeFields.parse(json), hash: 0n }),
      );
  }
}

function parseBody(body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    throw new FeederError("MALFORMED_REQUEST", `The body is not JSON: ${(error as Error).message}`);
  }
}

async function submit(run: RunMethod, method: string, transaction: object): Promise<object> {
  const result = (await run(method, [transaction])) as Record<string, string>;
  const { contract_address: address, ...answer } = result;
  return { code: "TRANSACTION_RECEIVED", ...answer, ...(address !== undefined && { address }) };
}

const compressed = object({ sierra_program: text("base64 of a gzipped program", 1 << 26) });

/** The class with its program unpacked. */
async function contractClass(json: unknown, maxBytes: number): Promise<object> {
  const stated = isObject(json) ? json["contract_class"] : undefined;
  try {
    const { sierra_program: packed } = compressed.parse(stated);
    return { ...(stated as object), sierra_program: await unpack(packed, maxBytes) };
  } catch (error) {
    throw error instanceof SchemaError ? error.within("contract_class") : error;
  }
}

async function unpack(packed: string, maxBytes: number): Promise<unknown> {
  try {
    const bytes = await decompress(Buffer.from(packed, "base64"), { maxOutputLength: maxBytes });
    return parseJson(bytes.toString());
  } catch (error) {
    const { message } = error as Error;
    throw new FeederError(
      "INVALID_PROGRAM",
      `contract_class.sierra_program: expected base64 of gzipped JSON of at most ${maxBytes} bytes: ${message}`,
    );
  }
}
