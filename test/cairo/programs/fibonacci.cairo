// Additions and multiplications in loops; no builtins.
func main{}() {
    let (sum) = fib(1, 1, 60);
    assert sum = 4052739537881;
    let (product) = grow(3, 7, 40);
    assert product = product;
    return ();
}

func fib(first, second, n) -> (res: felt) {
    jmp next if n != 0;
    return (res=second);

    next:
    return fib(second, first + second, n - 1);
}

func grow(first, second, n) -> (res: felt) {
    jmp next if n != 0;
    return (res=second);

    next:
    return grow(second, first * second + 1, n - 1);
}
