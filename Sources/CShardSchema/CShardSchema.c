#include "CShardSchema.h"

// `#embed` is C23's.
#pragma clang diagnostic ignored "-Wc23-extensions"

const char *shard_schema_version_1(void) {
    static const unsigned char text[] = {
#embed "../ClusterShards/Schema/version-1.sql"
    , 0};
    return (const char *)text;
}

const char *shard_schema_version_2(void) {
    static const unsigned char text[] = {
#embed "../ClusterShards/Schema/version-2.sql"
    , 0};
    return (const char *)text;
}

const char *shard_schema_version_3(void) {
    static const unsigned char text[] = {
#embed "../ClusterShards/Schema/version-3.sql"
    , 0};
    return (const char *)text;
}

const char *shard_schema_version_4(void) {
    static const unsigned char text[] = {
#embed "../ClusterShards/Schema/version-4.sql"
    , 0};
    return (const char *)text;
}

const char *shard_schema_halfvec(void) {
    static const unsigned char text[] = {
#embed "../ClusterShards/Schema/halfvec.sql"
    , 0};
    return (const char *)text;
}
