/** A state as one table of values, copied whole: what tests compare the real ones with. */
import type { Felt } from "../../src/field/felt.ts";
import { emptyDiff, type StateDiff } from "../../src/state/diff.ts";
import type { StateReader } from "../../src/state/reader.ts";

export type Kind = "storage" | "nonce" | "classHash" | "compiledClassHash";

interface Place {
  readonly kind: Kind;
  readonly address: Felt;
  readonly key: Felt;
}

export class PlainState implements StateReader {
  /** Text of a place -> value, where it is not 0. */
  readonly values = new Map<string, Felt>();

  copy(): PlainState {
    const copy = new PlainState();
    for (const [place, value] of this.values) copy.values.set(place, value);
    return copy;
  }

  /** Only storage has a `key`. */
  set(kind: Kind, address: Felt, key: Felt, value: Felt): void {
    const place = `${kind} ${address} ${kind === "storage" ? key : 0n}`;
    if (value === 0n) this.values.delete(place);
    else this.values.set(place, value);
  }

  get(kind: Kind, address: Felt, key = 0n): Felt {
    return this.values.get(`${kind} ${address} ${key}`) ?? 0n;
  }

  storageAt(address: Felt, key: Felt): Felt {
    return this.get("storage", address, key);
  }

  nonceAt(address: Felt): Felt {
    return this.get("nonce", address);
  }

  classHashAt(address: Felt): Felt {
    return this.get("classHash", address);
  }

  compiledClassHash(classHash: Felt): Felt {
    return this.get("compiledClassHash", classHash);
  }

  /** All places where a value is not 0. */
  places(): Place[] {
    return [...this.values.keys()].map((place) => {
      const [kind, address, key] = place.split(" ") as [Kind, string, string];
      return { kind, address: BigInt(address), key: BigInt(key) };
    });
  }

  diffFrom(before: PlainState): StateDiff {
    const diff = {
      ...emptyDiff(),
      storage: new Map<Felt, Map<Felt, Felt>>(),
      nonces: new Map<Felt, Felt>(),
      deployedContracts: new Map<Felt, Felt>(),
      replacedClasses: new Map<Felt, Felt>(),
      declaredClasses: new Map<Felt, Felt>(),
    };
    for (const { kind, address, key } of [...before.places(), ...this.places()]) {
      const value = this.get(kind, address, key);
      const old = before.get(kind, address, key);
      if (value === old) continue;
      if (kind === "nonce") diff.nonces.set(address, value);
      else if (kind === "compiledClassHash") diff.declaredClasses.set(address, value);
      else if (kind === "classHash")
        (old === 0n ? diff.deployedContracts : diff.replacedClasses).set(address, value);
      else {
        if (!diff.storage.has(address)) diff.storage.set(address, new Map());
        diff.storage.get(address)!.set(key, value);
      }
    }
    return diff;
  }
}
