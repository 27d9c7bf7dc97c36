#pragma once

namespace penholder::testing {

/// What the statements of catalogue_inquiry.cpp are about: each table has one thing that matters.
inline constexpr const char* catalogue_schema = R"sql(
CREATE SCHEMA penholder;
CREATE SEQUENCE penholder.stamp MINVALUE 1;
CREATE FUNCTION penholder.catalogue_stamp() RETURNS bigint LANGUAGE sql AS 'SELECT 7::bigint';
CREATE TABLE penholder.fence (term bigint);

CREATE TABLE plain (id int PRIMARY KEY, n numeric(10, 2), note text, at timestamptz, tags text[], doc jsonb);
CREATE TABLE serial (id serial PRIMARY KEY, token uuid DEFAULT gen_random_uuid(), created timestamptz DEFAULT now());
CREATE TABLE identity (id bigint GENERATED ALWAYS AS IDENTITY, n int CHECK (n > 0), twice int GENERATED ALWAYS AS (n * 2) STORED);
CREATE DOMAIN time_of_now AS timestamptz DEFAULT now();
CREATE TABLE domain_dated (id int PRIMARY KEY, n int, at time_of_now);
CREATE TABLE dated (device int, at timestamptz DEFAULT now(), PRIMARY KEY (device, at));

CREATE FUNCTION volatile_sql() RETURNS int LANGUAGE sql AS 'SELECT pg_backend_pid()';
CREATE FUNCTION harmless_sql(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1; SELECT a * 2';
CREATE FUNCTION harmless_atomic(a int) RETURNS int LANGUAGE sql RETURN a + 1;
CREATE FUNCTION harmless_state(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE FUNCTION my_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()';
CREATE FUNCTION sets_path() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SET LOCAL search_path = nowhere; END $$;
CREATE FUNCTION sets_config() RETURNS void LANGUAGE plpgsql AS $$
BEGIN PERFORM set_config('DateStyle', 'German', true); END $$;
CREATE FUNCTION makes_table() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE x (a int) ON COMMIT DROP; END $$;
CREATE FUNCTION runs_text(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE t; END $$;
CREATE FUNCTION catches() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1 / 0; EXCEPTION WHEN others THEN RETURN 2; END $$;
CREATE FUNCTION computes(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE b int := a + 1; c plain.n%TYPE;
BEGIN
  IF b > 3 THEN b := b * 2; ELSIF a IS NULL THEN RAISE EXCEPTION 'no %', a USING ERRCODE = 'P0099'; END IF;
  FOR i IN 1..3 LOOP b := b + i; END LOOP;
  CASE a WHEN 1 THEN b := 7; ELSE b := 8; END CASE;
  RETURN b;
END $$;
CREATE FUNCTION writes(a int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN INSERT INTO plain (id) VALUES (a); UPDATE plain SET at = now() WHERE id = a; END $$;
CREATE FUNCTION subscripts(a int[]) RETURNS int LANGUAGE plpgsql AS $$ BEGIN a[volatile_sql()] := 5; RETURN 1; END $$;
CREATE FUNCTION hides(i bigint) RETURNS int LANGUAGE plpgsql AS $$
BEGIN FOR i IN 1..2 LOOP PERFORM harmless_sql(i); END LOOP; RETURN 1; END $$;
CREATE FUNCTION with_setting() RETURNS int LANGUAGE plpgsql SET search_path = public AS $$ BEGIN RETURN 1; END $$;
CREATE FUNCTION as_owner() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN 1; END $$;
CREATE FUNCTION old_now() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RETURN 'now'; END $$;
CREATE FUNCTION with_default(a int, b int DEFAULT volatile_sql()) RETURNS int LANGUAGE sql AS 'SELECT a + b';
CREATE FUNCTION given_now(at timestamptz DEFAULT now()) RETURNS timestamptz LANGUAGE sql AS 'SELECT at';
CREATE AGGREGATE own_sum (int) (SFUNC = harmless_state, STYPE = int);
CREATE FUNCTION calls_bad() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM sets_path(); RETURN 1; END $$;

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TABLE touched (id int PRIMARY KEY, n int, updated_at timestamptz);
CREATE TRIGGER touch BEFORE UPDATE ON touched FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE touched_both (id int PRIMARY KEY, n int, updated_at timestamptz);
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON touched_both FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.n IS DISTINCT FROM OLD.n THEN
    INSERT INTO audit (what, id, doc) VALUES (TG_TABLE_NAME || '.' || TG_OP, NEW.id, to_jsonb(NEW));
  END IF;
  RETURN NULL;
END $$;
CREATE TABLE audit (what text, id int, doc jsonb, at timestamptz DEFAULT now());
CREATE TABLE audited (id int PRIMARY KEY, n int);
CREATE TRIGGER log AFTER INSERT OR UPDATE ON audited FOR EACH ROW EXECUTE FUNCTION log_change();
CREATE FUNCTION notify_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('c', 'x'); RETURN NULL; END $$;
CREATE TABLE notified (id int PRIMARY KEY);
CREATE TRIGGER tell AFTER INSERT ON notified FOR EACH ROW EXECUTE FUNCTION notify_change();
CREATE TABLE idle_trigger (id int PRIMARY KEY);
CREATE TRIGGER tell AFTER INSERT ON idle_trigger FOR EACH ROW EXECUTE FUNCTION notify_change();
ALTER TABLE idle_trigger DISABLE TRIGGER tell;
CREATE TABLE redundant (id int PRIMARY KEY, n int);
CREATE TRIGGER same BEFORE UPDATE ON redundant FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TABLE tracked (id int PRIMARY KEY);
CREATE TRIGGER guard BEFORE INSERT ON tracked FOR EACH ROW WHEN (txid_current() > 0)
  EXECUTE FUNCTION suppress_redundant_updates_trigger();

CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE);
CREATE TABLE grandchild (id int PRIMARY KEY, child int REFERENCES child ON DELETE SET NULL);
CREATE TRIGGER tell AFTER UPDATE ON grandchild FOR EACH ROW EXECUTE FUNCTION notify_change();
CREATE TABLE lazy_parent (id int PRIMARY KEY);
CREATE TABLE lazy_child (id int PRIMARY KEY, parent int REFERENCES lazy_parent DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE lazy_unique (id int PRIMARY KEY, n int UNIQUE DEFERRABLE);
CREATE TABLE excluded (during int4range, EXCLUDE USING gist (during WITH &&));

CREATE TABLE ruled (id int);
CREATE RULE r AS ON INSERT TO ruled DO ALSO NOTIFY ruled;
CREATE TABLE secret (id int);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE TABLE tenants (id int);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON tenants USING (id > 0) WITH CHECK (id = current_setting('app.tenant')::int);
CREATE TABLE tainted (id int);
ALTER TABLE tainted ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON tainted USING (sets_config() IS NULL);
CREATE VIEW chosen AS SELECT id, n FROM plain WHERE id > 0;
CREATE VIEW secret_view AS SELECT id FROM secret;
CREATE VIEW clock AS SELECT now() AS t;
CREATE VIEW ids AS SELECT pg_backend_pid() AS pid, id FROM plain;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM plain;
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
CREATE FOREIGN TABLE far (id int) SERVER nowhere;

CREATE TABLE parted (id int, n int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE TABLE part_2 PARTITION OF parted FOR VALUES FROM (10) TO (20);
CREATE TABLE parted_notified (id int) PARTITION BY HASH (id);
CREATE TABLE part_notified PARTITION OF parted_notified FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TRIGGER tell AFTER INSERT ON part_notified FOR EACH ROW EXECUTE FUNCTION notify_change();
CREATE TABLE base (id int);
CREATE TABLE derived (CHECK (id <> pg_backend_pid())) INHERITS (base);

CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE FUNCTION is_odd(a int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pg_notify('c', 'x'); RETURN a % 2 = 1; END $$;
CREATE DOMAIN odd AS int CHECK (is_odd(VALUE));
CREATE TYPE pair AS (a int, b odd);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE typed (m mood, p positive, s span, ms mood[]);
CREATE TABLE odd_typed (o odd);
CREATE TABLE pair_typed (p pair[]);
CREATE TABLE odd_index (id int);
CREATE INDEX ON odd_index ((is_odd(id)));
CREATE TABLE odd_check (id int CHECK (is_odd(id)));
CREATE TABLE odd_default (id int, n int DEFAULT volatile_sql());
CREATE FUNCTION mood_text(mood) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT pg_notify(''c'', ''x'')::text';
CREATE FUNCTION plus(text, int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('c', 'x'); RETURN $1; END $$;
CREATE OPERATOR + (LEFTARG = text, RIGHTARG = int, FUNCTION = plus);
CREATE FUNCTION lower(int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('c', 'x'); RETURN ''; END $$;
CREATE FUNCTION carries(a int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE carried timestamptz;
BEGIN INSERT INTO serial (id) VALUES (a) RETURNING created INTO carried; UPDATE plain SET at = carried WHERE id = a; END $$;
CREATE TABLE noted (id int PRIMARY KEY, n int, at timestamptz DEFAULT now());
CREATE FUNCTION carry_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE plain SET at = NEW.at WHERE id = NEW.id; RETURN NULL; END $$;
CREATE TRIGGER carry AFTER INSERT ON noted FOR EACH ROW EXECUTE FUNCTION carry_note();
CREATE TABLE counted (id int PRIMARY KEY, n int, at timestamptz DEFAULT now());
CREATE FUNCTION count_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE plain SET n = n + NEW.n WHERE id = NEW.id; RETURN NULL; END $$;
CREATE TRIGGER count_up AFTER INSERT ON counted FOR EACH ROW EXECUTE FUNCTION count_up();
CREATE TABLE stamped_child (id int PRIMARY KEY, touched int REFERENCES touched ON UPDATE CASCADE);
)sql";

}  // namespace penholder::testing
