/** How hints refuse. */
import { VmError } from "../errors.ts";

/** The error of a hint whose inputs make no sense; thrown, it fails the run. */
export const hintError = (message: string): VmError => new VmError("HINT", message);
