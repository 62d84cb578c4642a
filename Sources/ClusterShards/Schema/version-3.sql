-- The schema of a shard, version 3: how many shards there are may change while questions go on.
--
-- Which shard a sound belongs to follows from its hash and the number of shards: that is a map. While the number changes there
-- are two maps, and every host publishes for both; what it publishes under one model for one map is a generation. A question
-- goes by one map, for which everything is there.

SET LOCAL ROLE timbred_owner;

-- The maps that this shard is part of. One is ready if all that hosts had published for another is there for this one as well,
-- on all shards. `cluster.shards` is only still there to tell an earlier timbre-cluster that a later one was here.
CREATE TABLE timbred.map (number int PRIMARY KEY, shards int NOT NULL CHECK (shards > 0), ready bool NOT NULL);
INSERT INTO timbred.map SELECT 1, shards, true FROM timbred.cluster;

-- Without a map, nobody may find it any more, and sweep() removes it.
ALTER TABLE timbred.model RENAME TO generation;
ALTER TABLE timbred.generation
    DROP CONSTRAINT model_hash_key, ADD map int DEFAULT 1 REFERENCES timbred.map ON DELETE SET NULL, ADD UNIQUE (hash, map);
ALTER TABLE timbred.generation ALTER map DROP DEFAULT;
ALTER TABLE timbred.publication RENAME model TO generation;
ALTER TABLE timbred.content RENAME model TO generation;
ALTER TABLE timbred.file RENAME model TO generation;

-- Directories are those of a generation, too: one of them may lag behind another.
CREATE TABLE timbred.directories (
    host smallint, generation smallint, id bigint, path bytea NOT NULL, run int NOT NULL, PRIMARY KEY (host, generation, id));
INSERT INTO timbred.directories
    SELECT host, p.generation, id, path, d.run FROM timbred.directory d JOIN timbred.publication p USING (host);
DROP TABLE timbred.directory;
ALTER TABLE timbred.directories RENAME TO directory;
ALTER INDEX timbred.directories_pkey RENAME TO directory_pkey;
ALTER TABLE timbred.directory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON timbred.directory FOR SELECT USING (true);
CREATE POLICY added ON timbred.directory FOR INSERT WITH CHECK (host = (SELECT timbred.caller()));
CREATE POLICY changed ON timbred.directory FOR UPDATE USING (host = (SELECT timbred.caller()));
CREATE POLICY removed ON timbred.directory FOR DELETE USING (host = (SELECT timbred.caller()));
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['publication', 'directory', 'file'] LOOP
        EXECUTE format('CREATE POLICY swept ON timbred.%1$I FOR DELETE USING (
            EXISTS (SELECT FROM timbred.generation g WHERE g.number = %1$I.generation AND g.map IS NULL))', name);
    END LOOP;
END $$;

-- Refuses a question that goes by a map which this shard does not have, or not all that belongs to it.
CREATE FUNCTION timbred.require_map(wanted int) RETURNS void LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, timbred, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM map WHERE number = wanted AND ready) THEN
        RAISE EXCEPTION 'sounds are not spread that way here' USING ERRCODE = 'TB004';
    END IF;
END $$;

-- The generations of a map, and of each host the one that it is on.
CREATE FUNCTION timbred.current_publications(map_number int) RETURNS SETOF timbred.publication LANGUAGE sql STABLE
    SET search_path = pg_catalog, timbred, pg_temp AS $$
    SELECT DISTINCT ON (p.host) p.* FROM publication p JOIN generation g ON g.number = p.generation
    WHERE g.map = map_number ORDER BY p.host, p.complete DESC, p.generation DESC
$$;

-- Removes some of what was published for maps that are no more. Says whether there was anything.
CREATE FUNCTION timbred.sweep(most int) RETURNS bool LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, timbred, pg_temp SET jit = off AS $$
DECLARE
    old smallint; taken int;
BEGIN
    SELECT number INTO old FROM generation WHERE map IS NULL ORDER BY number LIMIT 1 FOR UPDATE;
    IF old IS NULL THEN RETURN false; END IF;
    DELETE FROM file WHERE ctid = ANY (ARRAY(
        SELECT f.ctid FROM host h CROSS JOIN LATERAL (
            SELECT ctid FROM file WHERE host = h.number AND generation = old ORDER BY id LIMIT most OFFSET 0) f LIMIT most));
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken > 0 THEN RETURN true; END IF;
    DELETE FROM directory WHERE ctid = ANY (ARRAY(
        SELECT d.ctid FROM host h CROSS JOIN LATERAL (
            SELECT ctid FROM directory WHERE host = h.number AND generation = old ORDER BY id LIMIT most OFFSET 0) d LIMIT most));
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken > 0 THEN RETURN true; END IF;
    WITH gone AS (
        DELETE FROM content WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM content WHERE generation = old ORDER BY hash LIMIT most)) RETURNING number)
        DELETE FROM sound WHERE content IN (SELECT number FROM gone);
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken > 0 THEN RETURN true; END IF;
    DELETE FROM publication WHERE generation = old;
    DELETE FROM generation WHERE number = old;
    RETURN true;
END $$;

-- Forgets the library of each host of which nothing is published here for any map: what it has when it publishes again counts.
-- A host that is publishing is waited for, so that the second statement sees what it has published.
CREATE FUNCTION timbred.forget_libraries() RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, timbred, pg_temp AS $$
BEGIN
    PERFORM FROM host ORDER BY number FOR UPDATE;
    UPDATE host h SET library = NULL WHERE library IS NOT NULL AND NOT EXISTS (
        SELECT FROM publication p JOIN generation g ON g.number = p.generation WHERE p.host = h.number AND g.map IS NOT NULL);
END $$;

-- Makes the shard part of a map, if it is not yet.
CREATE FUNCTION timbred.announce(map_number int, shard_count int) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, timbred, pg_temp AS $$
BEGIN
    PERFORM forget_libraries();
    INSERT INTO map (number, shards, ready) VALUES (map_number, shard_count, false) ON CONFLICT DO NOTHING;
END $$;

-- Gives all maps up but one, which the shard need not be part of.
CREATE FUNCTION timbred.keep(map_number int) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, timbred, pg_temp AS $$
BEGIN
    DELETE FROM map WHERE number <> map_number;
    PERFORM forget_libraries();
END $$;

-- Where the calling host is to go on under a model, for a map. Of a host that is new here no row is returned.
DROP FUNCTION timbred.position(text);
CREATE FUNCTION timbred.position(model_hash text, map_number int) RETURNS TABLE (next bigint, history text, complete bool)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, timbred, pg_temp AS $$
    SELECT p.next, p.history, p.complete FROM publication p JOIN generation g ON g.number = p.generation
    WHERE p.host = caller() AND g.hash = model_hash AND g.map = map_number
$$;

-- Takes in changes of the calling host, all or nothing: the files in the table that prepare() made, and what the batch says:
--   library, model: the host's library, and the model of the vectors
--   map, shards: the map by which it was decided which files belong here; numbers of maps that were given up are used again
--   from, from_history: the position behind which they are; next, history: the position then
--   anew: whether all is told from the beginning; last: whether that was all
--   directories: {id, path}, the path in base64, absent if gone; gone: ids of files that are not here
CREATE OR REPLACE FUNCTION timbred.publish(batch jsonb) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, timbred, pg_temp SET jit = off AS $$
DECLARE
    me smallint := caller(); g smallint; m int := (batch->>'map')::int; own host; place publication; left_behind bigint[]; taken bigint; sent bigint;
    earlier smallint[]; gone bigint[] := ARRAY(SELECT jsonb_array_elements_text(batch->'gone')::bigint);
BEGIN
    IF me IS NULL THEN
        RAISE EXCEPTION 'role % is no host of this cluster', session_user USING ERRCODE = '42501';
    END IF;
    -- Not one that the caller has made, with triggers of its own that would run as the owner of everything.
    IF NOT EXISTS (
        SELECT FROM pg_class WHERE oid = to_regclass('pg_temp.arriving') AND relowner = 'timbred_owner'::regrole)
    THEN
        RAISE EXCEPTION 'prepare() comes first' USING ERRCODE = '42501';
    END IF;
    -- A map that is being given up waits for this, and this for it.
    PERFORM FROM map WHERE number = m AND shards = (batch->>'shards')::int FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'sounds are not spread that way any more' USING ERRCODE = 'TB004';
    END IF;
    SELECT * INTO own FROM host WHERE number = me FOR UPDATE;
    IF own.library IS NULL THEN
        IF EXISTS (SELECT FROM host WHERE library = batch->>'library') THEN
            RAISE EXCEPTION 'the host % publishes this very library: it was copied from there',
                (SELECT name FROM host WHERE library = batch->>'library') USING ERRCODE = 'TB002';
        END IF;
        UPDATE host SET library = batch->>'library' WHERE number = me;
    ELSIF own.library <> batch->>'library' THEN
        RAISE EXCEPTION 'the host % publishes another library here; `timbre-cluster publish --replace-library` puts this one in its place',
            own.name USING ERRCODE = 'TB003';
    END IF;
    SELECT number INTO g FROM generation WHERE hash = batch->>'model' AND map = m;
    IF g IS NULL THEN
        INSERT INTO generation (hash, map) VALUES (batch->>'model', m) ON CONFLICT DO NOTHING;
        SELECT number INTO g FROM generation WHERE hash = batch->>'model' AND map = m;
    END IF;
    SELECT * INTO place FROM publication WHERE host = me AND generation = g;
    IF (batch->>'anew')::bool THEN
        place.run := (SELECT coalesce(max(run), 0) + 1 FROM publication WHERE host = me);
        place.complete := false;
        INSERT INTO publication VALUES (me, g, 0, '', place.run, false)
            ON CONFLICT (host, generation) DO UPDATE SET run = excluded.run, complete = false;
    ELSIF place.host IS NULL OR place.next <> (batch->>'from')::bigint OR place.history <> batch->>'from_history' THEN
        RAISE EXCEPTION 'the position of % is another one', own.name USING ERRCODE = 'TB001';
    END IF;

    INSERT INTO directory SELECT me, g, id, decode(path, 'base64'), place.run
        FROM jsonb_to_recordset(batch->'directories') AS d (id bigint, path text) WHERE path IS NOT NULL
        ON CONFLICT (host, generation, id) DO UPDATE SET path = excluded.path, run = excluded.run;
    DELETE FROM directory WHERE host = me AND generation = g AND id IN (
        SELECT id FROM jsonb_to_recordset(batch->'directories') AS d (id bigint, path text) WHERE path IS NULL);

    -- Whatever the planner thinks of a table that has just been filled, rows are looked up, and tables not read through.
    SELECT array_agg(DISTINCT f.content) INTO left_behind
        FROM (SELECT unnest(gone) AS id UNION ALL SELECT id FROM arriving) named CROSS JOIN LATERAL (
            SELECT content FROM file WHERE host = me AND generation = g AND id = named.id OFFSET 0) f;
    DELETE FROM file WHERE ctid = ANY (ARRAY(
        SELECT f.ctid FROM unnest(gone) AS named (id) CROSS JOIN LATERAL (
            SELECT ctid FROM file WHERE host = me AND generation = g AND id = named.id OFFSET 0) f));

    -- Contents come in one order, so that hosts that have the same wait for each other, and not both. What is known of one
    -- is changed only if no other host has it, or an earlier version knew less. All are locked, those as well that are not
    -- changed.
    WITH distinct_contents AS MATERIALIZED (
        SELECT DISTINCT ON (hash) hash, duration, channels, samples, codes, size, low, high FROM arriving ORDER BY hash),
    known AS (
        INSERT INTO content AS c (generation, channels, duration, first, second, third, hash)
        SELECT g, channels, duration, first_of(low), second_of(low), third_of(low, high), hash
        FROM distinct_contents ORDER BY hash
        ON CONFLICT (generation, hash) DO UPDATE
        SET (channels, duration, first, second, third) = (
            excluded.channels, excluded.duration, excluded.first, excluded.second, excluded.third)
        WHERE NOT EXISTS (SELECT FROM file o WHERE o.content = c.number AND o.host <> me)
            OR EXISTS (SELECT FROM sound s WHERE s.content = c.number AND s.size IS NULL)
        RETURNING number, hash)
    INSERT INTO sound (content, low, high, samples, codes, size)
    SELECT number, low, high, samples, codes, size FROM known JOIN distinct_contents USING (hash)
    ON CONFLICT (content) DO UPDATE
    SET (low, high, samples, codes, size) = (
        excluded.low, excluded.high, excluded.samples, excluded.codes, excluded.size);

    INSERT INTO file (host, generation, id, directory, name, added, offline, content, run)
        SELECT me, g, a.id, a.directory, a.name, a.added, a.offline, c.number, place.run
        FROM arriving a CROSS JOIN LATERAL (
            SELECT number FROM content WHERE generation = g AND hash = a.hash OFFSET 0) c
        ON CONFLICT (host, generation, id) DO UPDATE
        SET (directory, name, added, offline, content, run) = (
            excluded.directory, excluded.name, excluded.added, excluded.offline, excluded.content, excluded.run);
    GET DIAGNOSTICS taken = ROW_COUNT;
    SELECT count(*) INTO sent FROM arriving;
    IF taken <> sent THEN
        RAISE EXCEPTION 'another host has just removed what this one adds' USING ERRCODE = '40001';
    END IF;
    PERFORM forget_contents(left_behind);

    -- What was not told from the beginning is gone, and so is what was published under an earlier model.
    IF (batch->>'last')::bool AND NOT place.complete THEN
        earlier := ARRAY(SELECT number FROM generation WHERE map = m AND number <> g);
        WITH old AS (
            DELETE FROM file WHERE host = me AND (generation = ANY (earlier) OR generation = g AND run <> place.run)
            RETURNING content)
            SELECT array_agg(DISTINCT content) INTO left_behind FROM old;
        DELETE FROM directory WHERE host = me AND (generation = ANY (earlier) OR generation = g AND run <> place.run);
        DELETE FROM publication WHERE host = me AND generation = ANY (earlier);
        PERFORM forget_contents(left_behind);
        place.complete := true;
    END IF;
    UPDATE publication
        SET next = (batch->>'next')::bigint, history = batch->>'history', complete = place.complete
        WHERE host = me AND generation = g;
    UPDATE host SET seen = clock_timestamp() WHERE number = me;
END $$;

DROP FUNCTION timbred.near(
    text, int, timbred.cube, timbred.cube, int, float8, float8, int, float8, bool, text, bytea, text, text, text, bigint[],
    bigint, timbred.cube[], timbred.cube[]);

-- The files of this shard that are nearest to the mean of n vectors, given as the halves of that mean, exactly, in the total
-- order (distance, added, host, id). `key` is the square of n times the distance to the mean, an integer. Files of sounds that
-- are not away from others, as is_away() has it, are left out.
--
-- First all sounds are compared by eight components, which bounds distances from below. The nearest of these give a distance
-- within which there are k files; then all are looked at once more, and only what the next components do not exclude either
-- has its whole vector read. Where a filter of files leaves less than a quarter of those nearest, the sounds of the files
-- that it leaves are listed before, and no others are looked at.
--
-- Plans are made for each question, so that conditions that were not set cost nothing.
CREATE FUNCTION timbred.near(
    model_hash text, map_number int, n int, mean_low timbred.cube, mean_high timbred.cube, k int, min_duration float8, max_duration float8,
    channel_count int, from_added float8, with_offline bool, on_host text, under bytea, name_pattern text, path_pattern text,
    own_library text, own bigint[], rest bigint, away_low timbred.cube[], away_high timbred.cube[])
RETURNS TABLE (
    key bigint, added float8, host smallint, id bigint, host_name text, path bytea, hash bytea, duration float8,
    samples bigint, codes bytea)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, timbred, pg_temp SET work_mem = '64MB' SET jit = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    g smallint := (SELECT number FROM generation WHERE hash = model_hash AND map = map_number);
    asker smallint := (SELECT number FROM host WHERE library = own_library);
    mean_first cube := first_of(mean_low);
    mean_second cube := second_of(mean_low);
    mean_third cube := third_of(mean_low, mean_high);
    is_filtered bool := num_nonnulls(from_added, on_host, under, name_pattern, path_pattern) > 0;
    needs_path bool := num_nonnulls(under, path_pattern) > 0;
    has_no_away bool := cardinality(away_low) = 0;
    -- Filters, and sounds to be away from, may leave little of the nearest.
    sample_size int := (8 * k + 432) * CASE WHEN has_no_away AND NOT is_filtered THEN 1 ELSE 4 END;
    -- The sounds that a filter leaves; null if it is not known.
    listed bigint[];
    reached bigint;
    admitted int;
    square float8;
BEGIN
    PERFORM require_map(map_number);
    LOOP
        WITH sample AS MATERIALIZED (
            SELECT c.number FROM content c
            WHERE c.generation = g AND c.first IS NOT NULL
                AND (min_duration IS NULL OR c.duration >= min_duration)
                AND (max_duration IS NULL OR c.duration <= max_duration)
                AND (channel_count IS NULL OR c.channels = channel_count)
                AND (listed IS NULL OR c.number = ANY (listed))
            ORDER BY c.first <-> mean_first LIMIT sample_size)
        SELECT max(key) FILTER (WHERE place <= k), count(*) INTO reached, admitted FROM (
            SELECT s.key, row_number() OVER (ORDER BY s.key) AS place FROM sample a
                CROSS JOIN LATERAL (
                    SELECT s AS row, squared(s, mean_low, mean_high, n) AS key
                    FROM sound s WHERE s.content = a.number OFFSET 0) s
                CROSS JOIN LATERAL (SELECT f AS row FROM file f WHERE f.content = a.number OFFSET 0) f
                JOIN host h ON h.number = (f.row).host
                LEFT JOIN LATERAL (
                    SELECT path FROM directory
                    WHERE needs_path AND host = (f.row).host AND generation = g AND id = (f.row).directory OFFSET 0) d ON true
            WHERE admits(
                    f.row, h.name, d.path, from_added, with_offline, on_host, under, name_pattern, path_pattern)
                AND (has_no_away OR is_away(s.row, s.key, n, rest, away_low, away_high))
                AND NOT ((f.row).host IS NOT DISTINCT FROM asker AND (f.row).id = ANY (own))) nearest;
        EXIT WHEN NOT is_filtered OR listed IS NOT NULL OR admitted >= sample_size / 4;
        listed := ARRAY(
            SELECT DISTINCT f.content FROM file f JOIN host h ON h.number = f.host
                LEFT JOIN directory d ON d.host = f.host AND d.generation = g AND d.id = f.directory
            WHERE f.generation = g AND admits(
                f, h.name, d.path, from_added, with_offline, on_host, under, name_pattern, path_pattern));
    END LOOP;
    -- Bounds are a little too large where they were rounded.
    square := CASE WHEN admitted >= k THEN reached / (n::float8 * n) * (1 + 1e-9) + 1e-9 ELSE 'infinity' END;

    RETURN QUERY
    WITH candidates AS MATERIALIZED (
        SELECT c.number FROM content c
        WHERE c.generation = g AND c.first <-> mean_first <= sqrt(square)
            AND (min_duration IS NULL OR c.duration >= min_duration)
            AND (max_duration IS NULL OR c.duration <= max_duration)
            AND (channel_count IS NULL OR c.channels = channel_count)
            AND (listed IS NULL OR c.number = ANY (listed))
            AND power(c.first <-> mean_first, 2) + power(c.second <-> mean_second, 2) <= square
            AND power(c.first <-> mean_first, 2) + power(c.second <-> mean_second, 2)
                + power(c.third <-> mean_third, 2) <= square),
    found AS MATERIALIZED (
        SELECT s.key, (f.row).added, (f.row).host, (f.row).id, (f.row).directory, (f.row).name, (f.row).content
        FROM candidates a
            CROSS JOIN LATERAL (
                SELECT s AS row, squared(s, mean_low, mean_high, n) AS key
                FROM sound s WHERE s.content = a.number OFFSET 0) s
            CROSS JOIN LATERAL (SELECT f AS row FROM file f WHERE f.content = a.number OFFSET 0) f
            JOIN host h ON h.number = (f.row).host
            LEFT JOIN LATERAL (
                SELECT path FROM directory
                WHERE needs_path AND host = (f.row).host AND generation = g AND id = (f.row).directory OFFSET 0) d ON true
        WHERE admits(f.row, h.name, d.path, from_added, with_offline, on_host, under, name_pattern, path_pattern)
            AND (has_no_away OR is_away(s.row, s.key, n, rest, away_low, away_high))
            AND NOT ((f.row).host IS NOT DISTINCT FROM asker AND (f.row).id = ANY (own))
        ORDER BY 1, 2, 3, 4 LIMIT k)
    SELECT f.key, f.added, f.host, f.id, h.name, whole_path(d.path, f.name), c.hash, c.duration, s.samples, s.codes
    FROM found f JOIN host h ON h.number = f.host
        JOIN directory d ON d.host = f.host AND d.generation = g AND d.id = f.directory
        JOIN content c ON c.number = f.content JOIN sound s ON s.content = f.content
    ORDER BY 1, 2, 3, 4;
END $$;

REVOKE EXECUTE ON FUNCTION timbred.position(text, int), timbred.sweep(int), timbred.forget_libraries(),
    timbred.announce(int, int), timbred.keep(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION timbred.position(text, int) TO timbred_host;
GRANT SELECT ON timbred.map, timbred.directory TO timbred_reader;
UPDATE timbred.cluster SET version = 3;
RESET ROLE;
