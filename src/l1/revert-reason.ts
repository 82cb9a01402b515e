/** Why a call or transaction of L1 failed, in words. */
import { Interface } from "ethers";

const STANDARD = new Interface(["error Error(string)", "error Panic(uint256)"]);

/** The revert string in the data of a node's error; else the node's own message. */
export function revertReason(error: unknown): string {
  const { message, data } = error as { message: string; data?: unknown };
  // Hardhat puts the data into an object, other nodes give it as it is.
  const bytes =
    typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
  if (typeof bytes === "string" && bytes.startsWith("0x")) {
    try {
      const parsed = STANDARD.parseError(bytes);
      if (parsed?.name === "Error") return String(parsed.args[0]);
      if (parsed !== null) return `panic ${parsed.args[0]}`;
    } catch {
      // Data that is cut, or no revert at all: the message has to do.
    }
  }
  return message;
}
