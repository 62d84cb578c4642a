// What a decoder that has been taken over might try; in C, as Swift cannot fork.
#pragma once

/// Opens what an attempt may have open already when the walls go up: a descriptor, or -1 if that is nothing.
int breakout_prepare(const char *attempt);

/// Makes an attempt. Returns 0 if it worked, the error if it was refused, and 254 if there is no such attempt.
int breakout_make(const char *attempt, int prepared);
