/** What the functions of the core contract cost: transactions of several sizes each, and lines through them. */
import { onchainDataHash } from "../../starknet/output/facts.ts";
import type { MessageToL1 } from "../../starknet/receipt.ts";
import type { MessageToL2 } from "../../starknet/transaction-hash.ts";
import { emptyDiff, type StateDiff } from "../../state/diff.ts";
import type { L1ContractName } from "../artifacts.ts";
import type { Transport } from "../transport.ts";
import { type Billed, type BlockContent, felt, felts, Laboratory, USER } from "./laboratory.ts";
import { combine, fitLine, type GasParts, growing, type Line, type Sample } from "./line.ts";

/** How a function's gas grows with one thing. */
export interface Growth extends Line {
  /** What the size of a sample counts. */
  readonly per: string;
  readonly samples: readonly Sample[];
}

export interface FunctionGas extends Billed {
  readonly contract: L1ContractName;
  readonly function: string;
  /** What the transaction of the bill is about. */
  readonly of: string;
  readonly growths: readonly Growth[];
  /** What comes once as soon as there is any of it. */
  readonly steps: readonly { readonly for: string; readonly parts: GasParts }[];
}

const PAYLOAD_SIZES = [0, 1, 2, 4, 8, 16];
const MESSAGE_COUNTS = [1, 2, 4, 8, 16];
/** Few: with more of them, the cap on refunds bends the line. */
const HANDLED_COUNTS = [1, 2, 3, 4];
const CONTRACT_COUNTS = [1, 4, 16, 64];
const STORAGE_COUNTS = [1, 4, 16, 64, 256];
const INITIAL_STATE_SIZES = [2, 8, 32, 128];

const L2_CONTRACT = felt(10n);
const SELECTOR = felt(11n);
const FEE = 1n;

/**
 * Measures by some hundred transactions on a chain of which nobody else makes use. Rejects with UnknownChargesError
 * and L1RequestError.
 */
export async function measureCoreContract(transport: Transport): Promise<FunctionGas[]> {
  const laboratory = await Laboratory.open(transport);
  // The first message and the first block write into storage that was empty.
  const sender = new Sender(laboratory);
  await sender.send([]);
  await laboratory.settle();
  return [
    ...(await messagesToL2(laboratory, sender)),
    await messagesToL1(laboratory),
    await updatesWithDiff(laboratory, sender),
    ...(await updatesWithout(laboratory)),
    await initialState(laboratory),
  ];
}

/** Sends messages to L2 and knows them. */
class Sender {
  readonly #laboratory: Laboratory;
  #nonce = 0n;

  constructor(laboratory: Laboratory) {
    this.#laboratory = laboratory;
  }

  async send(payload: readonly bigint[]): Promise<{ message: MessageToL2 } & Billed> {
    const args = [L2_CONTRACT, SELECTOR, payload];
    const billed = await this.#laboratory.call("StarknetCore", "sendMessageToL2", args, FEE);
    const [fromAddress, toAddress] = [BigInt(USER), L2_CONTRACT];
    const nonce = this.#nonce++;
    return { message: { fromAddress, toAddress, selector: SELECTOR, payload, nonce }, ...billed };
  }
}

/** One after the other: nonces and blocks follow each other. */
async function series(
  per: string,
  sizes: readonly number[],
  run: (size: number) => Promise<Billed>,
): Promise<Growth> {
  const samples: Sample[] = [];
  for (const size of sizes) samples.push({ size, ...(await run(size)) });
  return { per, samples, ...fitLine(samples) };
}

/** A function of the core contract that takes a payload; its bill is that of an empty one. */
function withPayload(name: string, growth: Growth): FunctionGas {
  const { transaction, bill } = growth.samples[0]!;
  return {
    contract: "StarknetCore",
    function: name,
    of: "an empty payload",
    transaction,
    bill,
    growths: [growth],
    steps: [],
  };
}

async function messagesToL2(laboratory: Laboratory, sender: Sender): Promise<FunctionGas[]> {
  const per = "word of the payload";
  const sent = new Map<number, MessageToL2>();
  const sending = await series(per, PAYLOAD_SIZES, async (size) => {
    const { message, ...billed } = await sender.send(felts(size, 20n));
    sent.set(size, message);
    return billed;
  });
  const end = (name: string) => (size: number) => {
    const { toAddress, selector, payload, nonce } = sent.get(size)!;
    return laboratory.call("StarknetCore", name, [toAddress, selector, payload, nonce]);
  };
  const [start, cancel] = ["startL1ToL2MessageCancellation", "cancelL1ToL2Message"];
  const starting = await series(per, PAYLOAD_SIZES, end(start));
  await laboratory.waitForCancellation();
  const cancelling = await series(per, PAYLOAD_SIZES, end(cancel));
  return [
    withPayload("sendMessageToL2", sending),
    withPayload(start, starting),
    withPayload(cancel, cancelling),
  ];
}

async function messagesToL1(laboratory: Laboratory): Promise<FunctionGas> {
  await laboratory.settle({ messagesToL1: PAYLOAD_SIZES.map((size) => messageToL1(size, 30n)) });
  const consuming = await series("word of the payload", PAYLOAD_SIZES, (size) => {
    const { fromAddress, payload } = messageToL1(size, 30n);
    return laboratory.call("StarknetCore", "consumeMessageFromL2", [fromAddress, payload]);
  });
  return withPayload("consumeMessageFromL2", consuming);
}

const messageToL1 = (size: number, seed: bigint): MessageToL1 => ({
  fromAddress: L2_CONTRACT,
  toAddress: BigInt(USER),
  payload: felts(size, seed),
});

async function updatesWithDiff(laboratory: Laboratory, sender: Sender): Promise<FunctionGas> {
  const grow = (
    per: string,
    sizes: readonly number[],
    content: (size: number) => BlockContent | Promise<BlockContent>,
  ) => series(per, sizes, async (size) => laboratory.settle(await content(size)));
  const empty = await laboratory.settle();
  const handled = await grow("message to L2 handled", HANDLED_COUNTS, async (count) => {
    const messagesToL2: MessageToL2[] = [];
    while (messagesToL2.length < count) messagesToL2.push((await sender.send([])).message);
    return { messagesToL2 };
  });
  return {
    contract: "StarknetCore",
    function: "updateStateCalldataDA",
    of: "a block that changes nothing",
    ...empty,
    growths: [
      await grow("storage update in the diff", STORAGE_COUNTS, (count) => ({
        stateDiff: storageDiff(count),
      })),
      await grow("contract in the diff", CONTRACT_COUNTS, (count) => ({
        stateDiff: nonceDiff(count),
      })),
      // Each from another sender: the slot of its count is a new one.
      await grow("message to L1", MESSAGE_COUNTS, (count) => ({
        messagesToL1: felts(count, BigInt(40 + count)).map((fromAddress) => ({
          ...messageToL1(0, 0n),
          fromAddress,
        })),
      })),
      await grow("word of a message to L1", PAYLOAD_SIZES, (size) => ({
        messagesToL1: [messageToL1(size, 50n)],
      })),
      handled,
      await grow("word of a message to L2", PAYLOAD_SIZES, async (size) => ({
        messagesToL2: [(await sender.send(felts(size, 60n))).message],
      })),
    ],
    steps: [
      {
        for: "paying out the fees of messages",
        parts: combine(handled.intercept, growing(empty.bill), -1),
      },
    ],
  };
}

/** One contract's storage. */
const storageDiff = (count: number): StateDiff => ({
  ...emptyDiff(),
  storage: new Map([
    [L2_CONTRACT, new Map(felts(count, 70n).map((key, i) => [key, felt(71n, BigInt(i))]))],
  ]),
});

/** Contracts of which only the nonce changes: address and header. */
const nonceDiff = (count: number): StateDiff => ({
  ...emptyDiff(),
  nonces: new Map(felts(count, 72n).map((address, i) => [address, BigInt(i + 1)])),
});

/** Mainnet's way to settle, and what stands in for a proof of either. */
async function updatesWithout(laboratory: Laboratory): Promise<FunctionGas[]> {
  const update = laboratory.next({});
  const { main, stateDiff } = update;
  const established = await laboratory.establish(update);
  const dataHash = onchainDataHash(stateDiff, main.length);
  const args = [main, dataHash, stateDiff.length];
  const settled = await laboratory.call("StarknetCore", "updateState", args);
  const alone = { growths: [], steps: [] };
  return [
    {
      contract: "StarknetCore",
      function: "updateState",
      of: "a block that changes nothing; the diff is elsewhere",
      ...settled,
      ...alone,
    },
    {
      contract: "UnprovenFactRegistry",
      function: "registerFact",
      of: "a fact without proof, once for each update",
      ...established,
      ...alone,
    },
  ];
}

/** Telling the state with which a core contract begins. */
async function initialState(laboratory: Laboratory): Promise<FunctionGas> {
  const publish = (size: number): Promise<Billed> => {
    const args = [0, size, felts(size, 80n)];
    return laboratory.call("StarknetCore", "publishInitialState", args);
  };
  return {
    contract: "StarknetCore",
    function: "publishInitialState",
    of: "no words",
    ...(await publish(0)),
    growths: [await series("word of the state", INITIAL_STATE_SIZES, publish)],
    steps: [],
  };
}
