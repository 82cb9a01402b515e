// A circuit over p = 2^160 + 7: sums, differences, products and a quotient.
%builtins output range_check96 add_mod mul_mod
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import ModBuiltin, UInt384
from starkware.cairo.common.modulo import run_mod_p_circuit
from starkware.cairo.common.registers import get_label_location

func main{
    output_ptr: felt*, range_check96_ptr: felt*, add_mod_ptr: ModBuiltin*, mul_mod_ptr: ModBuiltin*
}() {
    alloc_locals;
    let p = UInt384(7, 2 ** 64, 0, 0);
    let values = cast(range_check96_ptr, UInt384*);
    // x, y and 1.
    assert values[0] = UInt384(2 ** 95, 2 ** 60, 0, 0);
    assert values[1] = UInt384(11, 13, 0, 0);
    assert values[2] = UInt384(1, 0, 0, 0);
    let (add_offsets) = get_label_location(add_table);
    let (mul_offsets) = get_label_location(mul_table);
    run_mod_p_circuit(
        p=p,
        values_ptr=values,
        add_mod_offsets_ptr=add_offsets,
        add_mod_n=3,
        mul_mod_offsets_ptr=mul_offsets,
        mul_mod_n=2,
    );
    let range_check96_ptr = range_check96_ptr + 8 * UInt384.SIZE;
    assert output_ptr[0] = values[3].d0;
    assert output_ptr[1] = values[5].d1;
    assert output_ptr[2] = values[7].d0;
    let output_ptr = output_ptr + 3;
    return ();

    add_table:
    // values[3] = x + y; values[4] = x - y; values[6] = values[3] + values[5]
    dw 0;
    dw 4;
    dw 12;
    dw 16;
    dw 4;
    dw 0;
    dw 12;
    dw 20;
    dw 24;

    mul_table:
    // values[5] = values[3] * values[4]; values[7] = 1 / y
    dw 12;
    dw 16;
    dw 20;
    dw 28;
    dw 4;
    dw 8;
}
