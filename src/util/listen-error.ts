/** A server could not start: somebody else listens at its port, or its address is none of this machine. */
export class ListenError extends Error {
  override readonly name = "ListenError";

  /** @param option names the port; that of the address is `--host` */
  constructor(
    what: string,
    host: string,
    port: number,
    option: string,
    cause: NodeJS.ErrnoException,
  ) {
    super(`${what} cannot listen at ${host}:${port}: ${reasonOf(cause, host, option)}`, { cause });
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException, host: string, option: string): string {
  switch (code) {
    case "EADDRINUSE":
      return `the port is in use. Choose another with ${option}, or 0 for a free one.`;
    case "EACCES":
      return `the system does not let this user have the port. Choose one above 1023 with ${option}.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine. Choose another with --host.`;
    default:
      return message;
  }
}
