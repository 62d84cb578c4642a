#include "CPageFiles.h"
#include <stddef.h>
#include <string.h>

// `#embed` is C23's.
#pragma clang diagnostic ignored "-Wc23-extensions"
#define TEXT (const unsigned char[])

static const struct {
    const char *name;
    const unsigned char *text;
} files[] = {
    {"index.html", TEXT{
#embed "../TimbrePage/Page/index.html"
    , 0}},
    {"style.css", TEXT{
#embed "../TimbrePage/Page/style.css"
    , 0}},
    {"icon.svg", TEXT{
#embed "../TimbrePage/Page/icon.svg"
    , 0}},
    {"words.js", TEXT{
#embed "../TimbrePage/Page/words.js"
    , 0}},
    {"query.js", TEXT{
#embed "../TimbrePage/Page/query.js"
    , 0}},
    {"server.js", TEXT{
#embed "../TimbrePage/Page/server.js"
    , 0}},
    {"news.js", TEXT{
#embed "../TimbrePage/Page/news.js"
    , 0}},
    {"drop.js", TEXT{
#embed "../TimbrePage/Page/drop.js"
    , 0}},
    {"list.js", TEXT{
#embed "../TimbrePage/Page/list.js"
    , 0}},
    {"keys.js", TEXT{
#embed "../TimbrePage/Page/keys.js"
    , 0}},
    {"answers.js", TEXT{
#embed "../TimbrePage/Page/answers.js"
    , 0}},
    {"chips.js", TEXT{
#embed "../TimbrePage/Page/chips.js"
    , 0}},
    {"search.js", TEXT{
#embed "../TimbrePage/Page/search.js"
    , 0}},
    {"favourites.js", TEXT{
#embed "../TimbrePage/Page/favourites.js"
    , 0}},
    {"live.js", TEXT{
#embed "../TimbrePage/Page/live.js"
    , 0}},
    {"loudness.js", TEXT{
#embed "../TimbrePage/Page/loudness.js"
    , 0}},
    {"player.js", TEXT{
#embed "../TimbrePage/Page/player.js"
    , 0}},
    {"sound.js", TEXT{
#embed "../TimbrePage/Page/sound.js"
    , 0}},
    {"acts.js", TEXT{
#embed "../TimbrePage/Page/acts.js"
    , 0}},
    {"shades.js", TEXT{
#embed "../TimbrePage/Page/shades.js"
    , 0}},
    {"points.js", TEXT{
#embed "../TimbrePage/Page/points.js"
    , 0}},
    {"grid.js", TEXT{
#embed "../TimbrePage/Page/grid.js"
    , 0}},
    {"view.js", TEXT{
#embed "../TimbrePage/Page/view.js"
    , 0}},
    {"lasso.js", TEXT{
#embed "../TimbrePage/Page/lasso.js"
    , 0}},
    {"gestures.js", TEXT{
#embed "../TimbrePage/Page/gestures.js"
    , 0}},
    {"card.js", TEXT{
#embed "../TimbrePage/Page/card.js"
    , 0}},
    {"picture.js", TEXT{
#embed "../TimbrePage/Page/picture.js"
    , 0}},
    {"paint.js", TEXT{
#embed "../TimbrePage/Page/paint.js"
    , 0}},
    {"overlay.js", TEXT{
#embed "../TimbrePage/Page/overlay.js"
    , 0}},
    {"sheet.js", TEXT{
#embed "../TimbrePage/Page/sheet.js"
    , 0}},
    {"map.js", TEXT{
#embed "../TimbrePage/Page/map.js"
    , 0}},
    {"atlas.js", TEXT{
#embed "../TimbrePage/Page/atlas.js"
    , 0}},
    {"main.js", TEXT{
#embed "../TimbrePage/Page/main.js"
    , 0}},
};

const char *page_file(const char *name) {
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(files[i].name, name) == 0) return (const char *)files[i].text;
    return NULL;
}
