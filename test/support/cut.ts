/** A line to a server that can be cut: a server whose state dies with it is away without being ended. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export class Cut {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** A line to a port of this machine. */
  static async to(target: number): Promise<Cut> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const cut = new Cut(server, (server.address() as { port: number }).port);
    server.on("connection", (near) => cut.#join(near, connect(target, "127.0.0.1")));
    return cut;
  }

  #join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    if (this.#isCut) near.destroy();
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.#server.close(closed));
  }
}
