-- The schema of a shard, version 4: one model for the cluster.
--
-- A model that the cluster is to use is offered on all shards. Hosts that have it in their libraries publish under it beside the
-- model that they use; when all have published everything, each of them puts it to use, and when all have said so, what was
-- published under other models is given up. From then on the offer is settled: it says which model the cluster uses.

SET LOCAL ROLE timbred_owner;

-- Hosts write these: what is no hash is refused here, so that nobody else stumbles over it.
CREATE DOMAIN timbred.model_hash AS text CHECK (VALUE ~ '^sha256:[0-9a-f]{64}$');

-- One row at most. An offer with a greater number, or of two with one number that with the greater hash, takes the place of
-- another one, on one shard after the other.
CREATE TABLE timbred.offer (
    single bool PRIMARY KEY DEFAULT true CHECK (single),
    number bigint NOT NULL CHECK (number > 0),
    -- sha256:…, and the model file: who imports it looks whether it is that model.
    hash timbred.model_hash NOT NULL,
    document bytea NOT NULL CHECK (octet_length(document) <= 64 << 20),
    offered_by text NOT NULL CHECK (char_length(offered_by) BETWEEN 1 AND 255 AND offered_by !~ '[\u0001-\u001f\u007f-\u009f]'),
    offered timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Hosts that are not waited for.
    without smallint[] NOT NULL DEFAULT '{}',
    settled bool NOT NULL DEFAULT false);

-- What each host has last said of itself here: the model that its library uses, the offered one if its library has that as well,
-- and whether everything was published under it.
CREATE TABLE timbred.standing (
    host smallint PRIMARY KEY REFERENCES timbred.host, uses timbred.model_hash NOT NULL, has timbred.model_hash,
    complete bool NOT NULL);
ALTER TABLE timbred.standing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON timbred.standing FOR SELECT USING (true);
CREATE POLICY added ON timbred.standing FOR INSERT WITH CHECK (host = (SELECT timbred.caller()));
CREATE POLICY changed ON timbred.standing FOR UPDATE USING (host = (SELECT timbred.caller()));

-- The hosts that publish for a map of this shard under a model, and under any.
CREATE VIEW timbred.published WITH (security_invoker = true) AS
    SELECT p.host, g.hash, g.map, p.next, p.complete
    FROM timbred.publication p JOIN timbred.generation g ON g.number = p.generation WHERE g.map IS NOT NULL;

-- Settles an offer if all hosts use its model that publish here: from now on nothing is found under another one, and sweep()
-- removes what there is. A shard that is new does not know all hosts: who calls this has looked whether they use it.
CREATE FUNCTION timbred.settle(offer_number bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, timbred, pg_temp AS $$
DECLARE
    wanted offer;
BEGIN
    SELECT * INTO wanted FROM offer WHERE number = offer_number FOR UPDATE;
    IF NOT FOUND OR EXISTS (
        SELECT FROM published p LEFT JOIN standing s ON s.host = p.host
        WHERE p.host <> ALL (wanted.without) AND s.uses IS DISTINCT FROM wanted.hash)
    THEN
        RETURN;
    END IF;
    UPDATE offer SET settled = true WHERE NOT settled;
    UPDATE generation SET map = NULL WHERE hash <> wanted.hash AND map IS NOT NULL;
END $$;

-- Offers a model to all hosts, in the place of an earlier offer. Who repeats it changes nothing, but for the hosts in `left_out`,
-- names with colons between them, which are not waited for any more. Only a role that may set shards up leaves hosts out, says
-- that an offer is settled elsewhere already, or goes past the hundred next numbers: no host gives up what others have
-- published, or takes all numbers that there are.
CREATE FUNCTION timbred.offer_model(
    offer_number bigint, model_hash text, model_document bytea, offerer text, left_out text, is_settled bool)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, timbred, pg_temp AS $$
BEGIN
    IF NOT pg_has_role(session_user, 'timbred_owner', 'MEMBER') THEN
        IF left_out <> '' OR is_settled THEN
            RAISE EXCEPTION 'permission denied: a role that may set shards up leaves hosts out' USING ERRCODE = '42501';
        END IF;
        IF offer_number > coalesce((SELECT number FROM offer), 0) + 100 THEN
            RAISE EXCEPTION 'the number % of an offer is far beyond the last one here; a role that may set shards up passes it on',
                offer_number USING ERRCODE = '42501';
        END IF;
    END IF;
    INSERT INTO offer AS o (number, hash, document, offered_by) VALUES (offer_number, model_hash, model_document, offerer)
        ON CONFLICT (single) DO UPDATE
        SET (number, hash, document, offered_by, offered, without, settled) = (
            excluded.number, excluded.hash, excluded.document, excluded.offered_by, excluded.offered, DEFAULT, DEFAULT)
        WHERE (o.number, o.hash COLLATE "C") < (excluded.number, excluded.hash COLLATE "C");
    UPDATE offer SET without = without || ARRAY(
        SELECT number FROM host WHERE name = ANY (string_to_array(left_out, ':')) AND number <> ALL (without))
        WHERE number = offer_number AND hash = model_hash AND left_out <> '';
    UPDATE offer SET settled = true WHERE number = offer_number AND hash = model_hash AND is_settled;
    IF FOUND THEN UPDATE generation SET map = NULL WHERE hash <> model_hash AND map IS NOT NULL; END IF;
END $$;

-- The calling host says which model its library uses, whether it has the offered one, and whether it has just published as much
-- under that as under the one that it uses.
CREATE FUNCTION timbred.stand(used text, accepted text, is_current bool) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, timbred, pg_temp AS $$
DECLARE
    me smallint := caller(); is_complete bool;
BEGIN
    IF me IS NULL THEN
        RAISE EXCEPTION 'role % is no host of this cluster', session_user USING ERRCODE = '42501';
    END IF;
    PERFORM FROM offer FOR UPDATE;
    is_complete := accepted IS NOT NULL
        AND (is_current OR EXISTS (SELECT FROM standing WHERE host = me AND has = accepted AND complete))
        AND NOT EXISTS (
            SELECT FROM map m WHERE NOT EXISTS (
                SELECT FROM published WHERE host = me AND hash = accepted AND map = m.number AND complete));
    INSERT INTO standing (host, uses, has, complete) VALUES (me, used, accepted, is_complete)
        ON CONFLICT (host) DO UPDATE SET (uses, has, complete) = (excluded.uses, excluded.has, excluded.complete);
    -- Who was left out and comes back is waited for again.
    UPDATE offer SET without = array_remove(without, me) WHERE hash = accepted AND me = ANY (without);
    -- The last rest of what was published under another model goes with who comes back.
    PERFORM settle(number) FROM offer WHERE settled;
END $$;

-- Refuses a question by a map as require_map() does, and one that goes by a model under which no host publishes, but others do
-- under another one. Returns the map, so that what is given it comes behind this, whatever the planner thinks.
CREATE FUNCTION timbred.require_model(model_hash text, map_number int) RETURNS int LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, timbred, pg_temp AS $$
BEGIN
    PERFORM require_map(map_number);
    IF EXISTS (SELECT FROM published WHERE map = map_number)
        AND NOT EXISTS (SELECT FROM published WHERE map = map_number AND hash = model_hash)
    THEN
        RAISE EXCEPTION '%', CASE WHEN EXISTS (SELECT FROM offer WHERE hash <> model_hash)
            THEN (SELECT 'the cluster uses the model ' || left(hash, 15) || ', and this library ' || left(model_hash, 15)
                || '; `timbre-cluster model accept` has it follow' FROM offer)
            ELSE 'nothing is published under the model of this library, ' || left(model_hash, 15) END USING ERRCODE = 'TB005';
    END IF;
    RETURN map_number;
END $$;

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
    -- Programs that read it compute with it, and a float8 holds no more.
    IF (batch->>'next')::numeric NOT BETWEEN 0 AND 9007199254740992 THEN
        RAISE EXCEPTION 'the position % is none', left(batch->>'next', 40) USING ERRCODE = '22003';
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
    -- Beside the cluster's model no other is published any more. A generation that is being given up waits for this.
    IF EXISTS (SELECT FROM offer WHERE settled AND hash <> batch->>'model') THEN
        RAISE EXCEPTION 'the cluster uses another model' USING ERRCODE = 'TB005';
    END IF;
    SELECT number INTO g FROM generation WHERE hash = batch->>'model' AND map = m FOR KEY SHARE;
    IF g IS NULL THEN
        INSERT INTO generation (hash, map) VALUES (batch->>'model', m) ON CONFLICT DO NOTHING;
        SELECT number INTO g FROM generation WHERE hash = batch->>'model' AND map = m FOR KEY SHARE;
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

    -- What was not told from the beginning is gone, and so is what was published under an earlier model, unless others may
    -- still ask by it.
    IF (batch->>'last')::bool AND NOT place.complete THEN
        earlier := ARRAY(
            SELECT number FROM generation
            WHERE map = m AND number <> g AND NOT EXISTS (SELECT FROM offer WHERE NOT settled));
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

REVOKE EXECUTE ON FUNCTION timbred.settle(bigint), timbred.offer_model(bigint, text, bytea, text, text, bool),
    timbred.stand(text, text, bool) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION timbred.settle(bigint), timbred.offer_model(bigint, text, bytea, text, text, bool),
    timbred.stand(text, text, bool), timbred.sweep(int) TO timbred_host;
GRANT SELECT ON timbred.offer, timbred.standing, timbred.published TO timbred_reader;
UPDATE timbred.cluster SET version = 4;
RESET ROLE;
