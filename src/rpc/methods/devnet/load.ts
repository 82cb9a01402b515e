import { invalidParams } from "../../errors.ts";
import { parseEntries, readDump } from "../../journal.ts";
import { devnetMethod } from "../../method.ts";
import { optional, schemaOf, text } from "../../schema/schema.ts";
import { restartDevnet } from "./restart.ts";

const events = schemaOf("an array of JSON-RPC requests", (value) =>
  Array.isArray(value) ? (value as unknown[]) : undefined,
);

export const load = devnetMethod({
  name: "devnet_load",
  parameters: { path: optional(text("a file path", 4096)), events: optional(events) },
  async handle(context, { path, events }, { run }) {
    if ((path === undefined) === (events === undefined)) {
      throw invalidParams("expected either path or events");
    }
    const entries = path === undefined ? parseEntries(events) : await readDump(path);
    await restartDevnet(context);
    for (const { method, params } of entries) await run(method, params);
    return {};
  },
});
