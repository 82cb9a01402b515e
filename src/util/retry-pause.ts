/** How long to wait before what failed is tried again. */

/** Wait after the first failure, in milliseconds; each further one doubles it. */
const FIRST_RETRY_MS = 500;

/** Milliseconds after so many failures in a row, one at least; at most `longest`. */
export const retryPause = (failures: number, longest: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), longest);
