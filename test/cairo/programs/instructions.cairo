// Shapes of instructions that compiled code seldom has: deductions on either side, divisions, absolute and computed
// jumps, double dereferences with offsets of both signs, calls through pointers, ap and fp as values.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.registers import get_fp_and_pc, get_label_location
from starkware.cairo.common.invoke import invoke

func main{}() {
    alloc_locals;
    // [ap] = const; deduction of op0 and op1 in sums and products.
    [ap] = 1000, ap++;
    [ap - 1] = [ap] + 17, ap++;
    assert [ap - 1] = 983;
    [ap - 1] = 3 + [ap], ap++;
    assert [ap - 1] = 980;
    [ap - 1] = [ap] * 7, ap++;
    assert [ap - 1] = 140;
    [ap] = 28, ap++;
    [ap - 2] = [ap - 1] * [ap], ap++;
    assert [ap - 1] = 5;
    [ap - 1] = [ap - 2] * [ap], ap++;
    tempvar inverse = [ap - 1];
    assert inverse * 28 = 5;
    let quotient = 22 / inverse;
    assert quotient * inverse = 22;

    // Differences below 0, and far apart.
    tempvar minus = 5 - 1000;
    assert minus + 995 = 0;
    tempvar big = 2 ** 200 + 5;
    tempvar bigger = big * big * big;
    assert (bigger / big) / big = big;
    assert bigger - big * (big * big) = 0;

    // Pointers: differences, both directions of a dereference.
    let (local array: felt*) = alloc();
    assert array[0] = 10;
    assert array[3] = 13;
    assert [array + 2] = array[0] + 2;
    let end = array + 4;
    assert end - array = 4;
    assert array - end = -4;
    assert [end - 1] = 13;
    assert [end - 4] = 10;
    assert array[1] = cast(end, felt);
    tempvar inner = cast(array[1], felt*);
    assert [inner - 2] = 12;

    // fp and pc as values, calls and jumps through pointers.
    let (__fp__, pc_val) = get_fp_and_pc();
    let (function) = get_label_location(triple);
    [ap] = 14, ap++;
    call abs function;
    assert [ap - 1] = 42;
    let (args: felt*) = alloc();
    assert args[0] = 11;
    invoke(function, 1, args);
    assert [ap - 1] = 33;
    let (table) = get_label_location(steps);
    tempvar target = table + 2;
    jmp abs target;

    steps:
    jmp rel 100;
    [ap] = 7, ap++;
    [ap] = 8, ap++;
    assert [ap - 1] + [ap - 2] = 15;

    // Jumps that depend on values, over distances in cells.
    tempvar distance = 3;
    jmp rel distance;
    [ap] = 1, ap++;
    [ap] = 2, ap++;
    assert [ap - 1] = 2;
    jmp taken if [fp] != 0;
    assert 1 = 0;

    taken:
    tempvar zero = [ap - 1] - 2;
    jmp never if zero != 0;
    // Room for values that are never used: holes.
    ap += 5;
    [ap] = 0, ap++;
    return ();

    never:
    assert 1 = 0;
    return ();
}

func triple(x) -> (res: felt) {
    return (res=3 * x);
}
