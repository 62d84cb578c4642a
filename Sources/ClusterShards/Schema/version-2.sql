-- The schema of a shard, version 2: a question reads less of each sound, and what is published comes by COPY.
--
-- Whoever sets up shards runs version 1 before, if it is not there yet.

DO $$
BEGIN
    -- Names are bytes, which patterns are held against as if they were letters of Latin-1.
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'the database is in %; make one with `createdb -E UTF8 -T template0`',
            current_setting('server_encoding');
    END IF;
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO timbred_owner, timbred_host', current_database());
END $$;
SET LOCAL ROLE timbred_owner;

-- The square of the distance within some components is known before the rest is looked at: those first in which sounds differ
-- most. All are parts of a vector, of which `low` and `high` are the halves.
CREATE FUNCTION timbred.first_of(low timbred.cube) RETURNS timbred.cube LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN timbred.cube_subset(low, ARRAY[1,2,3,4,5,6,7,8]);
CREATE FUNCTION timbred.second_of(low timbred.cube) RETURNS timbred.cube LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN timbred.cube_subset(low, ARRAY[9,10,11,12,13,14,15,16]);

-- Components 17 to 32, and the length of what comes behind them: two vectors are at least as far apart there as their lengths
-- differ, which tells sounds that are far from all from those that are near to some.
CREATE FUNCTION timbred.third_of(low timbred.cube, high timbred.cube) RETURNS timbred.cube
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN timbred.cube(
        timbred.cube_subset(low, ARRAY[17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32]),
        sqrt(power(timbred.cube_subset(low, ARRAY[
            33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,
            49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64]) OPERATOR(timbred.<->) timbred.cube(0::float8), 2)
            + power(high OPERATOR(timbred.<->) timbred.cube(0::float8), 2)));

-- A sound, however many files hold it: one row to compare. What every question reads of every sound stands in front. Rows of
-- other tables refer to it without a foreign key: what adds them has just locked it, and what removes it looks for them.
CREATE TABLE timbred.sounds (
    model smallint NOT NULL, channels int NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    duration float8 NOT NULL, first timbred.cube, second timbred.cube, third timbred.cube,
    hash bytea NOT NULL CHECK (length(hash) = 32), UNIQUE (model, hash));
ALTER TABLE timbred.sounds
    ALTER first SET STORAGE PLAIN, ALTER second SET STORAGE PLAIN, ALTER third SET STORAGE PLAIN;
INSERT INTO timbred.sounds OVERRIDING SYSTEM VALUE
    SELECT model, channels, number, duration, timbred.first_of(low), timbred.second_of(low), timbred.third_of(low, high), hash
    FROM timbred.content c JOIN timbred.sound s ON s.content = c.number ORDER BY number;
SELECT setval(pg_get_serial_sequence('timbred.sounds', 'number'), (SELECT max(number) FROM timbred.content));
ALTER TABLE timbred.file DROP CONSTRAINT file_content_fkey, DROP CONSTRAINT file_host_fkey, DROP CONSTRAINT file_model_fkey;
ALTER TABLE timbred.directory DROP CONSTRAINT directory_host_fkey;
-- Bytes in the file. Version 1 knew nothing of it: hosts publish everything once more.
ALTER TABLE timbred.sound DROP CONSTRAINT sound_content_fkey, ADD size bigint;
DROP FUNCTION timbred.near(
    text, int, timbred.cube, timbred.cube, int, float8, float8, int, float8, bool, text, bytea, text, bigint[]);
DROP TABLE timbred.content;
ALTER TABLE timbred.sounds RENAME TO content;
ALTER INDEX timbred.sounds_pkey RENAME TO content_pkey;

-- A table of the caller's own, for one transaction, into which it copies files that publish() is to take in.
CREATE FUNCTION timbred.prepare() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, timbred, pg_temp AS $$
BEGIN
    IF to_regclass('pg_temp.arriving') IS NOT NULL THEN RETURN; END IF;
    CREATE TEMPORARY TABLE arriving (
        id bigint, directory bigint, name bytea, added float8, offline bool, hash bytea, duration float8, channels int,
        samples bigint, codes bytea, size bigint, low cube, high cube) ON COMMIT DELETE ROWS;
    EXECUTE format('GRANT INSERT ON pg_temp.arriving TO %I', session_user);
END $$;

-- Removes those of some contents that no file has any more. They are locked first, which waits for hosts that are about to
-- refer to them, so that what is read then is the last word.
CREATE OR REPLACE FUNCTION timbred.forget_contents(numbers bigint[]) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, timbred, pg_temp AS $$
BEGIN
    PERFORM FROM content WHERE number = ANY (numbers) ORDER BY number FOR UPDATE;
    WITH gone AS (
        DELETE FROM content c WHERE number = ANY (numbers)
            AND NOT EXISTS (SELECT FROM file f WHERE f.content = c.number) RETURNING number)
    DELETE FROM sound WHERE content IN (SELECT number FROM gone);
END $$;

-- Takes in changes of the calling host, all or nothing: the files in the table that prepare() made, and what the batch says:
--   library, model: the host's library, and the model of the vectors
--   from, from_history: the position behind which they are; next, history: the position then
--   anew: whether all is told from the beginning; last: whether that was all
--   directories: {id, path}, the path in base64, absent if gone; gone: ids of files that are not here
CREATE OR REPLACE FUNCTION timbred.publish(batch jsonb) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, timbred, pg_temp SET jit = off AS $$
DECLARE
    me smallint := caller(); m smallint; own host; place publication; left_behind bigint[]; taken bigint; sent bigint;
    gone bigint[] := ARRAY(SELECT jsonb_array_elements_text(batch->'gone')::bigint);
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
    SELECT * INTO own FROM host WHERE number = me FOR UPDATE;
    IF own.library IS NULL THEN
        IF EXISTS (SELECT FROM host WHERE library = batch->>'library') THEN
            RAISE EXCEPTION 'the host % publishes this very library: it was copied from there',
                (SELECT name FROM host WHERE library = batch->>'library') USING ERRCODE = 'TB002';
        END IF;
        UPDATE host SET library = batch->>'library' WHERE number = me;
    ELSIF own.library <> batch->>'library' THEN
        RAISE EXCEPTION 'the host % publishes another library here', own.name USING ERRCODE = 'TB003';
    END IF;
    SELECT number INTO m FROM model WHERE hash = batch->>'model';
    IF m IS NULL THEN
        INSERT INTO model (hash) VALUES (batch->>'model') ON CONFLICT DO NOTHING;
        SELECT number INTO m FROM model WHERE hash = batch->>'model';
    END IF;
    SELECT * INTO place FROM publication WHERE host = me AND model = m;
    IF (batch->>'anew')::bool THEN
        place.run := (SELECT coalesce(max(run), 0) + 1 FROM publication WHERE host = me);
        place.complete := false;
        INSERT INTO publication VALUES (me, m, 0, '', place.run, false)
            ON CONFLICT (host, model) DO UPDATE SET run = excluded.run, complete = false;
    ELSIF place.host IS NULL OR place.next <> (batch->>'from')::bigint OR place.history <> batch->>'from_history' THEN
        RAISE EXCEPTION 'the position of % is another one', own.name USING ERRCODE = 'TB001';
    END IF;

    INSERT INTO directory SELECT me, id, decode(path, 'base64'), place.run
        FROM jsonb_to_recordset(batch->'directories') AS d (id bigint, path text) WHERE path IS NOT NULL
        ON CONFLICT (host, id) DO UPDATE SET path = excluded.path, run = excluded.run;
    DELETE FROM directory WHERE host = me AND id IN (
        SELECT id FROM jsonb_to_recordset(batch->'directories') AS d (id bigint, path text) WHERE path IS NULL);

    -- Whatever the planner thinks of a table that has just been filled, rows are looked up, and tables not read through.
    SELECT array_agg(DISTINCT f.content) INTO left_behind
        FROM (SELECT unnest(gone) AS id UNION ALL SELECT id FROM arriving) named CROSS JOIN LATERAL (
            SELECT content FROM file WHERE host = me AND model = m AND id = named.id OFFSET 0) f;
    DELETE FROM file WHERE ctid = ANY (ARRAY(
        SELECT f.ctid FROM unnest(gone) AS named (id) CROSS JOIN LATERAL (
            SELECT ctid FROM file WHERE host = me AND model = m AND id = named.id OFFSET 0) f));

    -- Contents come in one order, so that hosts that have the same wait for each other, and not both. What is known of one
    -- is changed only if no other host has it, or an earlier version knew less. All are locked, those as well that are not
    -- changed.
    WITH distinct_contents AS MATERIALIZED (
        SELECT DISTINCT ON (hash) hash, duration, channels, samples, codes, size, low, high FROM arriving ORDER BY hash),
    known AS (
        INSERT INTO content AS c (model, channels, duration, first, second, third, hash)
        SELECT m, channels, duration, first_of(low), second_of(low), third_of(low, high), hash
        FROM distinct_contents ORDER BY hash
        ON CONFLICT (model, hash) DO UPDATE
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

    INSERT INTO file (host, model, id, directory, name, added, offline, content, run)
        SELECT me, m, a.id, a.directory, a.name, a.added, a.offline, c.number, place.run
        FROM arriving a CROSS JOIN LATERAL (
            SELECT number FROM content WHERE model = m AND hash = a.hash OFFSET 0) c
        ON CONFLICT (host, model, id) DO UPDATE
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
        WITH old AS (DELETE FROM file WHERE host = me AND (model <> m OR run <> place.run) RETURNING content)
            SELECT array_agg(DISTINCT content) INTO left_behind FROM old;
        DELETE FROM directory WHERE host = me AND run <> place.run;
        DELETE FROM publication WHERE host = me AND model <> m;
        PERFORM forget_contents(left_behind);
        place.complete := true;
    END IF;
    UPDATE publication
        SET next = (batch->>'next')::bigint, history = batch->>'history', complete = place.complete
        WHERE host = me AND model = m;
    UPDATE host SET seen = clock_timestamp() WHERE number = me;
END $$;

-- Whether a search may find a file. Patterns are regular expressions for its name and its path.
DROP FUNCTION timbred.admits(timbred.file, text, bytea, float8, bool, text, bytea);
CREATE FUNCTION timbred.admits(
    f timbred.file, host_name text, directory bytea, from_added float8, with_offline bool, on_host text, under bytea,
    name_pattern text, path_pattern text)
RETURNS bool LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (with_offline OR NOT (f).offline) AND (from_added IS NULL OR (f).added >= from_added)
        AND (on_host IS NULL OR host_name = on_host)
        AND (under IS NULL OR timbred.whole_path(directory, (f).name) = under
            OR substring(timbred.whole_path(directory, (f).name), 1, length(under) + 1) = under || '\x2f'::bytea)
        AND (name_pattern IS NULL OR convert_from((f).name, 'LATIN1') ~ name_pattern COLLATE "C")
        AND (path_pattern IS NULL
            OR convert_from(timbred.whole_path(directory, (f).name), 'LATIN1') ~ path_pattern COLLATE "C");

-- Whether a sound is nearer to the vectors of a question than to each of some others. The squared distances to the n vectors
-- of the question add up to (key + rest) / n.
CREATE FUNCTION timbred.is_away(
    s timbred.sound, key bigint, n int, rest bigint, away_low timbred.cube[], away_high timbred.cube[])
RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN NOT EXISTS (
        SELECT FROM unnest(away_low, away_high) AS a (low, high)
        WHERE n::bigint * n * timbred.squared(s, a.low, a.high, 1) <= key + rest);

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
    model_hash text, n int, mean_low timbred.cube, mean_high timbred.cube, k int, min_duration float8, max_duration float8,
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
    m smallint := (SELECT number FROM model WHERE hash = model_hash);
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
    LOOP
        WITH sample AS MATERIALIZED (
            SELECT c.number FROM content c
            WHERE c.model = m AND c.first IS NOT NULL
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
                    WHERE needs_path AND host = (f.row).host AND id = (f.row).directory OFFSET 0) d ON true
            WHERE admits(
                    f.row, h.name, d.path, from_added, with_offline, on_host, under, name_pattern, path_pattern)
                AND (has_no_away OR is_away(s.row, s.key, n, rest, away_low, away_high))
                AND NOT ((f.row).host IS NOT DISTINCT FROM asker AND (f.row).id = ANY (own))) nearest;
        EXIT WHEN NOT is_filtered OR listed IS NOT NULL OR admitted >= sample_size / 4;
        listed := ARRAY(
            SELECT DISTINCT f.content FROM file f JOIN host h ON h.number = f.host
                LEFT JOIN directory d ON d.host = f.host AND d.id = f.directory
            WHERE f.model = m AND admits(
                f, h.name, d.path, from_added, with_offline, on_host, under, name_pattern, path_pattern));
    END LOOP;
    -- Bounds are a little too large where they were rounded.
    square := CASE WHEN admitted >= k THEN reached / (n::float8 * n) * (1 + 1e-9) + 1e-9 ELSE 'infinity' END;

    RETURN QUERY
    WITH candidates AS MATERIALIZED (
        SELECT c.number FROM content c
        WHERE c.model = m AND c.first <-> mean_first <= sqrt(square)
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
                WHERE needs_path AND host = (f.row).host AND id = (f.row).directory OFFSET 0) d ON true
        WHERE admits(f.row, h.name, d.path, from_added, with_offline, on_host, under, name_pattern, path_pattern)
            AND (has_no_away OR is_away(s.row, s.key, n, rest, away_low, away_high))
            AND NOT ((f.row).host IS NOT DISTINCT FROM asker AND (f.row).id = ANY (own))
        ORDER BY 1, 2, 3, 4 LIMIT k)
    SELECT f.key, f.added, f.host, f.id, h.name, whole_path(d.path, f.name), c.hash, c.duration, s.samples, s.codes
    FROM found f JOIN host h ON h.number = f.host JOIN directory d ON d.host = f.host AND d.id = f.directory
        JOIN content c ON c.number = f.content JOIN sound s ON s.content = f.content
    ORDER BY 1, 2, 3, 4;
END $$;

-- A table that a caller makes for itself does not stand in for one of these.
ALTER FUNCTION timbred.caller() SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION timbred.position(text) SET search_path = pg_catalog, timbred, pg_temp;
ALTER FUNCTION timbred.forget_library() SET search_path = pg_catalog, timbred, pg_temp;

REVOKE EXECUTE ON FUNCTION timbred.prepare() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION timbred.prepare() TO timbred_host;
GRANT SELECT ON timbred.content TO timbred_reader;
ALTER TABLE timbred.publication NO FORCE ROW LEVEL SECURITY;
UPDATE timbred.publication SET history = '', complete = false;
ALTER TABLE timbred.publication FORCE ROW LEVEL SECURITY;
UPDATE timbred.cluster SET version = 2;
RESET ROLE;
