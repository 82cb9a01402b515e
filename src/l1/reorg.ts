/** Finding where L1 has left its former way. */

/**
 * How many of `count` things in the order of L1's blocks are still there: all of them but for a reorg. What is before
 * one that is there, is there, too.
 */
export async function commonCount(
  count: number,
  isThere: (index: number) => Promise<boolean>,
): Promise<number> {
  let [common, gone] = [0, count + 1];
  for (let probe = count; common + 1 < gone; probe = (common + gone) >> 1) {
    if (await isThere(probe - 1)) common = probe;
    else gone = probe;
  }
  return common;
}
