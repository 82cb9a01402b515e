/** The plugin's tasks; their actions load on first use. */
import { emptyTask, task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";
import { DEVNET_OPTIONS } from "../src/devnet/options.ts";

/** Both spellings of one task: `starknet:devnet` and `starknet devnet`. */
function devnet(id: string | string[]): TaskDefinition {
  let builder = task(id, "Runs a local L1 and a Starknet L2 beside it");
  for (const { name, description, flag, secret } of DEVNET_OPTIONS) {
    if (secret) continue;
    builder = flag
      ? builder.addFlag({ name, description })
      : builder.addOption({
          name,
          description,
          type: ArgumentType.STRING_WITHOUT_DEFAULT,
          defaultValue: undefined,
        });
  }
  return builder.setAction(() => import("./devnet.ts")).build();
}

export const starknetTasks: TaskDefinition[] = [
  devnet("starknet:devnet"),
  emptyTask("starknet", "Starknet L2 tasks").build(),
  devnet(["starknet", "devnet"]),
];
