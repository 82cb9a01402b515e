/** The `starknet` section of the Hardhat config. */
import { readOptions, type DevnetOptions } from "../devnet/options.ts";

/** Every option of `starknet:devnet`; numbers may be given as number, bigint or text. */
export type StarknetUserConfig = {
  readonly [Name in keyof DevnetOptions]?: DevnetOptions[Name] | string | number;
};

/** The section as the user wrote it, known to be valid; the task lays its command line over it. */
export type StarknetConfig = StarknetUserConfig;

/** Problems of a config section, in the form that Hardhat prints. */
export function validateStarknetConfig(section: unknown): { path: string[]; message: string }[] {
  if (section === undefined) return [];
  if (typeof section !== "object" || section === null) {
    return [{ path: ["starknet"], message: "expected an object with options of starknet:devnet" }];
  }
  return readOptions({ ...section }).problems.map(({ name, message }) => ({
    path: ["starknet", name],
    message,
  }));
}
