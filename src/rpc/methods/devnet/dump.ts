import { RpcError } from "../../errors.ts";
import { devnetMethod } from "../../method.ts";
import { boolean, optional, text } from "../../schema/schema.ts";

export const dump = devnetMethod({
  name: "devnet_dump",
  parameters: { path: optional(text("a file path", 4096)), inline: optional(boolean) },
  async handle({ journal }, { path, inline }) {
    if (!journal.enabled) {
      throw new RpcError("DUMP_FAILED", {
        message: "Nothing was recorded: start the devnet with --dump-on exit, block or request",
      });
    }
    // `inline` keeps the file of the options as it is.
    await journal.write(inline ? (path ?? "") : path);
    return journal.entries();
  },
});
