/** A server could not start because somebody else listens at its port. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";

  constructor(what: string, host: string, port: number, option: string) {
    super(
      `${what} cannot listen at ${host}:${port}: the port is in use. Choose another with ${option}, or 0 for a free one.`,
    );
  }
}
