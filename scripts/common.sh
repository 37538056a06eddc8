# common.sh - what ./up, ./down and ./check share: words to the user, steps that
# take long, files that are written only when they change.  Sourced, by bash.
#
# SPDX-License-Identifier: MIT

set -euo pipefail
umask 022

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# The caller's PGHOST, PGUSER, PGOPTIONS are about another PostgreSQL.
unset -v ${!PG@}
# Nobody is asked anything, and every tool answers in one language.
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

say() { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
    warn "$@"
    exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

# postgresql_newest - the directory of the newest PostgreSQL's programs; fails where there is none.
postgresql_newest() { compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1; }

# Planning a long statement takes megabytes, and a page fault for each 4 kB of them up to half of the
# time: PostgreSQL's servers are started with this, so that glibc asks for large pages.
postgresql_memory=(env GLIBC_TUNABLES=glibc.malloc.hugetlb=1)

# as_user USER COMMAND... - run it as that user; an ordinary user stays himself.
# Not from here, for the user may not be allowed to stand here.
as_user() {
    local user=$1
    shift
    if is_root; then
        (cd / && exec runuser -u "$user" -- "$@")
    else
        (cd / && exec "$@")
    fi
}

# step LOG TITLE COMMAND... - run what takes long, its output in LOG: show the
# title, the seconds on a terminal, and the log's end if it fails.
step() {
    local log=$1 title=$2 start=$SECONDS child
    shift 2
    mkdir -p "${log%/*}"
    printf '%s ...' "$title"
    # In a process group of its own, so that Ctrl-C can end all of it.
    set -m
    "$@" > "$log" 2>&1 < /dev/null &
    child=$!
    set +m
    trap 'kill -- "-$child"; exit 130' INT TERM
    if [ -t 1 ]; then
        while kill -0 "$child" 2> /dev/null; do
            printf '\r%s ... %d s' "$title" $((SECONDS - start))
            sleep 0.2
        done
    fi
    if ! wait "$child"; then
        printf ' failed\n'
        tail -n 30 "$log" >&2
        die "that failed; all of its output is in $log"
    fi
    trap - INT TERM
    [ ! -t 1 ] || printf '\r%s ...' "$title"
    printf ' %d s\n' $((SECONDS - start))
}

# write_changed FILE - write standard input into FILE; true when that changed it.
write_changed() {
    local new=$1.new
    cat > "$new"
    if cmp -s "$new" "$1"; then
        rm -f "$new"
        return 1
    fi
    mv "$new" "$1"
}

# is_port_open PORT - does something listen on 127.0.0.1:PORT?
is_port_open() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# build DIRECTORY [CONFIGURE-OPTION...] - bring the build in DIRECTORY up to date.
build() {
    local directory=$1
    shift
    if [ -f "$ROOT/config.status" ]; then
        die "the source tree itself is configured; run 'make distclean' there first"
    fi
    # After this, make itself sees to what configure.ac or Makefile.am change.
    if [ ! -f "$ROOT/configure" ] || [ ! -f "$ROOT/Makefile.in" ]; then
        (cd "$ROOT" && autoreconf --install)
    fi
    mkdir -p "$directory"
    if [ ! -f "$directory/config.status" ]; then
        (cd "$directory" && "$ROOT/configure" "$@")
    fi
    make -C "$directory" -j "$(nproc)" all
}
