#include "CLAPACK.h"
#include <stdio.h>
#include <stdlib.h>

// Is called by LAPACK and BLAS where an argument is none that they take, which is a mistake in this program.
//
// Theirs, which this one takes the place of, prints by Fortran's runtime library: without it the programs need no such
// library where they run. LAPACK's users' guide, section "Error handling", leaves it to its users to supply another.
void xerbla_(const char *routine, const int *argument, size_t length) {
    fprintf(stderr, "LAPACK: argument %d of %.*s\n", *argument, (int)length, routine);
    abort();
}
