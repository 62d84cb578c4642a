// The inner loops of the network that makes descriptors a timbre vector.
#pragma once
#include <stddef.h>

/// Outputs of a layer are computed so many at a time; their number is padded to a multiple.
#define TIMBRE_PANEL 16

/// Multiplies `count` rows of `inputs` numbers by a matrix, and adds nothing.
///
/// `panels` has, for each TIMBRE_PANEL outputs, the weights of these a row of each input. Results go to rows of
/// `panel_count` * TIMBRE_PANEL. Each is a sum over the inputs in their order, by whichever number of rows it is computed:
/// a row gives the same results alone and among others, on processors of one kind.
void timbre_multiply(const float *rows, size_t count, size_t inputs, const float *panels, size_t panel_count,
                     float *results);

/// Standardises `count` rows of `width` numbers, `limit` standard deviations from the mean at most.
void timbre_standardise(const float *rows, size_t count, size_t width, const float *mean, const float *deviation,
                        float limit, float *results);

/// Brings a row of `width` numbers, a multiple of TIMBRE_PANEL, to mean 0 and variance 1, then scales and shifts each and
/// makes those below 0 zeros. Source: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", arXiv:1607.06450.
void timbre_normalise(const float *row, const float *bias, const float *gain, const float *offset, size_t width,
                      float *result);

/// Divides `width` numbers, a multiple of TIMBRE_PANEL, by their length plus 10⁻⁹ and multiplies them by a factor.
void timbre_scale_to(float factor, float *numbers, size_t width);
