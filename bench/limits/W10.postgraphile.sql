-- The same as PostGraphile 5 sends it: a statement for each row, in a transaction of its own.  (It takes no list:
-- W11 is a hundred of these.)
BEGIN;
SELECT set_config(el->>0, el->>1, true) FROM json_array_elements('[["role","linnet_owner"]]'::json) el;
INSERT INTO "public"."bench_notes" AS __bench_notes__ ("title", "body") VALUES ('Note 1 of a hundred'::"text", 'What the note with the number 1 says.'::"text") RETURNING __bench_notes__."id"::text AS "0", __bench_notes__."title" AS "1", to_char(__bench_notes__."created_at", E'YYYY-MM-DD"T"HH24\072MI\072SS.USTZH\072TZM') AS "2";
COMMIT;
