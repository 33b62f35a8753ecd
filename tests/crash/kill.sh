#!/usr/bin/env bash
# Kills a process at a random moment and writes down which transactions it had open.
# usage: kill.sh PID DATABASE_URL LOG [MIN_MS] [MAX_MS]
#
# The process is stopped first, so that what is open stays open while the database is asked, and killed then.
set -euo pipefail
pid=$1 url=$2 log=$3 least=${4:-20} most=${5:-400}

if ! command -v psql >/dev/null; then
  for folder in /usr/lib/postgresql/*/bin; do PATH="$folder:$PATH"; done
fi
wait_ms=$((least + (RANDOM * 32768 + RANDOM) % (most - least + 1)))
sleep "$(printf '%d.%03d' $((wait_ms / 1000)) $((wait_ms % 1000)))"
kill -STOP "$pid"
# What the server still has to do for a request that has left the process is part of what is open.
open=$(psql "$url" -XAtF ' ' -c "
  select count(*), coalesce(string_agg(state || ': ' || regexp_replace(left(query, 60), '\s+', ' ', 'g'), ' | '), '')
    from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and xact_start is not null and pid <> pg_backend_pid()")
kill -KILL "$pid"
printf '%s ms: %s\n' "$wait_ms" "$open" >>"$log"
