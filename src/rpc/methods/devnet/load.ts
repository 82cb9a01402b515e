import { invalidParams } from "../../errors.ts";
import { parseEntries, readDump, runEntries } from "../../journal.ts";
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
    try {
      await runEntries(entries, run);
    } catch (error) {
      // Half a dump is a state that nobody asked for.
      await restartDevnet(context);
      throw error;
    }
    return {};
  },
});
