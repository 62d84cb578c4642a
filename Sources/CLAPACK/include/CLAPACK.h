// The reference LAPACK and BLAS.
#pragma once
// By this name it is the reference BLAS's; cblas.h may be another library's.
#include <cblas-netlib.h>
#include <lapacke.h>
