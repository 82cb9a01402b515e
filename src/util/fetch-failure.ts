/** Why a `fetch` failed: it says "fetch failed" itself, and why in the cause, which may be of several addresses. */
export function reasonOfFailure(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  const told = inner instanceof Error ? inner : error;
  return told instanceof Error ? told.message : String(told);
}
