// Comparisons: hints and range checks.
%builtins range_check
from starkware.cairo.common.math import unsigned_div_rem
from starkware.cairo.common.math_cmp import is_le

func main{range_check_ptr}() {
    compare(20000);
    return ();
}

func compare{range_check_ptr}(n) {
    if (n == 0) {
        return ();
    }
    let less = is_le(n, 10000);
    let (quotient, remainder) = unsigned_div_rem(n * n, 1000);
    return compare(n - 1);
}
