// Points of the Stark curve: by the builtin, chained, and in Cairo alone.
%builtins output ec_op

from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import EcOpBuiltin
from starkware.cairo.common.cairo_ec_op.ec_op import cairo_ec_op
from starkware.cairo.common.ec import chained_ec_op, ec_add, ec_mul, ec_op, recover_y
from starkware.cairo.common.ec_point import EcPoint

func put{output_ptr: felt*}(point: EcPoint) {
    assert [cast(output_ptr, EcPoint*)] = point;
    let output_ptr = output_ptr + EcPoint.SIZE;
    return ();
}

func main{output_ptr: felt*, ec_op_ptr: EcOpBuiltin*}() {
    alloc_locals;
    let (local generator) = recover_y(
        0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca
    );
    put(generator);
    let (local tripled) = ec_mul(3, generator);
    put(tripled);
    let (sum) = ec_op(tripled, 0x123456789abcdef, generator);
    put(sum);
    let (same) = cairo_ec_op(tripled, 0x123456789abcdef, generator);
    assert same = sum;
    let (local scalars: felt*) = alloc();
    assert scalars[0] = 5;
    assert scalars[1] = -1;
    let (local points: EcPoint*) = alloc();
    assert points[0] = generator;
    assert points[1] = tripled;
    let (chained) = chained_ec_op(tripled, scalars, points, 2);
    put(chained);
    let (added) = ec_add(tripled, generator);
    put(added);
    return ();
}
