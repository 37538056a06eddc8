# instance.sh - an instance: a private PostgreSQL, Linnet's workers and nginx,
# with all they keep in one directory.  ./up starts one in var/; the tests start
# theirs elsewhere.  Sourced after common.sh, by bash.
#
#     STATE/linnet.conf postgresql.conf nginx/     settings, written at each start
#     STATE/postgresql/                            the data
#     STATE/key                                    what tokens are signed with
#     STATE/log/                                   a file for each of the three
#     STATE/pages/                                 the site and GraphiQL, where they were built
#     SOCKETS/postgresql/ SOCKETS/linnet/          sockets: a path of 107 bytes is the most
#
# As root, PostgreSQL runs as postgres, the workers as nobody and nginx's as
# www-data; for an ordinary user all of them are the user.  Starting what runs
# and stopping what does not are both fine.
#
# SPDX-License-Identifier: MIT

# What serves: `linnet serve`, or `linnet mock`, which needs no PostgreSQL.
COMMAND=serve

# What else a browser is shown: the folders of the site and of GraphiQL as they were built, and
# the file of the site's documents (scripts/web.sh), empty without; and the names, separated by
# spaces, that this machine is asked for by beside its own (./up --host).
SITE_FOLDER='' SITE_DOCUMENTS='' GRAPHIQL_FOLDER='' HOSTS=''

# How many connections others have to this PostgreSQL.
OTHER_CONNECTIONS=0

# Do all requests have the role that LINNET_DATABASE logs in as?  (scripts/database.sh)
IS_SINGLE_ROLE=no

# --- where it is, and whose --------------------------------------------------

# instance_locate DIRECTORY - set STATE, SOCKETS and the users.
instance_locate() {
    local identity
    instance_directory=$(realpath -sm "$1")
    identity=$(printf '%s' "$instance_directory" | cksum)
    identity=$(printf '%08x' "${identity%% *}")
    STATE=$instance_directory
    if is_root; then
        CLUSTER_USER=postgres WORKER_USER=nobody
        SOCKETS=/run/linnet-$identity
        # Below a home that is closed to others, PostgreSQL could not reach its data.
        if [ -L "$STATE" ] || ! is_reachable "$(existing_parent "$STATE")"; then
            STATE=/var/lib/linnet-$identity
        fi
    else
        CLUSTER_USER=$(id -un) WORKER_USER=$CLUSTER_USER
        SOCKETS=/tmp/linnet-$(id -u)-$identity
    fi
    # The newest there is, or the one that the data was made by.
    POSTGRESQL=$(postgresql_newest) || true
    if [ -f "$STATE/postgresql/PG_VERSION" ]; then
        POSTGRESQL=/usr/lib/postgresql/$(cat "$STATE/postgresql/PG_VERSION")/bin
    fi
}

existing_parent() {
    local path=$1
    until [ -e "$path" ]; do
        path=$(dirname "$path")
    done
    printf '%s' "$path"
}

# is_reachable DIRECTORY - may anybody at all go there?
is_reachable() { as_user nobody test -x "$1"; }

# instance_prepare - make the directories, or say whose they are.
instance_prepare() {
    local owner directory
    if [ "$STATE" != "$instance_directory" ]; then
        [ -L "$instance_directory" ] || [ ! -e "$instance_directory" ] ||
            die "$instance_directory is of another user ($(stat -c %U "$instance_directory")): go on as that one, or remove it"
        mkdir -p "$STATE" "$(dirname "$instance_directory")"
        ln -sfn "$STATE" "$instance_directory"
    fi
    mkdir -p "$STATE/log" "$STATE/nginx"
    if [ -d "$STATE/postgresql" ]; then
        owner=$(stat -c %U "$STATE/postgresql")
        [ "$owner" = "$CLUSTER_USER" ] ||
            die "$STATE belongs to $owner: go on as the user that made it, or remove it (./down --purge, as that user)"
    fi
    [ -O "$STATE" ] || die "$STATE belongs to $(stat -c %U "$STATE"); remove it, or go on as that user"

    # /tmp is everybody's: a directory of that name must be ours, and a directory.
    mkdir -p "$SOCKETS"
    [ -O "$SOCKETS" ] && [ ! -L "$SOCKETS" ] || die "$SOCKETS is there already, and is not ours"
    mkdir -p "$SOCKETS/postgresql" "$SOCKETS/linnet"
    if is_root; then
        chown "$CLUSTER_USER:" "$SOCKETS/postgresql"
        touch "$STATE/log/postgresql.log"
        chown "$CLUSTER_USER:" "$STATE/log/postgresql.log"
        for directory in body fastcgi proxy scgi uwsgi; do
            install -d -o www-data -m 700 "$STATE/nginx/$directory"
        done
    else
        chmod 700 "$SOCKETS"
    fi
}

# --- processes ---------------------------------------------------------------

# group_members NAME PIDFILE - the processes of that name in the group whose
# leader's id the file has: also those that a killed leader left, but no
# dead ones that nobody has waited for.
group_members() {
    local group
    group=$(head -n 1 "$2" 2> /dev/null) || return 0
    # /proc/N/stat: number, (name), state, parent, group.
    cat /proc/[0-9]*/stat 2> /dev/null |
        awk -v name="($1)" -v group="$group" '$2 == name && $3 != "Z" && $5 == group { print $1 }' || true
}

is_running() {
    local leader
    leader=$(head -n 1 "$2" 2> /dev/null) || return 1
    group_members "$1" "$2" | grep -qx "$leader"
}

# group_stop NAME PIDFILE SIGNAL SECONDS - ask the leader, wait, and end what is left.
group_stop() {
    local leader members tenths=$(($4 * 10))
    if is_running "$1" "$2"; then
        leader=$(head -n 1 "$2")
        kill -s "$3" "$leader" 2> /dev/null || true
        while [ "$tenths" -gt 0 ] && is_running "$1" "$2"; do
            sleep 0.1
            tenths=$((tenths - 1))
        done
    fi
    members=$(group_members "$1" "$2")
    [ -z "$members" ] || kill -s KILL $members 2> /dev/null || true
    rm -f "$2"
}

# --- PostgreSQL --------------------------------------------------------------

# The invoking user may be any of the roles here; the workers' user may log in as
# linnet_login alone.
postgresql_settings() {
    local user changed=1 me
    me=$(id -un)
    sed -e "s,@STATE@,$STATE,g; s,@SOCKETS@,$SOCKETS,g" \
        -e "s,@CONNECTIONS@,$((10 * $(nproc) + 30 + OTHER_CONNECTIONS))," "$ROOT/scripts/postgresql.conf.in" |
        write_changed "$STATE/postgresql.conf" && changed=0
    write_changed "$STATE/pg_hba.conf" <<< 'local all all peer map=linnet' && changed=0
    {
        for user in "$me" "$CLUSTER_USER"; do
            printf 'linnet %s postgres\nlinnet %s linnet_owner\n' "$user" "$user"
        done
        for user in "$me" "$CLUSTER_USER" "$WORKER_USER"; do
            printf 'linnet %s linnet_login\n' "$user"
        done
    } | sort -u | write_changed "$STATE/pg_ident.conf" && changed=0
    return $changed
}

postgresql_control() {
    as_user "$CLUSTER_USER" "${postgresql_memory[@]}" "$POSTGRESQL/pg_ctl" \
        --pgdata="$STATE/postgresql" --silent "$@"
}

is_postgresql_ready() {
    "$POSTGRESQL/pg_isready" --quiet --host="$SOCKETS/postgresql" --username=postgres --dbname=postgres
}

postgresql_initialise() {
    if is_root; then
        install -d -o "$CLUSTER_USER" -m 700 "$STATE/postgresql"
    fi
    as_user "$CLUSTER_USER" "$POSTGRESQL/initdb" --pgdata="$STATE/postgresql" --username=postgres \
        --encoding=UTF8 --locale=C.UTF-8 --auth=peer --no-instructions
}

# One that was killed leaves backends, which notice within moments; until
# then PostgreSQL refuses to start.
postgresql_start() {
    local changed=no attempt
    if [ ! -f "$STATE/postgresql/PG_VERSION" ]; then
        rm -rf "$STATE/postgresql"
        step "$STATE/log/initdb.log" "Making a PostgreSQL cluster" postgresql_initialise
    fi
    [ -x "$POSTGRESQL/pg_ctl" ] ||
        die "the data in $STATE/postgresql needs $POSTGRESQL/pg_ctl, which is not there"
    postgresql_settings && changed=yes
    if is_postgresql_ready; then
        [ "$changed" = yes ] || return 0
        postgresql_control --mode=fast stop
    fi
    for attempt in {1..6}; do
        if postgresql_control --log="$STATE/log/postgresql.log" --timeout=60 \
            --options="-c config_file='$STATE/postgresql.conf'" start > /dev/null 2>&1 9>&-; then
            return 0
        fi
        sleep 1
    done
    tail -n 20 "$STATE/log/postgresql.log" >&2
    die "PostgreSQL does not start; its log is $STATE/log/postgresql.log"
}

postgresql_stop() {
    if [ -f "$STATE/postgresql/postmaster.pid" ]; then
        postgresql_control --mode=fast stop > /dev/null 2>&1 || true
    fi
}

# instance_psql ROLE ARGUMENT... - psql on the instance's database.
instance_psql() {
    local role=$1
    shift
    "$POSTGRESQL/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$SOCKETS/postgresql" \
        --username="$role" --dbname=linnet "$@"
}

# With LINNET_DATABASE the database is somebody's own, and none is made or migrated here.
is_own_database() { [ -n "${LINNET_DATABASE-}" ]; }

# database_fill SCALE - roles, database, migrations; sample data into an empty one, unless
# the scale is 0 or the migrations are somebody's own.
database_fill() {
    local has_data
    instance_psql postgres --dbname=postgres --file="$ROOT/scripts/roles.sql"
    "$PROGRAM" migrate --config "$STATE/linnet.conf" \
        --database "host=$SOCKETS/postgresql dbname=linnet user=linnet_owner" ||
        die "the database is as it was before (./down --purge removes it, with all data)"
    [ -z "${LINNET_MIGRATIONS-}" ] || return 0
    has_data=$(instance_psql postgres -At -c 'SELECT EXISTS (SELECT FROM users)')
    if [ "$has_data" = f ] && [ "$1" = 0 ]; then
        return 0
    elif [ "$has_data" = f ]; then
        step "$STATE/log/seed.log" "Loading sample data" \
            instance_psql linnet_owner --set=scale="${1:-1}" --file="$ROOT/sql/seed.sql"
    elif [ -n "$1" ]; then
        warn "the database has data already, and keeps it (./down --purge removes it)"
    fi
}

# --- Linnet ------------------------------------------------------------------

# linnet_database_setting DSN - a line of the file is not longer than some 200 bytes: where it would
# be, each part of the connection string has one.
linnet_database_setting() {
    if [ "${#1}" -lt 150 ]; then
        echo "database = $1"
    else
        sed -E 's/([^ ]) ([a-z_]+=)/\1\n    \2/g' <<< "database = $1"
    fi
}

# The key that signs tokens is drawn once, and read by the master alone.
linnet_settings() {
    if [ ! -s "$STATE/key" ]; then
        (umask 077 && head -c 32 /dev/urandom | base64 > "$STATE/key.new" && mv "$STATE/key.new" "$STATE/key")
    fi
    {
        echo "# Written by ./up at each start. A variable LINNET_NAME given to ./up overrides a line."
        echo "# For linnet $COMMAND."
        echo "listen = $SOCKETS/linnet/linnet.sock"
        if is_root; then
            echo "socket_group = www-data"
            echo "user = $WORKER_USER"
        fi
        linnet_database_setting "${LINNET_DATABASE:-host=$SOCKETS/postgresql dbname=linnet user=linnet_login}"
        is_own_database || echo "owner = linnet_owner"
        echo "contract = ${LINNET_CONTRACT:-$ROOT/sql/schema.graphql}"
        echo "key_file = $STATE/key"
        echo "mode = development"
        [ -z "$SITE_DOCUMENTS" ] || echo "documents = $SITE_DOCUMENTS"
        [ -z "$HOSTS" ] || echo "hosts = $HOSTS"
        [ -z "$GRAPHIQL_FOLDER" ] || echo "graphiql_page = $GRAPHIQL_FOLDER/index.html"
        [ "$IS_SINGLE_ROLE" = no ] || echo "role ="
    } | (
        # It has a password.
        [ "$IS_SINGLE_ROLE" = no ] || umask 077
        write_changed "$STATE/linnet.conf"
    ) || true
}

# linnet_start - start `linnet $COMMAND`, serve or mock, and again when what it was started from has changed.
linnet_start() {
    local pid_file=$STATE/linnet.pid file
    if is_running linnet "$pid_file"; then
        for file in "$PROGRAM" "$STATE/linnet.conf" "$ROOT"/sql/*.{graphql,sql} ${LINNET_CONTRACT:+"$LINNET_CONTRACT"} \
            ${SITE_DOCUMENTS:+"$SITE_DOCUMENTS"} ${GRAPHIQL_FOLDER:+"$GRAPHIQL_FOLDER/index.html"}; do
            [ ! "$file" -nt "$pid_file" ] || linnet_stop
        done
    fi
    if ! is_running linnet "$pid_file"; then
        linnet_stop
        (cd "$STATE" && exec setsid "$PROGRAM" "$COMMAND" --config "$STATE/linnet.conf" \
            < /dev/null >> "$STATE/log/linnet.log" 2>&1 9>&-) &
        echo $! > "$pid_file"
    fi
}

linnet_stop() { group_stop linnet "$STATE/linnet.pid" TERM 12; }

# --- nginx -------------------------------------------------------------------

# without_part NAME - an expression of sed: leave out a part of nginx's configuration.
without_part() { printf '%s' "/^ *# begin $1\\>/,/^ *# end $1\\>/d;"; }

# nginx_settings PORT - write them; true when they changed.
nginx_settings() {
    local changed=1 user_line='# user: the one who starts it' brotli parts='' names
    is_root && user_line="user www-data;"
    # Debian's package libnginx-mod-http-brotli-static.
    brotli=$(compgen -G '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so') && parts='s/# brotli_static/brotli_static/;' ||
        parts=$(without_part brotli)
    sed -e "s,@STATE@,$STATE,g; s,@USER@,$user_line,; s,@BROTLI@,$brotli,; $parts" "$ROOT/nginx/nginx.conf.in" |
        write_changed "$STATE/nginx/nginx.conf" && changed=0
    if [ -n "${PROGRAM-}" ]; then
        "$PROGRAM" print origins --config "$STATE/linnet.conf" > "$STATE/nginx/origins"
        "$PROGRAM" print hosts --config "$STATE/linnet.conf" > "$STATE/nginx/hosts"
    fi
    names=$(cat "$STATE/nginx/hosts" 2> /dev/null) || true
    [ -n "$names" ] || parts+=$(without_part hosts)
    [ -n "$SITE_FOLDER" ] && parts+=$(without_part root) || parts+=$(without_part site)
    [ -n "$GRAPHIQL_FOLDER" ] || parts+=$(without_part graphiql)
    sed -e "s,@LISTEN@,127.0.0.1:$1,; s,@SOCKET@,$SOCKETS/linnet/linnet.sock,; s,@LOG@,$STATE/log/access.log,; s,@CACHE@,$STATE/nginx/cache," \
        -e "s,server_name _;,server_name ${names:-_};,; s,@SITE@,$SITE_FOLDER,; s,@GRAPHIQL@,$GRAPHIQL_FOLDER,; $parts" \
        -e "/@ORIGINS@/{r $STATE/nginx/origins" -e "d}" \
        "$ROOT/nginx/linnet.conf.in" | write_changed "$STATE/nginx/linnet.conf" && changed=0
    return $changed
}

nginx_start() {
    local pid_file=$STATE/nginx/nginx.pid
    if nginx_settings "$1" || ! is_running nginx "$pid_file"; then
        nginx_stop
        PATH=$PATH:/usr/sbin nginx -p "$STATE/nginx/" -e "$STATE/log/nginx.log" -c "$STATE/nginx/nginx.conf" \
            < /dev/null 9>&- || die "nginx does not start; its log is $STATE/log/nginx.log"
    fi
}

nginx_stop() { group_stop nginx "$STATE/nginx/nginx.pid" QUIT 5; }

# port_check PORT - say at once when somebody else has it.
port_check() {
    if grep -qs "listen 127.0.0.1:$1;" "$STATE/nginx/linnet.conf" &&
        [ -n "$(group_members nginx "$STATE/nginx/nginx.pid")" ]; then
        return 0
    fi
    ! is_port_open "$1" || die "port $1 is taken: $(port_owner "$1")
    Stop that, or choose another port: ./up --port $(($1 + 1))"
}

port_owner() {
    local line
    line=$(ss -Hltnp "sport = :$1" 2> /dev/null |
        sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (process \2)/p' | head -n 1) || true
    echo "${line:-another program} listens there."
}

# --- all of it ---------------------------------------------------------------

# instance_start PORT SCALE
instance_start() {
    instance_prepare
    linnet_settings
    if [ "$COMMAND" = serve ] && ! is_own_database; then
        postgresql_start
        database_fill "$2"
    fi
    linnet_start
    nginx_start "$1"
    instance_wait "$1"
}

# instance_answers PORT - does a request get through all three to an answer?  Any
# will do, should the contract be another one.
instance_answers() {
    local body='{"query":"{ allLinks(first: 1) { id } }"}' status
    status=$({
        exec 3<> "/dev/tcp/127.0.0.1/$1" &&
            printf 'POST /graphql HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
                "${#body}" "$body" >&3 && head -n 1 <&3
    } 2> /dev/null) || return 1
    [[ $status == HTTP/1.?" "[24]* ]]
}

instance_wait() {
    local attempt
    for attempt in {1..150}; do
        ! instance_answers "$1" || return 0
        is_running linnet "$STATE/linnet.pid" || break
        sleep 0.1
    done
    tail -n 20 "$STATE/log/linnet.log" >&2
    die "linnet does not answer; its log is $STATE/log/linnet.log"
}

instance_stop() {
    nginx_stop
    linnet_stop
    postgresql_stop
}

# instance_purge - remove all of it, the data too.
instance_purge() {
    rm -rf "$STATE" "$SOCKETS"
    if [ -L "$instance_directory" ]; then
        rm -f "$instance_directory"
    fi
}
