/** Why an L1 node does not go on. */

/** L1 does not show what it must, or not yet: the state that is there stays good, and trying later may help. */
export class L1NodeError extends Error {
  override readonly name: string = "L1NodeError";
}

/** L1 does not stand by the state that is there: nothing may be answered from it. */
export class ContradictionError extends L1NodeError {
  override readonly name = "ContradictionError";
}
