# web.sh - what browsers load, built of npm packages: web/, the site of the example, and
# graphiql/, into build/web and build/graphiql.  Sourced after common.sh and packages.sh, by
# bash; build/linnet is there already, since the site is typed by the contract that it prints.
#
# Nothing else needs them: where they cannot be built, whoever asked goes on without.
#
# SPDX-License-Identifier: MIT

packages_to_build_pages=(
    "npm             /usr/bin/npm"
)

# Folder by folder, what it is called in words.
declare -A web_titles=([web]="the site" [graphiql]="GraphiQL")

# web_stamp NAME - a digest of all that the build of NAME is made of: its own files, without
# those that it makes itself (NAME/.gitignore), what compresses them, and the contract.
web_stamp() {
    local line made=(--exclude=node_modules)
    # (tar's own --exclude-vcs-ignores does not know the slash in front.)
    while read -r line; do
        case $line in
            '' | '#'*) ;;
            /*) made+=(--anchored "--exclude=$1${line%/}" --no-anchored) ;;
            *) made+=("--exclude=${line%/}") ;;
        esac
    done < <(cat "$ROOT/$1/.gitignore" 2> /dev/null)
    tar -C "$ROOT" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=a=rX \
        "${made[@]}" -cf - "$1" scripts/compress.mjs sql/schema.graphql | sha256sum
}

is_web_current() {
    local stamp
    [ -f "$ROOT/build/$1/.stamp" ] && stamp=$(web_stamp "$1") &&
        [ "$stamp" = "$(cat "$ROOT/build/$1/.stamp")" ]
}

# Where npm may not write into its own cache, as without a home folder or after a `sudo npm`,
# it gets one in the build.
web_cache() {
    local cache
    cache=$(npm config get cache 2> /dev/null) || cache=
    if [ -z "$cache" ] || ! mkdir -p "$cache/_cacache/tmp" 2> /dev/null || [ ! -w "$cache" ] || [ ! -w "$cache/_cacache/tmp" ]; then
        export npm_config_cache=$ROOT/build/npm
    fi
}

# web_packages NAME - the packages of its lock file.
web_packages() {
    [ "$ROOT/$1/node_modules/.package-lock.json" -nt "$ROOT/$1/package-lock.json" ] ||
        npm ci --prefix "$ROOT/$1" --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000
}

# web_make NAME - build it: beside what is there, which it replaces when it is whole.
# (Errors are passed on by hand: where a function's failure is asked for, bash ignores -e.)
web_make() {
    local name=$1 folder=$ROOT/build/$1 stamp
    rm -rf "$folder.new" "$folder.old"
    export npm_config_update_notifier=false
    web_cache
    stamp=$(web_stamp "$name") && web_packages "$name" || return
    OUT=$folder.new LINNET=${PROGRAM:-$ROOT/build/linnet} npm run build --prefix "$ROOT/$name" || return
    echo "$stamp" > "$folder.new/.stamp"
    [ ! -e "$folder" ] || mv "$folder" "$folder.old" || return
    mv "$folder.new" "$folder" && rm -rf "$folder.old"
}

# web_build NAME - build it if anything has changed since; false where that fails, and
# then it has said why.
web_build() {
    ! is_web_current "$1" || return 0
    (
        mkdir -p "$ROOT/build"
        # Another ./up of this checkout may be building it.
        exec 8> "$ROOT/build/$1.lock"
        flock 8
        ! is_web_current "$1" || exit 0
        packages_install "${packages_to_build_pages[@]}"
        step "$ROOT/build/log/$1.log" "Building ${web_titles[$1]} (a minute or two the first time)" web_make "$1"
    ) 9>&-
}

# web_build_all - for `make pages`, which fails where one of them does.
web_build_all() { web_build web && web_build graphiql; }

# web_place NAME - copy what was built into the instance, where the web server's processes may
# read it, and where no later build takes it away.
web_place() {
    local from=$ROOT/build/$1 to=$STATE/pages/$1
    ! cmp -s "$from/.stamp" "$to/.stamp" || return 0
    mkdir -p "$STATE/pages"
    rm -rf "$to.new" "$to.old"
    cp -R "$from" "$to.new"
    chmod -R u=rwX,go=rX "$to.new"
    [ ! -e "$to" ] || mv "$to" "$to.old"
    mv "$to.new" "$to"
    rm -rf "$to.old"
}

# web_offer VARIABLE NAME - build it and place it, and set the variable to its folder in
# the instance; leave it empty where there is none.
web_offer() {
    local status=0
    printf -v "$1" ''
    [ -f "$ROOT/$2/package.json" ] || return 0
    web_build "$2" || status=$?
    # Ctrl-C was meant for ./up.
    [ "$status" -ne 130 ] || exit 130
    if [ "$status" -ne 0 ] && grep -qsE '(ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)' "$ROOT/build/log/$2.log"; then
        warn "npm does not reach its registry: see what \`npm ping\` says, and set a proxy or a registry with \`npm config\`."
    fi
    if [ "$status" -ne 0 ] && [ ! -f "$ROOT/build/$2/.stamp" ]; then
        warn "so ${web_titles[$2]} is not there, and the API goes on without. The next ./up tries again; ./up --no-web does not."
        return 0
    elif [ "$status" -ne 0 ]; then
        warn "so ${web_titles[$2]} as it was built before is served. The next ./up tries again; ./up --no-web does not."
    fi
    web_place "$2"
    printf -v "$1" '%s' "$STATE/pages/$2"
}

# web_prepare - set what instance.sh serves: SITE_FOLDER, SITE_DOCUMENTS and GRAPHIQL_FOLDER.  The
# site is the example's: with another contract there is none.
web_prepare() {
    local documents
    SITE_FOLDER='' SITE_DOCUMENTS='' GRAPHIQL_FOLDER=''
    [ -n "${LINNET_CONTRACT-}" ] || web_offer SITE_FOLDER web
    web_offer GRAPHIQL_FOLDER graphiql
    documents=$SITE_FOLDER/persisted-documents.json
    # Those of an older site may not fit the contract any more: it asks by text then.
    if [ -n "$SITE_FOLDER" ] && [ -f "$documents" ] && is_web_current web; then
        SITE_DOCUMENTS=$documents
    fi
}
