import { expect } from "chai";
import { FeederClient } from "../../src/node/feeder-client.ts";
import { Followers } from "../../src/rpc/feeder/followers.ts";
import { OsChain } from "../os/support/os-chain.ts";
import { startFeeder } from "../support/feeder.ts";

describe("rpc/feeder: nodes that follow", () => {
  it("are known by the header of their requests", async () => {
    const chain = new OsChain();
    const feeder = await startFeeder(chain.core);
    try {
      const client = new FeederClient(feeder.url);
      await client.head(new AbortController().signal);
      expect(feeder.followers.urls()).deep.equal([]);
      client.announce("http://127.0.0.1:4321/rpc");
      await client.head(new AbortController().signal);
      expect(feeder.followers.urls()).deep.equal(["http://127.0.0.1:4321/rpc"]);
    } finally {
      feeder.close();
      await chain.close();
    }
  });

  it("are forgotten when they no longer ask, and are never too many", () => {
    let now = 0;
    const followers = new Followers(() => now);
    for (let i = 0; i < 100; i++) followers.note(`http://127.0.0.1:${1000 + i}/rpc`);
    expect(followers.urls()).lengthOf(64).and.not.include("http://127.0.0.1:1000/rpc");
    now = 20_000;
    followers.note("http://127.0.0.1:1099/rpc");
    now = 40_000;
    expect(followers.urls()).deep.equal(["http://127.0.0.1:1099/rpc"]);
  });

  it("are servers of HTTP, whatever a header says", () => {
    const followers = new Followers();
    for (const header of [
      "",
      "here",
      "file:///etc/passwd",
      "javascript:alert(1)",
      `http://h/${"a".repeat(200)}`,
      ["http://a/", "http://b/"],
      7,
    ])
      followers.note(header);
    expect(followers.urls()).deep.equal([]);
  });
});
