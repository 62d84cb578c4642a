// The files in TimbrePage/Page, as parts of the program. C embeds them in no time, where the compiler of Swift takes seconds
// for an array of so many bytes.
#pragma once

/// A file, ended by a zero byte; a null pointer if there is none of the name.
const char *page_file(const char *name);
