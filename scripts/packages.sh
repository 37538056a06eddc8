# packages.sh - the Debian packages that building, running and testing need, and
# how to get those that are missing.  Sourced after common.sh, by bash.
#
# SPDX-License-Identifier: MIT

# A row: the package, and a file that shows that it is here; a host may have it
# under another name or have built it itself.
packages_to_run=(
    "gcc             /usr/bin/gcc"
    "libc6-dev       /usr/include/stdio.h"
    "make            /usr/bin/make"
    "autoconf        /usr/bin/autoconf"
    "automake        /usr/bin/automake"
    "pkg-config      /usr/bin/pkg-config"
    "libfcgi-dev     /usr/include/fcgiapp.h"
    "libpq-dev       /usr/include/postgresql/libpq-fe.h"
    "libjwt-dev      /usr/include/jwt.h"
    "libsodium-dev   /usr/include/sodium.h"
    "libssl-dev      /usr/include/openssl/evp.h"
    "libcrypt-dev    /usr/include/crypt.h"
    "libutf8proc-dev /usr/include/utf8proc.h"
    "libjson-c-dev   /usr/include/json-c/json.h"
    "libinih-dev     /usr/include/ini.h"
    "postgresql      /usr/lib/postgresql/*/bin/initdb"
    "nginx           /usr/sbin/nginx"
    "curl            /usr/bin/curl"
)
packages_to_test=(
    "libcmocka-dev   /usr/include/cmocka.h"
    "npm             /usr/bin/npm"
    "clang-format    /usr/bin/clang-format"
    "openssl         /usr/bin/openssl"
    "man-db          /usr/bin/man"
    "apache2-bin     /usr/sbin/apache2"
    "libapache2-mod-fcgid /usr/lib/apache2/modules/mod_fcgid.so"
    "chromium-headless-shell /usr/bin/chromium-headless-shell"
    "pgbouncer       /usr/sbin/pgbouncer"
)
# For the long runs: what dumps of Django are made with, and what judges metrics.
packages_to_test_in_full=(
    "prometheus      /usr/bin/promtool"
    "python3-django  /usr/lib/python3/dist-packages/django/__init__.py"
    "python3-django-graphene /usr/lib/python3/dist-packages/graphene_django/__init__.py"
    "python3-argon2  /usr/lib/python3/dist-packages/argon2/__init__.py"
    "python3-bcrypt  /usr/lib/python3/dist-packages/bcrypt/__init__.py"
    "python3-psycopg2 /usr/lib/python3/dist-packages/psycopg2/__init__.py"
)
# For tests/deploy, tests/package and tests/builds.
packages_to_deploy=(
    "debootstrap     /usr/sbin/debootstrap"
    "iproute2        /usr/sbin/ip"
)
packages_to_package=(
    "autopkgtest     /usr/bin/autopkgtest"
    "e2fsprogs       /usr/sbin/mke2fs"
    "piuparts        /usr/sbin/piuparts"
    "qemu-system-x86 /usr/bin/qemu-system-x86_64"
)
packages_to_build_otherwise=(
    "clang           /usr/bin/clang"
    "gcc-multilib    /usr/include/*/gnu/stubs-32.h"
    "gcc-arm-linux-gnueabihf /usr/bin/arm-linux-gnueabihf-gcc"
    "libc6-dev-armhf-cross /usr/arm-linux-gnueabihf/include/stdio.h"
)
# For bench/run, and what bench/compare runs beside Linnet.
packages_to_measure=(
    "wrk             /usr/bin/wrk"
    "python3         /usr/bin/python3"
)
packages_to_compare=(
    "npm             /usr/bin/npm"
    "golang-go       /usr/bin/go"
    "golang-github-golang-jwt-jwt-dev /usr/share/gocode/src/github.com/golang-jwt/jwt"
    "golang-github-jackc-pgconn-dev /usr/share/gocode/src/github.com/jackc/pgconn"
    "golang-github-valyala-fasthttp-dev /usr/share/gocode/src/github.com/valyala/fasthttp"
    "golang-github-valyala-fastjson-dev /usr/share/gocode/src/github.com/valyala/fastjson"
    "golang-github-vektah-gqlparser-dev /usr/share/gocode/src/github.com/vektah/gqlparser"
    "gunicorn        /usr/bin/gunicorn"
    "python3-django  /usr/lib/python3/dist-packages/django/__init__.py"
    "python3-django-graphene /usr/lib/python3/dist-packages/graphene_django/__init__.py"
    "python3-psycopg2 /usr/lib/python3/dist-packages/psycopg2/__init__.py"
)
packages_to_fuzz=(
    "clang           /usr/bin/clang"
    "libclang-rt-dev /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a"
)

# packages_install ROW... - install what is missing, as root; as an ordinary user,
# say what to type.
packages_install() {
    local row package file missing=()
    for row in "$@"; do
        read -r package file <<< "$row"
        compgen -G "$file" > /dev/null || command -v "${file##*/}" > /dev/null || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    command -v apt-get > /dev/null ||
        die "these Debian packages, or what your system calls them, are missing: ${missing[*]}"
    is_root ||
        die "packages are missing. Install them and start again:
    sudo apt-get install --no-install-recommends ${missing[*]}"
    step "$ROOT/build/log/packages.log" "Installing ${missing[*]}" packages_fetch "${missing[@]}"
}

# packages_fetch PACKAGE... - apt-get, such that what is new on this machine
# starts nothing: no cluster on port 5432, no nginx on port 80, no PgBouncer, no Prometheus,
# neither now nor at the next boot.  What was there before is left as it is.
packages_fetch() (
    policy=/usr/sbin/policy-rc.d
    clusters=/etc/postgresql-common/createcluster.d
    denied=
    for package in nginx pgbouncer postgresql prometheus; do
        [[ " $* " != *" $package "* ]] || denied="$denied $package"
    done

    if [ -n "$denied" ]; then
        trap packages_restore EXIT
        mkdir -p "$clusters"
        echo "create_main_cluster = false" > "$clusters/linnet.conf"
        # The machine's own policy, if it has one, is asked about all others.
        if [ -e "$policy" ]; then
            mv "$policy" "$policy.before-linnet"
        fi
        cat > "$policy" <<POLICY
#!/bin/sh
case "$denied " in *" \$1 "*) exit 101 ;; esac
[ ! -x "$policy.before-linnet" ] || exec "$policy.before-linnet" "\$@"
POLICY
        chmod 755 "$policy"
    fi

    packages_apt "$@" || { apt-get update && packages_apt "$@"; }

    for package in nginx pgbouncer prometheus; do
        if [[ "$denied " == *" $package "* ]]; then
            update-rc.d "$package" disable
        fi
    done
)

packages_apt() { apt-get install --yes --no-install-recommends "$@"; }

packages_restore() {
    rm -f "$clusters/linnet.conf" "$policy"
    if [ -e "$policy.before-linnet" ]; then
        mv "$policy.before-linnet" "$policy"
    fi
}
