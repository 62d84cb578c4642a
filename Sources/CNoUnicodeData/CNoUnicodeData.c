#include "CNoUnicodeData.h"
#include <stdint.h>

// Foundation brings ICU, and ICU 31 MB of data: the world's calendars, collations and names of currencies. The daemon has
// Foundation because GRDB imports it, and asks ICU for nothing. ICU itself has such an empty table, `stubdata.cpp`, for
// programs that are linked before there is data; it stands here under the name that ICU 76 looks for, and the linker
// leaves the full one in the archive. Where Swift comes with another ICU, nobody asks for this table, and the program is
// as large as it would be without.
//
// What a program must not do then: compare or change text by a locale, format or read dates and numbers by Foundation's
// formatters, match NSRegularExpression.
struct unicode_data {
    uint16_t header_size;
    uint8_t magic[2];
    uint16_t info_size, reserved_word;
    uint8_t is_big_endian, charset_family, char_size, reserved_byte;
    uint8_t format[4], format_version[4], data_version[4];
    uint8_t padding[8];
    uint32_t count, reserved;
    const void *contents[2];
};

__attribute__((aligned(16))) const struct unicode_data icudt76_dat = {
    .header_size = 32,
    .magic = {0xda, 0x27},
    .info_size = 20,
    .is_big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
    .char_size = 2,
    .format = {'T', 'o', 'C', 'P'},
    .format_version = {1},
};
