// Writes an array and sums it up.
from starkware.cairo.common.alloc import alloc

func main{}() {
    alloc_locals;
    let (local array: felt*) = alloc();
    fill(array, 150000);
    let (total) = sum(array, 150000, 0);
    assert total = 11250075000;
    return ();
}

func fill(array: felt*, n) {
    if (n == 0) {
        return ();
    }
    assert [array] = n;
    return fill(array + 1, n - 1);
}

func sum(array: felt*, n, total) -> (total: felt) {
    if (n == 0) {
        return (total=total);
    }
    return sum(array + 1, n - 1, total + [array]);
}
