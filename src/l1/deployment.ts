/** The contracts of an L2 on its L1: deployed, or found where an earlier start or the user has them. */
import { deserialize, serialize } from "node:v8";
import { getAddress, ZeroAddress } from "ethers";
import type { Felt } from "../field/felt.ts";
import type { ChainView } from "../starknet/chain-view.ts";
import { UPDATE_LIMITS } from "../starknet/output/range.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import { shortString } from "../field/short-string.ts";
import { toHex } from "../util/hex.ts";
import { contractInterface, creationCode, type L1ContractName } from "./artifacts.ts";
import { CoreContract } from "./core-contract.ts";
import type { Ethereum } from "./ethereum.ts";
import type { Operator } from "./operator.ts";
import { SettlementError } from "./settlement-error.ts";
import { initialStateWords, type ProgramIdentity } from "./update.ts";
import { deployBlockRegistry, osProgramOnL1 } from "./block-registry.ts";

/** How blocks settle: with a proof, on the operator's word, or not at all. */
export type SettlementMode = "proven" | "unproven" | "none";

/** Where the contracts are; kept with the chain. */
export interface Deployment {
  readonly l1ChainId: number;
  readonly core: string;
  /** Undefined where nothing settles. */
  readonly factRegistry: string | undefined;
  /** Block of L1 from which on the core contract's events are read, that of its deployment. */
  readonly l1Block: number;
  /** Messages sent in earlier blocks belonged to an L2 that is gone. */
  readonly messagesFrom: number;
}

/** The hash of no program: it stands where one would that was proven. */
const UNPROVEN_PROGRAM_HASH = shortString("UNPROVEN");

/** The program whose runs settle. */
export const programHashOf = (mode: SettlementMode): Felt =>
  mode === "proven" ? osProgramOnL1().hash : UNPROVEN_PROGRAM_HASH;

const KEY = Buffer.from("l1");

export const readDeployment = (store: KeyValueStore): Deployment | undefined => {
  const stored = store.get(KEY);
  return stored && (deserialize(stored) as Deployment);
};

export function writeDeployment(store: KeyValueStore, deployment: Deployment): void {
  store.batch([{ type: "put", key: KEY, value: serialize(deployment) }]);
}

export interface DeploymentParts {
  readonly ethereum: Ethereum;
  readonly operator: Operator;
  readonly identity: ProgramIdentity;
  readonly mode: SettlementMode;
}

/** Deploys the contracts; the core contract begins with the state after block `number`, and tells it. */
export async function deploy(
  parts: DeploymentParts,
  chain: ChainView,
  number: number,
): Promise<Deployment> {
  const { ethereum, operator, identity, mode } = parts;
  const initial = chain.header(number)!;
  const create = async (name: L1ContractName, ...args: unknown[]) => {
    const { contractAddress, blockNumber } = await operator.send({
      data: creationCode(name, args),
    });
    return { address: getAddress(contractAddress!), blockNumber };
  };
  const registry =
    mode === "proven"
      ? await deployBlockRegistry(operator)
      : mode === "unproven"
        ? (await create("UnprovenFactRegistry", operator.address)).address
        : undefined;
  const core = await create(
    "StarknetCore",
    identity.programHash,
    0n,
    registry ?? ZeroAddress,
    identity.configHash,
    { globalRoot: initial.stateRoot, blockNumber: initial.number, blockHash: initial.hash },
  );
  const contract = contractInterface("StarknetCore");
  const call = (name: string, ...args: unknown[]) =>
    operator.send({ to: core.address, data: contract.encodeFunctionData(name, args) });
  await call("registerOperator", operator.address);
  // Where nothing settles, nobody follows.
  if (mode !== "none") {
    const words = initialStateWords(chain, number);
    for (let offset = 0; offset < words.length; offset += UPDATE_LIMITS.outputWords) {
      const part = words.slice(offset, offset + UPDATE_LIMITS.outputWords);
      await call("publishInitialState", offset, words.length, part);
    }
  }
  return {
    l1ChainId: await ethereum.chainId(),
    core: core.address,
    factRegistry: registry,
    l1Block: core.blockNumber,
    messagesFrom: core.blockNumber,
  };
}

/** Whether the contracts of an earlier start are on this L1. */
export async function isThere(
  ethereum: Ethereum,
  { l1ChainId, core }: Deployment,
): Promise<boolean> {
  return (await ethereum.chainId()) === l1ChainId && (await ethereum.code(core)) !== "0x";
}

/**
 * Takes a core contract that is there already, which must be this L2's. Throws SettlementError, saying what does not
 * fit.
 *
 * @param l1Block from where on its events are read; undefined: from L1's first block
 */
export async function attach(
  parts: DeploymentParts,
  address: string,
  l1Block = 0,
): Promise<Deployment> {
  const { ethereum, operator, identity, mode } = parts;
  const where = `the core contract ${address}`;
  const refuse = (reason: string): never => {
    throw new SettlementError(`${where} cannot be this L2's: ${reason}`);
  };
  if ((await ethereum.code(address)) === "0x") refuse("there is no contract at that address");
  const core = new CoreContract(ethereum, address);
  const settings = await core.settings().catch(() => refuse("it is no core contract"));
  if (settings.configHash !== identity.configHash)
    refuse(
      `its config hash is ${toHex(settings.configHash)}, of another chain id or fee token; ours is ${toHex(identity.configHash)}`,
    );
  const factRegistry = settings.verifier === ZeroAddress ? undefined : settings.verifier;
  if (mode !== "none") {
    if (factRegistry === undefined)
      refuse('it has no fact registry: it was deployed with settlement "none"');
    if (settings.programHash !== identity.programHash)
      refuse(
        `its program hash is ${toHex(settings.programHash)}, not ${toHex(identity.programHash)} as with settlement "${mode}"`,
      );
    if (!(await core.isOperator(operator.address)))
      refuse(`${operator.address} is no operator of it: register it, or set starknet.ethKey`);
  }
  return {
    l1ChainId: await ethereum.chainId(),
    core: getAddress(address),
    factRegistry: mode === "none" ? undefined : factRegistry,
    l1Block,
    messagesFrom: l1Block,
  };
}
