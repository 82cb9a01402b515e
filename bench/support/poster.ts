/** POSTs bodies, one after the other, over one kept-alive connection. */
import { Agent, request as httpRequest } from "node:http";

export function poster(url: string): (body: string) => Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (body) =>
    new Promise((resolve, reject) => {
      const headers = {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(body),
      };
      const request = httpRequest(url, { method: "POST", agent, headers }, (response) => {
        let text = "";
        response
          .setEncoding("utf8")
          .on("data", (chunk: string) => (text += chunk))
          .on("end", () => resolve(text));
      });
      request.on("error", reject).end(body);
    });
}
