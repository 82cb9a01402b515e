/** Settlement that cannot go on by itself; the message says why and what to do. */
export class SettlementError extends Error {
  override readonly name = "SettlementError";
}
