/** The OS's own addresses and keys in the state log (contracts/cairo/os/constants.cairo). */
import { P } from "../../field/felt.ts";

export const CLASS_HASH_KEY = P - 1n;
export const NONCE_KEY = P - 2n;
export const CLASSES = P - 1n;
