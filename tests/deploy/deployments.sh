# deployments.sh - what is deployed, and what of the manual is typed for it.  Sourced after common.sh, by bash.
#
# SPDX-License-Identifier: MIT

deployments=(nginx apache-proxy apache-fcgid apache-cgi lighttpd caddy h2o)

# blocks NAME... - the blocks of these names, in the order of the names.
blocks() {
    local name
    for name in "$@"; do
        awk -v name="$name" -f "$ROOT/tests/deploy/blocks.awk" "$ROOT"/docs/deployment*.md || return
    done
}

# packages_of NAME... - what their commands install.
packages_of() {
    blocks "$@" | sed -n ':more
        /\\$/{N; s/\\\n//; b more
        }
        s/^ *apt-get install --no-install-recommends//p' | tr '\n' ' '
}
