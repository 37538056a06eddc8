# peers.sh - the servers that bench/compare measures Linnet beside, built in build/peers and started.
# Sourced after scripts/instance.sh and bench/dataset.sh, by bash.
#
# Each function peer_NAME becomes the server, on a port.  The schema of those that are told one is what
# `linnet print schema` prints.
#
# SPDX-License-Identifier: MIT

PEERS=$ROOT/build/peers
all_peers=(go bun mercurius postgraphile django)
# How many connections to PostgreSQL they have together, at most.
PEERS_CONNECTIONS=$((11 + 17 * $(nproc)))

# One thread of Go for two cores: the rest is for PostgreSQL, nginx and the clients, and more was slower.
peer_go() {
    PORT=$1 SCHEMA=$STATE/schema.graphql KEY=$STATE/key READERS=3 WRITERS=8 GOGC=400 GOMAXPROCS=$((($(nproc) + 1) / 2)) \
        DATABASE="host=$SOCKETS/postgresql user=linnet_login database=linnet role=linnet_anon TimeZone=UTC plan_cache_mode=force_generic_plan random_page_cost=1.1 jit=off" \
        exec "$PEERS/go/server"
}

# The others are told of nobody's identity: they log in as one to whom no policy applies.
peer_bun() { peer_npm "$1" bun bun.mjs; }
peer_mercurius() { peer_npm "$1" node mercurius.mjs; }
peer_postgraphile() { peer_npm "$1" node postgraphile.mjs; }
peer_npm() {
    cd "$PEERS/npm"
    NODE_ENV=production GRAPHILE_ENV=production PORT=$1 PROCESSES=$(nproc) SCHEMA=$STATE/schema.graphql \
        PGHOST=$SOCKETS/postgresql PGUSER=postgres PGDATABASE=linnet exec "node_modules/.bin/$2" "$3"
}

peer_django() {
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$ROOT/bench/peers/django PGHOST=$SOCKETS/postgresql PGUSER=postgres PGDATABASE=linnet \
        exec /usr/bin/gunicorn --bind="127.0.0.1:$1" --backlog=4096 --workers=$((2 * $(nproc))) --worker-class=gthread \
        --threads=2 --log-level=warning hn.wsgi
}

# peers_build - what they are made of, where it is not there or no longer what it was.
peers_build() {
    mkdir -p "$PEERS/npm" "$PEERS/go/src/peer"
    cp "$ROOT"/bench/peers/npm/*.mjs "$PEERS/npm"
    if ! cmp -s "$ROOT/bench/peers/npm/package-lock.json" "$PEERS/npm/package-lock.json"; then
        cp "$ROOT"/bench/peers/npm/{package.json,.npmrc} "$PEERS/npm"
        cp "$ROOT/bench/peers/npm/package-lock.json" "$PEERS/npm/new.json"
        (cd "$PEERS/npm" && cp new.json package-lock.json && npm ci) || {
            rm -f "$PEERS/npm/package-lock.json"
            return 1
        }
    fi
    # A package of GOPATH: only such may import Debian's by their versions.
    cp "$ROOT"/bench/peers/go/* "$PEERS/go/src/peer"
    (cd "$PEERS/go/src/peer" && GOPATH=$PEERS/go:/usr/share/gocode GO111MODULE=off go build -o "$PEERS/go/server" .)
}

# peer_start NAME PORT - start it; peer_wait NAME PORT - until it listens.
declare -A peer_processes=()
peer_start() {
    ! is_port_open "$2" || die "port $2 is taken: $(port_owner "$2")"
    # In a process group of its own, which ends as one.
    set -m
    ("peer_$1" "$2") < /dev/null > "$STATE/log/$1.log" 2>&1 &
    peer_processes[$1]=$!
    set +m
}
peer_wait() {
    local attempt
    for attempt in {1..600}; do
        ! is_port_open "$2" || return 0
        kill -0 "${peer_processes[$1]}" 2> /dev/null || break
        sleep 0.1
    done
    tail -n 20 "$STATE/log/$1.log" >&2
    die "$1 does not start; its log is $STATE/log/$1.log"
}

# peers_stop - all that were started.
peers_stop() {
    local name
    for name in "${!peer_processes[@]}"; do
        kill -s TERM -- "-${peer_processes[$name]}" 2> /dev/null || true
    done
    for name in "${!peer_processes[@]}"; do
        wait "${peer_processes[$name]}" 2> /dev/null || true
    done
    peer_processes=()
}
