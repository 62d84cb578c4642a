-- With pgvector, 0.7 or later: whole vectors in half precision, which holds them exactly, as their components are integers below
-- 2,048. They are compared in half the time that points of `cube` take, and one look at all of them is mostly enough. Never by
-- one of pgvector's indexes, which are not exact.
--
-- Whoever sets up shards runs it behind the last version, whenever pgvector is there: it may have been run before.

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA timbred;
SET LOCAL ROLE timbred_owner;

CREATE OR REPLACE FUNCTION timbred.half_of(low timbred.cube, high timbred.cube) RETURNS timbred.halfvec
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ('[' || trim(BOTH '()' FROM low::text) || ',' || trim(BOTH '()' FROM high::text) || ']')::timbred.halfvec;

-- What every question reads of every sound that it may find. Triggers keep it, so that whatever changes sounds need not know.
-- Where it is there already it has everything, and nobody is kept waiting.
DO $$
BEGIN
    IF to_regclass('timbred.half') IS NULL THEN
        -- Until the end, nothing is published: what comes before is filled in here, and what comes behind by the triggers.
        LOCK TABLE timbred.sound IN SHARE ROW EXCLUSIVE MODE;
        CREATE TABLE timbred.half (
            content bigint PRIMARY KEY, duration float8 NOT NULL, channels int NOT NULL, generation smallint NOT NULL,
            vector timbred.halfvec(128) NOT NULL);
        ALTER TABLE timbred.half ALTER vector SET STORAGE PLAIN;
        GRANT SELECT ON timbred.half TO timbred_reader;
        INSERT INTO timbred.half
            SELECT c.number, c.duration, c.channels, c.generation, timbred.half_of(s.low, s.high)
            FROM timbred.content c JOIN timbred.sound s ON s.content = c.number
            WHERE s.low IS NOT NULL ORDER BY c.number;
    END IF;
END $$;
CREATE OR REPLACE FUNCTION timbred.keep_halves() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, timbred, pg_temp AS $$
BEGIN
    DELETE FROM half WHERE content = ANY (ARRAY(SELECT content FROM changed));
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO half SELECT c.number, c.duration, c.channels, c.generation, half_of(s.low, s.high)
            FROM changed s CROSS JOIN LATERAL (SELECT * FROM content WHERE number = s.content OFFSET 0) c
            WHERE s.low IS NOT NULL ORDER BY c.number;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER sound_added AFTER INSERT ON timbred.sound
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION timbred.keep_halves();
CREATE OR REPLACE TRIGGER sound_changed AFTER UPDATE ON timbred.sound
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION timbred.keep_halves();
CREATE OR REPLACE TRIGGER sound_removed AFTER DELETE ON timbred.sound
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION timbred.keep_halves();

-- As the one of the last version, whose answers it gives: the files nearest to the mean of n vectors, exactly.
--
-- The vectors themselves are held exactly. A mean of several is rounded: each of its components, at most 128 in size, by 1/32 at
-- most, so that no distance changes by more than the root of 128, divided by 32: 0.36. pgvector adds squares up in single
-- precision, which is exact for integers, and for others to a hundred-thousandth. Within these bounds a list of the nearest
-- sounds has all that may count, as soon as its last one lies beyond; else all are looked at once more.
CREATE OR REPLACE FUNCTION timbred.near(
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
    mean halfvec := half_of(mean_low, mean_high);
    is_filtered bool := num_nonnulls(from_added, on_host, under, name_pattern, path_pattern) > 0;
    needs_path bool := num_nonnulls(under, path_pattern) > 0;
    has_no_away bool := cardinality(away_low) = 0;
    -- Filters, and sounds to be away from, may leave little of the nearest.
    sample_size int := (8 * k + 432) * CASE WHEN has_no_away AND NOT is_filtered THEN 1 ELSE 4 END;
    -- The sounds that a filter leaves; null if it is not known.
    listed bigint[];
    candidates bigint[];
    farthest float8;
    reached bigint;
    admitted int;
    bound float8;
BEGIN
    PERFORM require_map(map_number);
    LOOP
        SELECT array_agg(nearest.content), max(nearest.distance) INTO candidates, farthest FROM (
            SELECT h.content, h.vector <-> mean AS distance FROM half h
            WHERE h.generation = g
                AND (min_duration IS NULL OR h.duration >= min_duration)
                AND (max_duration IS NULL OR h.duration <= max_duration)
                AND (channel_count IS NULL OR h.channels = channel_count)
                AND (listed IS NULL OR h.content = ANY (listed))
            ORDER BY 2 LIMIT sample_size) nearest;
        SELECT max(key) FILTER (WHERE place <= k), count(*) INTO reached, admitted FROM (
            SELECT s.key, row_number() OVER (ORDER BY s.key) AS place FROM unnest(candidates) a (number)
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
    IF coalesce(cardinality(candidates), 0) = sample_size THEN
        bound := CASE WHEN admitted >= k THEN sqrt(reached) / n * (1 + 1e-5) + 1 ELSE 'infinity' END;
        IF farthest <= bound THEN
            candidates := ARRAY(
                SELECT h.content FROM half h
                WHERE h.generation = g AND h.vector <-> mean <= bound
                    AND (min_duration IS NULL OR h.duration >= min_duration)
                    AND (max_duration IS NULL OR h.duration <= max_duration)
                    AND (channel_count IS NULL OR h.channels = channel_count)
                    AND (listed IS NULL OR h.content = ANY (listed)));
        END IF;
    END IF;

    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT s.key, (f.row).added, (f.row).host, (f.row).id, (f.row).directory, (f.row).name, (f.row).content
        FROM unnest(candidates) a (number)
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
RESET ROLE;
