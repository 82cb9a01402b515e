// Sums and a counter: three instructions and a jump a round.
func main{}() {
    tempvar a = 1;
    tempvar b = 2 ** 200;
    tempvar n = 500000;

    loop:
    tempvar a = [ap - 2];
    tempvar b = [ap - 4] + a;
    tempvar n = [ap - 3] - 1;
    jmp loop if n != 0;
    return ();
}
