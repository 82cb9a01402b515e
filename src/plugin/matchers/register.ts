/** Adds the matchers to chai. */

let registered: Promise<void> | undefined;

/** Once per process; does nothing where chai is not installed. */
export const registerMatchers = (): Promise<void> => (registered ??= register());

async function register(): Promise<void> {
  const chai = await import("chai").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  });
  if (chai !== undefined) chai.use((await import("./matchers.ts")).starknetMatchers);
}
