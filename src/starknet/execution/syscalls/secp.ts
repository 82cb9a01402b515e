/** Arithmetic on the curves secp256k1 and secp256r1. Points live outside of memory, known by their address. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { p256 } from "@noble/curves/nist.js";
import { shift, showValue } from "../../../cairo/relocatable.ts";
import type { MemoryValue, Relocatable } from "../../../cairo/relocatable.ts";
import type { SyscallName } from "../../constants.ts";
import { failure } from "../failure.ts";
import { panic, syscall } from "./syscall.ts";
import type { Syscall, SyscallScope } from "./syscall.ts";

type Curve = typeof secp256k1;
type CurvePoint = InstanceType<Curve["Point"]>;

const CURVES = { Secp256k1: secp256k1, Secp256r1: p256 } as const;
type CurveName = keyof typeof CURVES;

/** Words that the OS keeps for a point: two coordinates of three limbs. */
const POINT_WORDS = 6;

/** The points of one run. Both curves share a segment, in which each point has its place. */
export class SecpPoints {
  readonly #base: Relocatable;
  readonly #points = {
    Secp256k1: new Map<string, CurvePoint>(),
    Secp256r1: new Map<string, CurvePoint>(),
  };

  constructor(base: Relocatable) {
    this.#base = base;
  }

  add(curve: CurveName, point: CurvePoint): Relocatable {
    const count = this.#points.Secp256k1.size + this.#points.Secp256r1.size;
    const address = shift(this.#base, POINT_WORDS * count);
    this.#points[curve].set(showValue(address), point);
    return address;
  }

  get(curve: CurveName, address: Relocatable): CurvePoint {
    const point = this.#points[curve].get(showValue(address));
    if (point === undefined) {
      throw failure(`Invalid syscall input: ${address.segment}; Invalid Secp point address`);
    }
    return point;
  }
}

const pointsOf = ({ frame, memory }: SyscallScope): SecpPoints =>
  (frame.secpPoints ??= new SecpPoints(memory.addSegment()));

/** Option<Secp256Point>: 0 and the point, or 1 and nothing. */
const optionalPoint = (
  scope: SyscallScope,
  curve: CurveName,
  point: CurvePoint | undefined,
): MemoryValue[] => (point === undefined ? [1n, 0n] : [0n, pointsOf(scope).add(curve, point)]);

const LOW_HALF = (1n << 128n) - 1n;
const u256Words = (value: bigint): bigint[] => [value & LOW_HALF, value >> 128n];

/** The point with these coordinates, (0, 0) being infinity; undefined where there is none. */
function pointAt(curve: Curve, x: bigint, y: bigint): CurvePoint | undefined {
  if (x === 0n && y === 0n) return curve.Point.ZERO;
  const point = curve.Point.fromAffine({ x, y });
  try {
    point.assertValidity();
    return point;
  } catch {
    return undefined;
  }
}

/** The point with this x and parity of y; undefined where x³ + ax + b is no square. */
function pointFromX(curve: Curve, x: bigint, odd: boolean): CurvePoint | undefined {
  const { Fp } = curve.Point;
  const { a, b } = curve.Point.CURVE();
  const square = Fp.add(Fp.add(Fp.mul(Fp.sqr(x), x), Fp.mul(a, x)), b);
  try {
    const root = Fp.sqrt(square);
    const y = (root & 1n) === (odd ? 1n : 0n) ? root : Fp.neg(root);
    return curve.Point.fromAffine({ x, y });
  } catch {
    return undefined;
  }
}

const isCoordinate = (curve: Curve, value: bigint): boolean => value < curve.Point.Fp.ORDER;

/** The five syscalls of a curve. */
function curveSyscalls(name: CurveName): Syscall[] {
  const curve = CURVES[name];
  const named = (operation: "New" | "Add" | "Mul" | "GetXy" | "GetPointFromX"): SyscallName =>
    `${name}${operation}`;
  return [
    syscall({
      name: named("New"),
      read: (request) => ({ x: request.u256(), y: request.u256() }),
      execute(scope, { x, y }) {
        if (!isCoordinate(curve, x) || !isCoordinate(curve, y)) return panic("invalidArgument");
        return optionalPoint(scope, name, pointAt(curve, x, y));
      },
    }),
    syscall({
      name: named("Add"),
      read: (request) => ({ left: request.pointer(), right: request.pointer() }),
      execute(scope, { left, right }) {
        const points = pointsOf(scope);
        return [points.add(name, points.get(name, left).add(points.get(name, right)))];
      },
    }),
    syscall({
      name: named("Mul"),
      read: (request) => ({ point: request.pointer(), scalar: request.u256() }),
      execute(scope, { point, scalar }) {
        const points = pointsOf(scope);
        const factor = scalar % curve.Point.Fn.ORDER;
        return [points.add(name, points.get(name, point).multiplyUnsafe(factor))];
      },
    }),
    syscall({
      name: named("GetXy"),
      read: (request) => request.pointer(),
      execute(scope, address) {
        const point = pointsOf(scope).get(name, address);
        const { x, y } = point.is0() ? { x: 0n, y: 0n } : point.toAffine();
        return [...u256Words(x), ...u256Words(y)];
      },
    }),
    syscall({
      name: named("GetPointFromX"),
      read: (request) => ({ x: request.u256(), odd: request.bool("Invalid y parity") }),
      execute(scope, { x, odd }) {
        if (!isCoordinate(curve, x)) return panic("invalidArgument");
        return optionalPoint(scope, name, pointFromX(curve, x, odd));
      },
    }),
  ];
}

export const secpSyscalls = (): Syscall[] => [
  ...curveSyscalls("Secp256k1"),
  ...curveSyscalls("Secp256r1"),
];
