/** ABI and code of the contracts that the devnet deploys on L1, as scripts/build-contracts.mjs built them. */
import { readFileSync } from "node:fs";
import { concat, Interface, type InterfaceAbi } from "ethers";
import { packageFile } from "../util/package.ts";

/** Names of the contracts; each has a file in ./artifacts. */
export const L1_CONTRACTS = ["StarknetCore", "UnprovenFactRegistry"] as const;

export type L1ContractName = (typeof L1_CONTRACTS)[number];

export interface L1Artifact {
  readonly contractName: L1ContractName;
  /** Path of the source in the package. */
  readonly sourceName: string;
  readonly abi: InterfaceAbi;
  /** Code that creates the contract, before the constructor's arguments; 0x… */
  readonly bytecode: string;
}

interface Loaded {
  readonly artifact: L1Artifact;
  readonly interface: Interface;
}

const loaded = new Map<L1ContractName, Loaded>();

function load(name: L1ContractName): Loaded {
  let known = loaded.get(name);
  if (known === undefined) {
    const file = packageFile(`src/l1/artifacts/${name}.json`);
    const artifact = JSON.parse(readFileSync(file, "utf8")) as L1Artifact;
    known = { artifact, interface: new Interface(artifact.abi) };
    loaded.set(name, known);
  }
  return known;
}

/** Read once per process. */
export const l1Artifact = (name: L1ContractName): L1Artifact => load(name).artifact;

export const contractInterface = (name: L1ContractName): Interface => load(name).interface;

/** Data of the transaction that deploys the contract, 0x…; throws TypeError for arguments that do not fit. */
export function creationCode(name: L1ContractName, args: readonly unknown[] = []): string {
  const { artifact, interface: abi } = load(name);
  return concat([artifact.bytecode, abi.encodeDeploy(args)]);
}
