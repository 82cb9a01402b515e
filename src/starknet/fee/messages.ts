/** What messages between the layers cost on L1 (blockifier `fee/gas_usage.rs`, `fee/resources.rs`). */
import {
  CONSUMED_MESSAGE_TO_L2_TOPICS,
  ETHEREUM_GAS,
  L1_TO_L2_HEADER_WORDS,
  L2_TO_L1_HEADER_WORDS,
  LOG_MESSAGE_TO_L1_TOPICS,
} from "../constants.ts";

export interface MessageLengths {
  /** payload lengths of the messages to L1 */
  readonly toL1: readonly number[];
  /** payload length of the message that an L1 handler consumes */
  readonly toL2: number | undefined;
}

/** Log with one default topic, `topics` more, and `words` words of data. */
const logGas = (topics: number, words: number): bigint =>
  ETHEREUM_GAS.log +
  BigInt(topics + 1) * ETHEREUM_GAS.logTopic +
  BigInt(words) * ETHEREUM_GAS.logDataWord;

/** Words that the messages add to the OS output. */
export function messageSegmentLength({ toL1, toL2 }: MessageLengths): number {
  const words = toL1.reduce((sum, payload) => sum + L2_TO_L1_HEADER_WORDS + payload, 0);
  return toL2 === undefined ? words : words + L1_TO_L2_HEADER_WORDS + toL2;
}

/** L1 gas: the words in calldata and in SHARP's output, the counters in storage, the logs. */
export function messagesL1Gas(messages: MessageLengths): bigint {
  const { toL1, toL2 } = messages;
  let gas =
    BigInt(messageSegmentLength(messages)) * (ETHEREUM_GAS.calldataWord + ETHEREUM_GAS.sharpWord) +
    BigInt(toL1.length) * ETHEREUM_GAS.counterSet;
  // A payload is an array: its data has an offset and a length, of which the header has the length.
  for (const payload of toL1) {
    const header = L2_TO_L1_HEADER_WORDS + 1 - LOG_MESSAGE_TO_L1_TOPICS;
    gas += logGas(LOG_MESSAGE_TO_L1_TOPICS, header + payload);
  }
  if (toL2 !== undefined) {
    const header = L1_TO_L2_HEADER_WORDS + 1 - CONSUMED_MESSAGE_TO_L2_TOPICS;
    gas += ETHEREUM_GAS.counterDecrease + logGas(CONSUMED_MESSAGE_TO_L2_TOPICS, header + toL2);
  }
  return gas;
}
