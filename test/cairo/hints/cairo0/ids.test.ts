import { expect } from "chai";
import fc from "fast-check";
import { ProgramError, VmError } from "../../../../src/cairo/errors.ts";
import { parseExpression, parseType } from "../../../../src/cairo/hints/cairo0/expression.ts";
import {
  type Cairo0Hint,
  code,
  commonHints,
  compileCairo0Hints,
  composeHints,
} from "../../../../src/cairo/hints/cairo0/index.ts";
import type { MemoryValue } from "../../../../src/cairo/relocatable.ts";
import { shift } from "../../../../src/cairo/relocatable.ts";
import { mod, P } from "../../../../src/field/felt.ts";
import { plainContext, vmErrorCode } from "../../../support/hint-context.ts";

interface Reference {
  readonly value: string;
  readonly group?: number;
  readonly offset?: number;
}

const IDENTIFIERS = {
  "lib.Point": {
    type: "struct",
    size: 2,
    members: {
      x: { offset: 0, cairo_type: "felt" },
      next: { offset: 1, cairo_type: "lib.Point*" },
    },
  },
  "lib.LIMIT": { type: "const", value: -1 },
  "m.Alias": { type: "alias", destination: "m.Middle" },
  "m.Middle": { type: "alias", destination: "lib.Point" },
  "m.LIMIT": { type: "alias", destination: "lib.LIMIT" },
  "m.Loop": { type: "alias", destination: "m.Loop" },
  "m.shadowed": { type: "const", value: 1 },
  "m.f.shadowed": { type: "const", value: 2 },
};

/** Compiles `hint` with ids.x bound to `reference`, ap tracked at group 1 and offset 10. */
function compile(hint: Cairo0Hint, reference: Reference) {
  const { value, group = 1, offset = 10 } = reference;
  const program = {
    hints: {
      "7": [
        {
          code: "own",
          accessible_scopes: ["m", "m.f"],
          flow_tracking_data: {
            ap_tracking: { group: 1, offset: 10 },
            reference_ids: { "m.f.x": 0 },
          },
        },
      ],
    },
    identifiers: { ...IDENTIFIERS, "m.f.x": { type: "reference" } },
    reference_manager: { references: [{ value, ap_tracking_data: { group, offset } }] },
  };
  return compileCairo0Hints(program, new Map([["own", hint]])).get(7)![0]!;
}

function problem(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ProgramError) return error.message;
    throw error;
  }
  return "fine";
}

describe("ids of Cairo 0 hints", () => {
  /** [fp] = 100, [fp + 1] = a Point (7, itself), [fp + 2] = 5; ap is 8 past fp, [ap - 1] = 3. */
  function read(reference: Reference, path = "x"): MemoryValue {
    const context = plainContext();
    const { memory } = context;
    const point = memory.addSegment();
    memory.write(point, [7n, point]);
    memory.write(context.fp, [100n, point, 5n]);
    context.ap = shift(context.fp, 8);
    memory.set(shift(context.ap, -1), 3n);
    let result: MemoryValue = 0n;
    compile((ids) => {
      const value = ids.value(path);
      return (c) => {
        result = value(c);
      };
    }, reference).execute(context);
    return result;
  }

  it("evaluates references as compilers write them", () => {
    expect(read({ value: "[cast(fp, felt*)]" })).to.equal(100n);
    expect(read({ value: "[cast(fp + (2), felt*)]" })).to.equal(5n);
    expect(read({ value: "cast([fp + 2] + 3, felt)" })).to.equal(8n);
    expect(read({ value: "cast([fp] * [fp + 2] - 1, felt)" })).to.equal(499n);
    expect(read({ value: "cast([fp + 2] / 5, felt)" })).to.equal(1n);
    expect(read({ value: "cast(-[fp + 2], felt)" })).to.equal(P - 5n);
    expect(read({ value: "cast(5 - 7, felt)" })).to.equal(P - 2n);
    expect(read({ value: "cast(1 - 2 - 3, felt)" })).to.equal(mod(-4n));
    expect(read({ value: "cast(2 * (3 + 4), felt)" })).to.equal(14n);
    expect(read({ value: "cast([[fp + 1]] + 0, felt)" })).to.equal(7n);
    expect(read({ value: "[cast([fp + 1], felt*)]" })).to.equal(7n);
    expect(read({ value: "cast(([fp + 1] + 4) - [fp + 1], felt)" })).to.equal(4n);
  });

  it("moves references that depend on ap by what ap has moved", () => {
    expect(read({ value: "[cast(ap + (-1), felt*)]" })).to.equal(3n);
    expect(read({ value: "[cast(ap - 1, felt*)]" })).to.equal(3n);
    expect(read({ value: "[cast(ap + 5, felt*)]", offset: 4 })).to.equal(3n);
    expect(read({ value: "cast([ap - 3 + 8] * 2, felt)", offset: 4 })).to.equal(6n);
    const other = { value: "[cast(ap + (-1), felt*)]", group: 2 };
    expect(vmErrorCode(() => read(other))).to.equal("HINT");
    expect(read({ value: "[cast(fp, felt*)]", group: 2 })).to.equal(100n);
  });

  it("reaches members of structs and through pointers to them", () => {
    expect(read({ value: "[cast(fp + 1, lib.Point**)]" }, "x.x")).to.equal(7n);
    expect(read({ value: "[cast(fp + 1, m.Alias**)]" }, "x.next.next.x")).to.equal(7n);
    expect(read({ value: "[cast([fp + 1], lib.Point*)]" }, "x.x")).to.equal(7n);
    expect(read({ value: "cast([fp + 1], lib.Point*)" }, "x.next.x")).to.equal(7n);
    const at = { value: "[cast(fp + 1, lib.Point**)]" };
    expect(problem(() => read(at, "x.y"))).to.include("no member y");
    expect(problem(() => read({ value: "[cast(fp, felt*)]" }, "x.y"))).to.include("no struct");
  });

  it("gives a struct's address where a pointer is asked for", () => {
    const addresses: MemoryValue[] = [];
    const hint: Cairo0Hint = (ids) => {
      const pointer = ids.pointer("x");
      return (context) => addresses.push(pointer(context));
    };
    const context = plainContext();
    context.memory.set(context.fp, context.pc);
    compile(hint, { value: "[cast(fp, lib.Point*)]" }).execute(context);
    compile(hint, { value: "[cast(fp, lib.Point**)]" }).execute(context);
    expect(addresses).to.deep.equal([context.fp, context.pc]);
  });

  it("assigns cells only", () => {
    const assign: Cairo0Hint = (ids) => {
      const write = ids.writer("x");
      return (context) => {
        write(context, 42n);
      };
    };
    const context = plainContext();
    compile(assign, { value: "[cast(fp + 3, felt*)]" }).execute(context);
    expect(context.memory.felt(shift(context.fp, 3))).to.equal(42n);
    expect(problem(() => compile(assign, { value: "cast([fp] + 1, felt)" }))).to.include(
      "no memory",
    );
  });

  it("finds constants, sizes and offsets, innermost scope first and through imports", () => {
    const constants: bigint[] = [];
    const names = ["shadowed", "LIMIT", "Alias.SIZE", "Alias.next"];
    const hint: Cairo0Hint = (ids) => {
      for (const name of names) constants.push(ids.constant(name));
      constants.push(ids.has("x") ? 1n : 0n, ids.has("shadowed") ? 1n : 0n);
      return () => undefined;
    };
    compile(hint, { value: "[cast(fp, felt*)]" });
    expect(constants).to.deep.equal([2n, P - 1n, 2n, 1n, 1n, 0n]);
    for (const name of ["x", "Alias.nothing", "missing", "Loop", "LIMIT.SIZE", ""])
      expect(
        problem(() =>
          compile(
            (ids) => {
              ids.constant(name);
              return () => undefined;
            },
            { value: "[cast(fp, felt*)]" },
          ),
        ),
        name,
      ).to.not.equal("fine");
  });

  it("keeps felts and pointers apart", () => {
    expect(vmErrorCode(() => read({ value: "cast([fp + 1] * 2, felt)" }))).to.equal("HINT");
    expect(vmErrorCode(() => read({ value: "[cast([fp], felt*)]" }))).to.equal("HINT");
    expect(vmErrorCode(() => read({ value: "cast([fp] / 0, felt)" }))).to.equal("HINT");
    expect(vmErrorCode(() => read({ value: "[cast(fp + 20, felt*)]" }))).to.equal("UNKNOWN_MEMORY");
  });

  it("parses or refuses any reference with a ProgramError", () => {
    const tokens = [
      "ap",
      "fp",
      "cast(",
      "felt",
      "*",
      "**",
      "[",
      "]",
      "(",
      ")",
      ",",
      "+",
      "-",
      "/",
      "7",
      "a.B",
      ":",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 12 }), (parts) => {
        problem(() => parseExpression(parts.join(" ")));
        problem(() => parseType(parts.join(" ")));
      }),
    );
    for (const text of ["", "[ap", "cast(ap)", "cast(ap, )", "ap ap", "ap + ", "#", "(((1)"])
      expect(
        problem(() => parseExpression(text)),
        text,
      ).to.not.equal("fine");
    expect(problem(() => parseExpression("[".repeat(3000)))).to.include("nesting");
    expect(problem(() => parseExpression("-".repeat(3000)))).to.include("nesting");
    expect(problem(() => parseExpression("1+".repeat(3000)))).to.include("too long");
    expect(parseType("(a: felt, b: (felt, x.Y*))*")).to.deep.equal({
      kind: "pointer",
      to: { kind: "opaque" },
    });
  });
});

describe("libraries of Cairo 0 hints", () => {
  it("take code without its indentation, with its backslashes", () => {
    expect(code`one`).to.equal("one");
    expect(code`
      if x:
          y = \
              1

      z \`q\`
    `).to.equal("if x:\n    y = \\\n        1\n\nz `q`");
  });

  it("compose, and refuse two hints of one code", () => {
    const own = new Map<string, Cairo0Hint>([["MY_HINT", () => () => undefined]]);
    expect(composeHints(commonHints, own).size).to.equal(commonHints.size + 1);
    expect(() => composeHints(own, own)).to.throw(TypeError, "MY_HINT");
  });

  it("refuse malformed programs with a ProgramError", () => {
    const good = {
      hints: {
        "0": [
          {
            code: "vm_exit_scope()",
            accessible_scopes: ["m"],
            flow_tracking_data: { ap_tracking: { group: 0, offset: 0 }, reference_ids: {} },
          },
        ],
      },
      identifiers: {},
      reference_manager: { references: [] },
    };
    expect(compileCairo0Hints(good, commonHints).size).to.equal(1);
    const hint = good.hints["0"][0];
    const broken: unknown[] = [
      null,
      [],
      {},
      { ...good, hints: [] },
      { ...good, hints: { x: [] } },
      { ...good, hints: { "0": {} } },
      { ...good, hints: { "0": [null] } },
      { ...good, hints: { "0": [{ ...hint, code: "import os" }] } },
      { ...good, hints: { "0": [{ ...hint, accessible_scopes: [1] }] } },
      { ...good, hints: { "0": [{ ...hint, flow_tracking_data: {} }] } },
      { ...good, identifiers: 1 },
      { ...good, reference_manager: { references: {} } },
      { ...good, reference_manager: { references: [{ value: 1 }] } },
    ];
    for (const program of broken)
      expect(problem(() => compileCairo0Hints(program, commonHints))).to.not.equal("fine");
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(...Object.keys(good)), (text, key) => {
        problem(() => compileCairo0Hints({ ...good, [key]: JSON.parse(text) }, commonHints));
      }),
    );
  });

  it("keep scopes apart and refuse to leave the main one", () => {
    const program = (text: string) => ({
      hints: {
        "0": [
          {
            code: text,
            accessible_scopes: ["m"],
            flow_tracking_data: { ap_tracking: { group: 0, offset: 0 }, reference_ids: {} },
          },
        ],
      },
      identifiers: {},
      reference_manager: { references: [] },
    });
    const context = plainContext();
    const run = (text: string) => {
      compileCairo0Hints(program(text), commonHints).get(0)![0]!.execute(context);
    };
    expect(() => {
      run("vm_exit_scope()");
    }).to.throw(VmError, "no scope");
    context.state.scopes.current.set("n", 1n);
    run("vm_enter_scope()");
    expect(context.state.scopes.current.has("n")).to.equal(false);
    expect(context.state.scopes.depth).to.equal(1);
    run("vm_exit_scope()");
    expect(context.state.scopes.current.get("n")).to.equal(1n);
  });
});
