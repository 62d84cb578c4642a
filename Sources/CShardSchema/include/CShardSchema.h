// The scripts in ClusterShards/Schema, as parts of the program; see CPageFiles for why C has them.
#pragma once

/// The scripts by which a shard is set up, each ended by a zero byte: each makes of the version before it the next one.
const char *shard_schema_version_1(void);
const char *shard_schema_version_2(void);
const char *shard_schema_version_3(void);
const char *shard_schema_version_4(void);
/// What is added where there is pgvector.
const char *shard_schema_halfvec(void);
