/** What leaves a contract: events, and messages to L1. */
import { LIMITS } from "../../constants.ts";
import { failure } from "../failure.ts";
import { syscall } from "./syscall.ts";

function checkEvent(count: number, keys: number, data: number): void {
  if (count > LIMITS.eventsPerTransaction) {
    throw failure(
      `Exceeded the maximum number of events, number events: ${count}, ` +
        `max number events: ${LIMITS.eventsPerTransaction}.`,
    );
  }
  if (keys > LIMITS.eventKeysLength) {
    throw failure(
      `Exceeded the maximum keys length, keys length: ${keys}, ` +
        `max keys length: ${LIMITS.eventKeysLength}.`,
    );
  }
  if (data > LIMITS.eventDataLength) {
    throw failure(
      `Exceeded the maximum data length, data length: ${data}, ` +
        `max data length: ${LIMITS.eventDataLength}.`,
    );
  }
}

export const emitEvent = syscall({
  name: "EmitEvent",
  read: (request) => ({ keys: request.felts(), data: request.felts() }),
  execute({ context, frame }, { keys, data }) {
    checkEvent(context.eventCount + 1, keys.length, data.length);
    frame.events.push({ order: context.eventCount++, keys, data });
    return [];
  },
});

export const sendMessageToL1 = syscall({
  name: "SendMessageToL1",
  read: (request) => ({ toAddress: request.ethAddress(), payload: request.felts() }),
  execute({ context, frame }, { toAddress, payload }) {
    frame.messages.push({ order: context.messageCount++, toAddress, payload });
    return [];
  },
});
