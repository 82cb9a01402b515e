/** The `starknet` section of the Hardhat config. */
import type {
  ConfigurationVariableResolver,
  ResolvedConfigurationVariable,
  SensitiveString,
} from "hardhat/types/config";
import { readOptions, type DevnetOptions } from "../devnet/options.ts";

/** Options that may be configuration variables: URLs of providers hold keys, too. */
const SENSITIVE = ["ethUrl", "ethKey", "proverQueue"] as const;
type Sensitive = (typeof SENSITIVE)[number];

/** Every option of `starknet:devnet`; numbers may be given as number, bigint or text. */
export type StarknetUserConfig = {
  readonly [Name in Exclude<keyof DevnetOptions, Sensitive>]?:
    DevnetOptions[Name] | string | number;
} & { readonly [Name in Sensitive]?: SensitiveString };

/** The section as the user wrote it, known to be valid; tasks lay their command line over it. */
export type StarknetConfig = Omit<StarknetUserConfig, Sensitive> & {
  readonly [Name in Sensitive]?: ResolvedConfigurationVariable;
};

/** Problems of a config section, in the form that Hardhat prints. */
export function validateStarknetConfig(section: unknown): { path: string[]; message: string }[] {
  if (section === undefined) return [];
  if (typeof section !== "object" || section === null) {
    return [{ path: ["starknet"], message: "expected an object with options of starknet:devnet" }];
  }
  const known = Object.entries(section).filter(([, value]) => !isVariable(value));
  const variables = Object.entries(section).filter(([, value]) => isVariable(value));
  const problems = readOptions(Object.fromEntries(known), {
    // What a variable holds is known when it is used; that it is there is known now.
    ...(variables.some(([name]) => name === "ethUrl") && { ethUrl: "http://variable" }),
  }).problems;
  return [
    ...problems.map(({ name, message }) => ({ path: ["starknet", name], message })),
    ...variables
      .filter(([name]) => !SENSITIVE.some((sensitive) => sensitive === name))
      .map(([name]) => ({
        path: ["starknet", name],
        message: `only ${SENSITIVE.join(", ")} may be configuration variables`,
      })),
  ];
}

const isVariable = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  "_type" in value &&
  value._type === "ConfigurationVariable";

export function resolveStarknetConfig(
  section: StarknetUserConfig = {},
  resolve: ConfigurationVariableResolver,
): StarknetConfig {
  const { ethUrl, ethKey, proverQueue, ...rest } = section;
  return {
    ...rest,
    ...(ethUrl !== undefined && { ethUrl: resolve(ethUrl) }),
    ...(ethKey !== undefined && { ethKey: resolve(ethKey) }),
    ...(proverQueue !== undefined && { proverQueue: resolve(proverQueue) }),
  };
}

/** The section with the values of its configuration variables. */
export async function configuredOptions(
  config: StarknetConfig,
): Promise<Readonly<Record<string, unknown>>> {
  const { ethUrl, ethKey, proverQueue, ...rest } = config;
  return {
    ...rest,
    ethUrl: await ethUrl?.get(),
    ethKey: await ethKey?.get(),
    proverQueue: await proverQueue?.get(),
  };
}
