%builtins output ec_op
from starkware.cairo.common.cairo_builtins import EcOpBuiltin
from starkware.cairo.common.ec_point import EcPoint
from starkware.cairo.common.ec import ec_add, ec_double, ec_mul, ec_op, StarkCurve

func main{output_ptr: felt*, ec_op_ptr: EcOpBuiltin*}() {
    alloc_locals;
    let g = EcPoint(x=StarkCurve.GEN_X, y=StarkCurve.GEN_Y);
    let (local double: EcPoint) = ec_double(g);
    let (local triple: EcPoint) = ec_add(g, double);
    let (sum: EcPoint) = ec_op(p=triple, m=34, q=double);
    assert output_ptr[0] = sum.x;
    assert output_ptr[1] = sum.y;
    let (product: EcPoint) = ec_mul(m=2 ** 200 + 12345, p=g);
    assert output_ptr[2] = product.x;
    assert output_ptr[3] = product.y;
    let output_ptr = output_ptr + 4;
    return ();
}
