# fresh.sh - fresh systems of Debian, as debootstrap makes them, each once: build/deploy/RELEASE.  What tests do
# lies in layers over them.  Sourced after scripts/common.sh, by bash.
#
# SPDX-License-Identifier: MIT

fresh_folder=$ROOT/build/deploy

# fresh_why_not - what is missing for them here, if anything is.
fresh_why_not() {
    if ! is_root; then
        echo "that needs root"
    elif ! command -v debootstrap > /dev/null; then
        echo "there is no debootstrap"
    elif ! unshare --net --mount --pid --fork true 2> /dev/null; then
        echo "this machine has no namespaces for us"
    fi
}

# fresh_mirror - where this machine gets its own packages from.
fresh_mirror() {
    {
        sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources
        sed -n 's/^deb  *\(\[[^]]*\] *\)\?\([^ ]*\).*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list
    } 2> /dev/null | sed -n 1p
}

# fresh_make RELEASE - make it, unless it is there.
fresh_make() {
    local system=$fresh_folder/$1
    [ ! -d "$system" ] || return 0
    mkdir -p "$fresh_folder"
    rm -rf "$system.new"
    debootstrap --variant=minbase "$1" "$system.new" "$(fresh_mirror)" && mv "$system.new" "$system"
}
