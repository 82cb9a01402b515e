/** Addresses of the OS's own in the state log (contracts/cairo/os/constants.cairo). */
import { P } from "../../field/felt.ts";

/** Compiled class hashes by class hash. */
export const CLASSES = P - 1n;
/** Class hashes by contract address. */
export const CLASS_HASHES = P - 2n;
/** Nonces by contract address. */
export const NONCES = P - 3n;
