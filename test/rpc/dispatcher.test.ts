import { expect } from "chai";
import { Dispatcher } from "../../src/rpc/dispatcher.ts";
import { RpcError } from "../../src/rpc/errors.ts";
import { method, type Method } from "../../src/rpc/method.ts";
import { felt } from "../../src/rpc/schema/numbers.ts";
import { bigInteger, integer, object, optional } from "../../src/rpc/schema/schema.ts";
import { GatewayError } from "../../src/sequencer/gateway.ts";

const any = 1n << 300n;
const methods: readonly Method<object>[] = [
  method({
    name: "sub",
    parameters: { a: integer(0), b: optional(integer(0)) },
    handle: (_, { a, b }) => a - (b ?? 1),
  }),
  method({
    name: "deep",
    parameters: { at: object({ x: object({ y: felt }) }) },
    handle: (_, { at }) => at.x.y.toString(),
  }),
  method({
    name: "big",
    parameters: { n: bigInteger("an integer", -any, any) },
    handle: (_, { n }) => n.toString(),
  }),
  {
    name: "fail",
    parameters: {},
    handle: () => {
      throw new Error("secret");
    },
  },
  {
    name: "refuse",
    parameters: {},
    handle: () =>
      Promise.reject(new GatewayError("INVALID_TRANSACTION_NONCE", "expected 5, got 4")),
  },
  { name: "forbidden", parameters: {}, handle: () => 1 },
  { name: "change", parameters: {}, mutates: true, handle: () => undefined },
];

describe("rpc/dispatcher", () => {
  const log: unknown[][] = [];
  const changes: unknown[] = [];
  const dispatcher = new Dispatcher<object>({
    context: {},
    methods,
    restricted: ["forbidden"],
    limits: { batchLength: 5, batchAnswerLength: 200, batchTime: 1000 },
    log: { error: (...entry) => void log.push(entry) },
    onMutation: (request) => void changes.push(request),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers of any shape
  const ask = async (request: unknown): Promise<any> => {
    const answer = await dispatcher.answer(
      typeof request === "string" ? request : JSON.stringify(request),
    );
    return answer === undefined ? undefined : JSON.parse(answer);
  };
  const call = (name: string, params?: unknown, id: unknown = 1) => ({
    jsonrpc: "2.0",
    method: name,
    params,
    id,
  });

  // The examples of the JSON-RPC 2.0 specification, §7, with our methods.
  it("answers the specification's examples", async () => {
    expect(await ask(call("sub", [42, 23]))).to.deep.equal({ jsonrpc: "2.0", id: 1, result: 19 });
    expect(await ask(call("sub", { b: 23, a: 42 }, "x"))).to.deep.equal({
      jsonrpc: "2.0",
      id: "x",
      result: 19,
    });
    expect(await ask(call("sub", [42, 23], null))).to.deep.equal({
      jsonrpc: "2.0",
      id: null,
      result: 19,
    });
    expect(await ask({ jsonrpc: "2.0", method: "sub", params: [1] })).to.equal(undefined);
    expect(await ask({ jsonrpc: "2.0", method: "none" })).to.equal(undefined);
    expect((await ask(call("none"))).error).to.deep.equal({
      code: -32601,
      message: "Method not found",
    });
    expect(await ask('{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]'))
      .to.deep.include({ id: null })
      .and.nested.include({ "error.code": -32700 });
    expect(await ask({ jsonrpc: "2.0", method: 1, params: "bar" })).to.nested.include({
      "error.code": -32600,
    });
    expect(await ask([]))
      .to.deep.include({ id: null })
      .and.nested.include({ "error.code": -32600 });
    expect(await ask([1]))
      .to.have.length(1)
      .and.have.nested.property("[0].error.code", -32600);
    expect(await ask([{ jsonrpc: "2.0", method: "sub", params: [1] }])).to.equal(undefined);
    const mixed = await ask([
      call("sub", [3, 2], "a"),
      { jsonrpc: "2.0", method: "sub", params: [1] },
      { foo: "boo" },
      call("none", undefined, "b"),
    ]);
    expect(mixed.map(({ id }: { id: unknown }) => id)).to.deep.equal(["a", null, "b"]);
  });

  it("refuses what is no request", async () => {
    for (const request of [
      0,
      "text",
      null,
      true,
      { ...call("sub"), jsonrpc: "1.0" },
      { ...call("sub"), id: {} },
      { ...call("sub"), id: [1] },
      { jsonrpc: "2.0", id: 1 },
    ]) {
      expect((await ask(JSON.stringify(request))).error.code, JSON.stringify(request)).to.equal(
        -32600,
      );
    }
  });

  it("names the parameter and what was expected of it", async () => {
    const problem = async (name: string, params: unknown) => (await ask(call(name, params))).error;
    expect(await problem("sub", [])).to.deep.equal({
      code: -32602,
      message: "Invalid params: a: missing, expected an integer not below 0",
    });
    expect(await problem("sub", { a: "1" })).to.deep.equal({
      code: -32602,
      message: 'Invalid params: a: expected an integer not below 0, got "1"',
    });
    expect(await problem("sub", { a: 1, c: 2 })).to.deep.equal({
      code: -32602,
      message: 'Invalid params: unknown "c", expected a, b',
    });
    expect(await problem("sub", [1, 2, 3])).to.deep.equal({
      code: -32602,
      message: "Invalid params: expected at most 2 parameters, got 3",
    });
    expect(await problem("sub", 5)).to.deep.equal({
      code: -32602,
      message: "Invalid params: expected parameters in an object or an array, got 5",
    });
    expect((await problem("deep", [{ x: { y: 5 } }])).message).to.match(
      /^Invalid params: at\.x\.y: expected a felt .*, got 5$/,
    );
    expect((await problem("deep", { at: { x: { y: "0x" + "f".repeat(64) } } })).message).to.match(
      /^Invalid params: at\.x\.y: expected a felt/,
    );
  });

  it("keeps ids and integers that a double cannot hold", async () => {
    expect(
      await dispatcher.answer(
        '{"jsonrpc":"2.0","method":"sub","params":[1],"id":12345678901234567890}',
      ),
    ).to.equal('{"jsonrpc":"2.0","id":12345678901234567890,"result":0}');
    const cases: [string, string][] = [
      ["1000000000000000000000000000001", "1000000000000000000000000000001"],
      ["1e30", "1" + "0".repeat(30)],
      ["1.5e1", "15"],
      ["-9007199254740993", "-9007199254740993"],
      ["7", "7"],
    ];
    for (const [text, value] of cases)
      expect(
        (await ask(`{"jsonrpc":"2.0","method":"big","params":{"n":${text}},"id":1}`)).result,
        text,
      ).to.equal(value);
    expect(
      (await ask('{"jsonrpc":"2.0","method":"big","params":[0.5],"id":1}')).error.code,
    ).to.equal(-32602);
  });

  it("answers a fault without its cause, and logs the cause", async () => {
    log.length = 0;
    expect((await ask(call("fail"))).error).to.deep.equal({
      code: -32603,
      message: "Internal error",
    });
    expect(log).to.have.length(1);
    expect((log[0]![1] as Error).message).to.equal("secret");
  });

  it("answers errors of the gateway by the spec's codes", async () => {
    expect((await ask(call("refuse"))).error).to.deep.equal({
      code: 52,
      message: "Invalid transaction nonce",
      data: "expected 5, got 4",
    });
  });

  it("refuses restricted methods", async () => {
    expect((await ask(call("forbidden"))).error).to.deep.equal({
      code: -32604,
      message: "Method forbidden",
    });
  });

  it("bounds batches in requests and in answers", async () => {
    expect((await ask(Array(6).fill(call("sub", [1])))).error.code).to.equal(-32600);
    const answers = await ask(Array(5).fill(call("none")));
    expect(answers.at(-1).error.message).to.match(/too large/);
    expect(answers.at(-1).id).to.equal(1);
  });

  it("bounds batches in time, and lets others in between", async () => {
    const slow: Method<object> = {
      name: "slow",
      parameters: {},
      handle: () => {
        const end = performance.now() + 60;
        while (performance.now() < end);
      },
    };
    const patient = new Dispatcher<object>({
      context: {},
      methods: [slow],
      limits: { batchLength: 5, batchAnswerLength: 200, batchTime: 50 },
    });
    let turns = 0;
    const others = setInterval(() => turns++, 0);
    const text = await patient.answer(JSON.stringify(Array(3).fill(call("slow"))));
    clearInterval(others);
    const answers = JSON.parse(text!) as { error?: { message: string } }[];
    expect(answers[0]).to.have.property("result", null);
    expect(answers[2]!.error!.message).to.match(/takes too long/);
    expect(turns).to.be.greaterThan(0);
  });

  it("tells of changes that succeeded", async () => {
    changes.length = 0;
    expect((await ask(call("change", [], 7))).result).to.equal(null);
    expect(changes).to.deep.equal([{ method: "change", params: [], id: 7 }]);
  });

  it("runs methods for others, with their errors", async () => {
    expect(await dispatcher.run("sub", [5, 3])).to.equal(2);
    const error = await dispatcher.run("none", []).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RpcError).with.property("code", -32601);
  });
});
