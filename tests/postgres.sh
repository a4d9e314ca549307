#!/usr/bin/env bash
# Packs documents that lie on two PostgreSQL servers, four shards each, and compares every pack with the library's: histograms by SQL, one
# plan, rank offsets, and each server deals its own shards alone. The servers see each other by postgres_fdw, and only for counts and the
# plan; while the second deals, the first is stopped. Installs PostgreSQL (Debian's) where it is missing; needs to be root for that.
#
#     tests/postgres.sh [number of documents, 10000000 by default]
set -euo pipefail
cd "$(dirname "$0")/.."
documents=${1:-10000000}
shards=8
capacity=2048

say() { echo "[$SECONDS s] $*"; }
bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
if [ -z "$(bin)" ]; then
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q postgresql
fi
bin=$(bin)
work=$(mktemp -d)
chmod 755 "$work"
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd "$work" && runuser -u postgres -- "$@"); else "$@"; fi; }
stop() { as_postgres "$bin/pg_ctl" -D "$work/$1/data" -m fast -w stop >/dev/null; }
trap 'for server in a b; do stop $server 2>/dev/null || true; done; rm -rf "$work"' EXIT

declare -A port=([a]=54321 [b]=54322)
for server in a b; do
    mkdir "$work/$server"
    if [ "$(id -u)" = 0 ]; then chown postgres "$work/$server"; fi
    as_postgres "$bin/initdb" -D "$work/$server/data" -U packer -A trust >/dev/null
    as_postgres "$bin/pg_ctl" -D "$work/$server/data" -w -l "$work/$server/log" -o "-p ${port[$server]} -k $work/$server -c listen_addresses= \
        -c fsync=off -c shared_buffers=256MB -c work_mem=256MB -c max_wal_size=4GB -c autovacuum=off" start >/dev/null
done
sql() { local server=$1; shift; "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$work/$server" -p "${port[$server]}" -U packer -d postgres "$@"; }
say "two servers run: $(sql a -c 'SELECT version()')"

dotnet build samples/Training -c Release -v q -o "$work/tool" >/dev/null
tool() { "$work/tool/Training" "$@"; }
last=$((shards - 1))
for shard in $(seq 0 $last); do
    # Log-normal by the sum of twelve uniform numbers: median 400, sigma 1, cut at the capacity.
    awk -v seed="$shard" -v documents=$((documents / shards)) -v most=$capacity 'BEGIN {
        srand(seed)
        for (i = 0; i < documents; i++) {
            z = -6
            for (j = 0; j < 12; j++) z += rand()
            length_ = int(400 * exp(z))
            print (length_ < 1 ? 1 : length_ > most ? most : length_)
        }
    }' >"$work/lengths-$shard.txt"
    tool histogram "$work/lengths-$shard.txt" -o "$work/histogram-$shard.json" >/dev/null
done
tool plan $(seq -f "$work/histogram-%g.json" 0 $last) --capacity $capacity -o "$work/plan"
for shard in $(seq 0 $last); do
    tool deal "$work/lengths-$shard.txt" --plan "$work/plan" --shard "$shard" -o "$work/packs-$shard.txt" >/dev/null
done
say "the library has planned and dealt $documents documents in $shards shards"

histogram=$(tool sql histogram --dialect postgresql)
offsets=$(tool sql offsets --dialect postgresql)
deal=$(tool sql deal --dialect postgresql)
declare -A shards_of=([a]="0 1 2 3" [b]="4 5 6 7")
for server in a b; do
    sql $server -c "CREATE UNLOGGED TABLE documents (shard bigint, id bigint, length bigint)"
    for shard in ${shards_of[$server]}; do
        awk -v shard="$shard" '{ print shard "," NR - 1 "," $1 }' "$work/lengths-$shard.txt" | sql $server -c "\\copy documents FROM STDIN (FORMAT csv)"
    done
done
say "documents are loaded"
for server in a b; do
    sql $server -c "CREATE TABLE own_histogram AS $histogram"
done
say "each server has counted its own"

link() { # server $1 may read tables of server $2
    sql "$1" -c "CREATE EXTENSION IF NOT EXISTS postgres_fdw" \
        -c "CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$work/$2', port '${port[$2]}', dbname 'postgres')" \
        -c "CREATE USER MAPPING FOR packer SERVER other OPTIONS (user 'packer')"
}
link a b
link b a
sql a -c "CREATE FOREIGN TABLE other_histogram (shard bigint, length bigint, items bigint) SERVER other OPTIONS (table_name 'own_histogram')" \
    -c "CREATE TABLE histogram AS SELECT * FROM own_histogram UNION ALL SELECT * FROM other_histogram" \
    -c "CREATE TABLE offsets AS $offsets" \
    -c "CREATE TABLE runs (length bigint, first_rank bigint, end_rank bigint, first_bin bigint, copies bigint)" \
    -c "\\copy runs FROM '$work/plan/runs.csv' (FORMAT csv, HEADER)"
sql b -c "IMPORT FOREIGN SCHEMA public LIMIT TO (offsets, runs) FROM SERVER other INTO pg_temp" \
    -c "CREATE TABLE public.offsets AS SELECT * FROM pg_temp.offsets" -c "CREATE TABLE public.runs AS SELECT * FROM pg_temp.runs"
for shard in $(seq 0 $last); do
    sql a -c "SELECT '{\"format\":\"packingkit-histogram\",\"version\":1,\"histogram\":['
        || string_agg('[' || length || ',' || items || ']', ',' ORDER BY length DESC) || ']}' FROM histogram WHERE shard = $shard" \
        | cmp - "$work/histogram-$shard.json"
done
sql a -c "\\copy (SELECT * FROM offsets ORDER BY shard, length DESC) TO STDOUT (FORMAT csv, HEADER)" | cmp - "$work/plan/offsets.csv"
say "histograms and rank offsets are the library's"

sql a -c "ANALYZE" -c "CREATE UNLOGGED TABLE packs AS $deal"
say "the first server has dealt"
compare() { # server $1, table $2, shard $3
    sql "$1" -c "\\copy (SELECT bin FROM $2 WHERE shard = $3 ORDER BY id) TO STDOUT" | cmp - "$work/packs-$3.txt"
}
for shard in ${shards_of[a]}; do compare a packs "$shard"; done
stop a
say "its packs are the library's; it is stopped"
sql b -c "ANALYZE" -c "CREATE UNLOGGED TABLE packs AS $deal"
say "the second server has dealt, alone"
for shard in ${shards_of[b]}; do compare b packs "$shard"; done
sql b -c "CREATE UNLOGGED TABLE again AS WITH documents AS (SELECT * FROM public.documents WHERE shard = 5) $deal"
compare b again 5
say "its packs are the library's, and those of one shard that was run again alone"
echo "1 passed, 0 failed: $documents documents are in the same packs"
