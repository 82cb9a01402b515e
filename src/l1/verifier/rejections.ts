/** With what the verifier contracts refuse. */
import { selectorOf } from "../abi.ts";

const REJECTIONS = new Map(
  [
    "WrongPublicInput(string)",
    "WrongParameters(string)",
    "WrongPage(uint256)",
    "CellOutOfRange()",
    "WrongComposition()",
    "WrongOpening(uint256)",
    "WrongOpening()",
    "WrongLastLayer()",
    "WrongLength()",
    "NotCanonical()",
    "NotEnoughWork()",
    "WrongStack()",
    "WrongOutput()",
    "NoOutputBuiltin()",
    "WrongLayout()",
    "NotAProgram(uint256)",
    "UnknownCheckpoint()",
  ].map((signature) => [Buffer.from(selectorOf(signature)).toString("hex"), signature]),
);

/**
 * The error with which a call was reverted, as "WrongPage(0)", or by its signature where its argument is no
 * number. Throws what it is given if that is none of the contracts'.
 */
export function rejectionOf(error: unknown): string {
  const text = String((error as { data?: unknown }).data);
  const [, selector = "", data = ""] = /0x([0-9a-f]{8})([0-9a-f]*)/.exec(text) ?? [];
  const rejection = REJECTIONS.get(selector);
  if (rejection === undefined) throw error;
  return rejection.replace("uint256", () => String(BigInt(`0x${data}`)));
}
