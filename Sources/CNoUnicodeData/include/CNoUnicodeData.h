#pragma once

/// A table of Unicode data with nothing in it; see CNoUnicodeData.c.
extern const struct unicode_data icudt76_dat;
