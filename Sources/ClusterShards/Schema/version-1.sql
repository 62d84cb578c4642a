-- The schema of a shard, version 1: which files there are on which hosts, and what they sound like.
--
-- Roles: timbred_owner owns everything and is no superuser; timbred_host publishes, through publish() alone; timbred_reader
-- looks. Each host has a role of its own, which is a member of the latter two.

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['timbred_owner', 'timbred_host', 'timbred_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN EXECUTE format('CREATE ROLE %I', name); END IF;
    END LOOP;
END $$;
DO $$
BEGIN
    -- One who is no superuser may take on the role only as a member of it.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN GRANT timbred_owner TO CURRENT_USER; END IF;
END $$;
CREATE SCHEMA timbred AUTHORIZATION timbred_owner;
CREATE EXTENSION cube WITH SCHEMA timbred;
SET LOCAL ROLE timbred_owner;

-- Which shard of which cluster this is: one row.
CREATE TABLE timbred.cluster (
    version int NOT NULL, id uuid NOT NULL, shard int NOT NULL, shards int NOT NULL,
    CHECK (shard BETWEEN 1 AND shards));
CREATE UNIQUE INDEX ON timbred.cluster ((true));

-- A machine with a library. Its number is the same on all shards, as results that are equally near and old are in the order
-- of these numbers.
CREATE TABLE timbred.host (
    number smallint PRIMARY KEY, name text NOT NULL UNIQUE, role name NOT NULL UNIQUE,
    library text UNIQUE, seen timestamptz);

CREATE TABLE timbred.model (number smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, hash text NOT NULL UNIQUE);

-- How far a host's journal of changes has been read, under a model. While it is not complete, some files are missing, and
-- those of earlier runs may be gone from the host.
CREATE TABLE timbred.publication (
    host smallint REFERENCES timbred.host, model smallint REFERENCES timbred.model,
    next bigint NOT NULL, history text NOT NULL, run int NOT NULL, complete bool NOT NULL,
    PRIMARY KEY (host, model));

-- A sound, however many files hold it: one row to compare. The head is the beginning of its vector, where sounds differ most.
CREATE TABLE timbred.content (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model smallint NOT NULL REFERENCES timbred.model, hash bytea NOT NULL CHECK (length(hash) = 32),
    duration float8 NOT NULL, channels int NOT NULL,
    head timbred.cube CHECK (timbred.cube_dim(head) = 32 AND timbred.cube_is_point(head)),
    UNIQUE (model, hash));
ALTER TABLE timbred.content ALTER head SET STORAGE PLAIN;

-- The rest of what a sound is searched by: the 128 components of its vector, and its codes, 16 bytes a span. Apart from the
-- heads, so that these are read without it.
CREATE TABLE timbred.sound (
    content bigint PRIMARY KEY REFERENCES timbred.content ON DELETE CASCADE,
    low timbred.cube CHECK (timbred.cube_dim(low) = 64 AND timbred.cube_is_point(low)),
    high timbred.cube CHECK (timbred.cube_dim(high) = 64 AND timbred.cube_is_point(high)),
    samples bigint NOT NULL, codes bytea NOT NULL);
ALTER TABLE timbred.sound ALTER low SET STORAGE PLAIN, ALTER high SET STORAGE PLAIN;

CREATE TABLE timbred.directory (
    host smallint REFERENCES timbred.host, id bigint, path bytea NOT NULL, run int NOT NULL, PRIMARY KEY (host, id));

CREATE TABLE timbred.file (
    host smallint REFERENCES timbred.host, model smallint REFERENCES timbred.model, id bigint,
    directory bigint NOT NULL, name bytea NOT NULL, added float8 NOT NULL, offline bool NOT NULL,
    content bigint NOT NULL REFERENCES timbred.content, run int NOT NULL,
    PRIMARY KEY (host, model, id));
CREATE INDEX ON timbred.file (content);

-- The number of the host that calls; null for one who only looks.
CREATE FUNCTION timbred.caller() RETURNS smallint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    RETURN (SELECT number FROM timbred.host WHERE role = session_user);

-- Nobody changes the rows of another host, whatever a function does.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['publication', 'directory', 'file'] LOOP
        EXECUTE format('ALTER TABLE timbred.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE timbred.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY seen ON timbred.%I FOR SELECT USING (true)', name);
        EXECUTE format('CREATE POLICY added ON timbred.%I FOR INSERT WITH CHECK (host = (SELECT timbred.caller()))', name);
        EXECUTE format('CREATE POLICY changed ON timbred.%I FOR UPDATE USING (host = (SELECT timbred.caller()))', name);
        EXECUTE format('CREATE POLICY removed ON timbred.%I FOR DELETE USING (host = (SELECT timbred.caller()))', name);
    END LOOP;
END $$;

-- Removes those of some contents that no file has any more. They are locked first, which waits for hosts that are about to
-- refer to them, so that what is read then is the last word.
CREATE FUNCTION timbred.forget_contents(numbers bigint[]) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, timbred AS $$
BEGIN
    PERFORM FROM content WHERE number = ANY (numbers) ORDER BY number FOR UPDATE;
    DELETE FROM content c WHERE number = ANY (numbers) AND NOT EXISTS (SELECT FROM file f WHERE f.content = c.number);
END $$;

-- Where the calling host is to go on under a model. Of a host that is new here no row is returned.
CREATE FUNCTION timbred.position(model_hash text) RETURNS TABLE (next bigint, history text, complete bool)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, timbred AS $$
    SELECT p.next, p.history, p.complete FROM publication p JOIN model m ON m.number = p.model
    WHERE p.host = caller() AND m.hash = model_hash
$$;

-- Takes in changes of the calling host, all or nothing. What they say:
--   library, model: the host's library, and the model of the vectors
--   from, from_history: the position behind which they are; next, history: the position then
--   anew: whether all is told from the beginning; last: whether that was all
--   directories: {id, path}, without a path if gone; gone: ids of files that are not here
--   files: {id, directory, name, added, offline, hash, duration, channels, samples, codes, low, high}; bytes in base64
CREATE FUNCTION timbred.publish(batch jsonb) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, timbred AS $$
DECLARE
    me smallint := caller(); m smallint; own host; place publication; left_behind bigint[]; taken bigint;
BEGIN
    IF me IS NULL THEN
        RAISE EXCEPTION 'role % is no host of this cluster', session_user USING ERRCODE = '42501';
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

    SELECT array_agg(DISTINCT content) INTO left_behind FROM file
        WHERE host = me AND model = m AND (
            id IN (SELECT g::bigint FROM jsonb_array_elements_text(batch->'gone') AS g)
            OR id IN (SELECT id FROM jsonb_to_recordset(batch->'files') AS f (id bigint)));
    DELETE FROM file WHERE host = me AND model = m
        AND id IN (SELECT g::bigint FROM jsonb_array_elements_text(batch->'gone') AS g);

    -- Contents come in one order, so that hosts that have the same wait for each other, and not both. What is known of one
    -- is changed only if no other host has it.
    WITH arriving AS MATERIALIZED (
        SELECT DISTINCT ON (hash) decode(hash, 'base64') AS hash, duration, channels, samples, codes, low, high
        FROM jsonb_to_recordset(batch->'files') AS f (
            hash text, duration float8, channels int, samples bigint, codes text, low cube, high cube)
        ORDER BY hash),
    known AS (
        INSERT INTO content AS c (model, hash, duration, channels, head)
        SELECT m, hash, duration, channels, cube_subset(low, ARRAY[
            1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32])
        FROM arriving ORDER BY hash
        ON CONFLICT (model, hash) DO UPDATE
        SET (duration, channels, head) = (excluded.duration, excluded.channels, excluded.head)
        WHERE NOT EXISTS (SELECT FROM file o WHERE o.content = c.number AND o.host <> me)
        RETURNING number, hash)
    INSERT INTO sound SELECT number, low, high, samples, decode(codes, 'base64') FROM known JOIN arriving USING (hash)
    ON CONFLICT (content) DO UPDATE
    SET (low, high, samples, codes) = (excluded.low, excluded.high, excluded.samples, excluded.codes);

    INSERT INTO file (host, model, id, directory, name, added, offline, content, run)
        SELECT me, m, f.id, f.directory, decode(f.name, 'base64'), f.added, f.offline, c.number, place.run
        FROM jsonb_to_recordset(batch->'files') AS f (
            id bigint, directory bigint, name text, added float8, offline bool, hash text)
        JOIN content c ON c.model = m AND c.hash = decode(f.hash, 'base64')
        ON CONFLICT (host, model, id) DO UPDATE
        SET (directory, name, added, offline, content, run) = (
            excluded.directory, excluded.name, excluded.added, excluded.offline, excluded.content, excluded.run);
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken <> jsonb_array_length(batch->'files') THEN
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

-- The path of a file, from those of its directory and its name.
CREATE FUNCTION timbred.whole_path(directory bytea, name bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE directory WHEN '\x2f' THEN '\x2f'::bytea || name ELSE directory || '\x2f'::bytea || name END;

-- Whether a search may find a file.
CREATE FUNCTION timbred.admits(
    f timbred.file, host_name text, directory bytea, from_added float8, with_offline bool, on_host text, under bytea)
RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (with_offline OR NOT (f).offline) AND (from_added IS NULL OR (f).added >= from_added)
        AND (on_host IS NULL OR host_name = on_host)
        AND (under IS NULL OR timbred.whole_path(directory, (f).name) = under
            OR substring(timbred.whole_path(directory, (f).name), 1, length(under) + 1) = under || '\x2f'::bytea);

-- The square of n times the distance from a mean of n vectors: an integer, as the components of vectors are integers. Exact
-- while it is below 2 to the power of 50.
CREATE FUNCTION timbred.squared(s timbred.sound, mean_low timbred.cube, mean_high timbred.cube, n int)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN round(n::float8 * n * (
        ((s).low OPERATOR(timbred.<->) mean_low) * ((s).low OPERATOR(timbred.<->) mean_low)
        + ((s).high OPERATOR(timbred.<->) mean_high) * ((s).high OPERATOR(timbred.<->) mean_high)))::bigint;

-- The files of this shard that are nearest to the mean of n vectors, given as the halves of that mean, exactly, in the total
-- order (distance, added, host, id). `key` is the square of n times the distance to the mean, an integer.
--
-- First all heads are compared, which bounds distances from below. The nearest of these give a distance within which there
-- are k files; only what its head does not exclude then has its whole vector read. A filter of files comes before everything,
-- so that those k are among them.
CREATE FUNCTION timbred.near(
    model_hash text, n int, mean_low timbred.cube, mean_high timbred.cube, k int, min_duration float8, max_duration float8,
    channel_count int, from_added float8, with_offline bool, on_host text, under bytea, own_library text, own bigint[])
RETURNS TABLE (
    key bigint, added float8, host smallint, id bigint, host_name text, path bytea, hash bytea, duration float8,
    samples bigint, codes bytea)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, timbred SET work_mem = '64MB' SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m smallint := (SELECT number FROM model WHERE hash = model_hash);
    asker smallint := (SELECT number FROM host WHERE library = own_library);
    mean_head cube := cube_subset(mean_low, ARRAY[
        1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32]);
    is_filtered bool := from_added IS NOT NULL OR on_host IS NOT NULL OR under IS NOT NULL;
BEGIN
    RETURN QUERY
    WITH chosen AS MATERIALIZED (
        SELECT f.content FROM file f JOIN host h ON h.number = f.host
            LEFT JOIN directory d ON d.host = f.host AND d.id = f.directory
        WHERE is_filtered AND f.model = m AND admits(f, h.name, d.path, from_added, with_offline, on_host, under)),
    bounds AS MATERIALIZED (
        SELECT c.number, c.head <-> mean_head AS bound FROM content c
        WHERE c.model = m AND c.head IS NOT NULL
            AND (min_duration IS NULL OR c.duration >= min_duration)
            AND (max_duration IS NULL OR c.duration <= max_duration)
            AND (channel_count IS NULL OR c.channels = channel_count)
            AND (NOT is_filtered OR c.number IN (SELECT content FROM chosen))),
    sample AS MATERIALIZED (SELECT number FROM bounds ORDER BY bound LIMIT 8 * k + 176),
    reach AS MATERIALIZED (
        SELECT max(key) AS key, count(*) AS count FROM (
            SELECT squared(s, mean_low, mean_high, n) AS key
            FROM sample a JOIN sound s ON s.content = a.number JOIN file f ON f.content = a.number
                JOIN host h ON h.number = f.host LEFT JOIN directory d ON d.host = f.host AND d.id = f.directory
            WHERE admits(f, h.name, d.path, from_added, with_offline, on_host, under)
                AND NOT (f.host IS NOT DISTINCT FROM asker AND f.id = ANY (own))
            ORDER BY 1 LIMIT k) nearest),
    -- Bounds are a little too large where they were rounded.
    limits AS MATERIALIZED (
        SELECT CASE WHEN count = k THEN sqrt(key) / n * (1 + 1e-9) + 1e-9 ELSE 'infinity' END AS farthest FROM reach),
    candidates AS MATERIALIZED (
        SELECT b.number FROM bounds b WHERE b.bound <= (SELECT farthest FROM limits))
    SELECT squared(s, mean_low, mean_high, n), f.added, f.host, f.id, h.name, whole_path(d.path, f.name), c.hash,
        c.duration, s.samples, s.codes
    FROM candidates a JOIN sound s ON s.content = a.number JOIN content c ON c.number = a.number
        JOIN file f ON f.content = a.number JOIN host h ON h.number = f.host
        JOIN directory d ON d.host = f.host AND d.id = f.directory
    WHERE admits(f, h.name, d.path, from_added, with_offline, on_host, under)
        AND NOT (f.host IS NOT DISTINCT FROM asker AND f.id = ANY (own))
    ORDER BY 1, 2, 3, 4 LIMIT k;
END $$;

-- Lets the library of the calling host be another one: everything is published anew then.
CREATE FUNCTION timbred.forget_library() RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, timbred AS $$
    UPDATE host SET library = NULL WHERE number = caller();
    UPDATE publication SET history = '' WHERE host = caller();
$$;

-- Adds a host, with a role that may log in. Whoever sets up shards calls it.
CREATE FUNCTION timbred.add_host(host_number smallint, host_name text, role_name text) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog AS $$
BEGIN
    PERFORM timbred.add_reader(role_name);
    EXECUTE format('GRANT timbred_host TO %I', role_name);
    INSERT INTO timbred.host (number, name, role) VALUES (host_number, host_name, role_name)
        ON CONFLICT (number) DO NOTHING;
END $$;

-- Adds a role that may look.
CREATE FUNCTION timbred.add_reader(role_name text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
        EXECUTE format('CREATE ROLE %I LOGIN', role_name);
    END IF;
    EXECUTE format('GRANT timbred_reader TO %I', role_name);
END $$;

REVOKE EXECUTE ON FUNCTION timbred.publish(jsonb), timbred.position(text), timbred.forget_library(),
    timbred.forget_contents(bigint[]), timbred.add_host(smallint, text, text), timbred.add_reader(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA timbred TO timbred_host, timbred_reader;
GRANT EXECUTE ON FUNCTION timbred.publish(jsonb), timbred.position(text), timbred.forget_library() TO timbred_host;
GRANT SELECT ON ALL TABLES IN SCHEMA timbred TO timbred_reader;
RESET ROLE;
