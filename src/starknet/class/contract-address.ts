/** Addresses of deployed contracts (cairo-lang contract_address.cairo). */
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { pedersenArray } from "../../hash/pedersen.ts";
import { ADDRESS_BOUND } from "../constants.ts";

const PREFIX = shortString("STARKNET_CONTRACT_ADDRESS");

/** @param deployer 0 for DEPLOY_ACCOUNT and for deployments "from zero" */
export function contractAddress(deployment: {
  readonly deployer: Felt;
  readonly salt: Felt;
  readonly classHash: Felt;
  readonly constructorCalldata: readonly Felt[];
}): Felt {
  const { deployer, salt, classHash, constructorCalldata } = deployment;
  return (
    pedersenArray([PREFIX, deployer, salt, classHash, pedersenArray(constructorCalldata)]) %
    ADDRESS_BOUND
  );
}
