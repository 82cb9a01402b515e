// Products of full-size felts and a counter.
func main{}() {
    tempvar a = 3 ** 150;
    tempvar b = 7 ** 85;
    tempvar n = 500000;

    loop:
    tempvar a = [ap - 2];
    tempvar b = [ap - 4] * a;
    tempvar n = [ap - 3] - 1;
    jmp loop if n != 0;
    return ();
}
