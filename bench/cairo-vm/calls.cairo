// Fibonacci by two calls a number: frames, returns, deep recursion.
func main{}() {
    let (res) = fib(24);
    assert res = 75025;
    return ();
}

func fib(n) -> (res: felt) {
    alloc_locals;
    if (n == 0) {
        return (res=1);
    }
    if (n == 1) {
        return (res=1);
    }
    let (local a) = fib(n - 1);
    let (b) = fib(n - 2);
    return (res=a + b);
}
