# expect.sh - what blocks of the manual are typed with (blocks.awk).

# expect_links - a command, on standard input, is answered with links; soon, as services have just started.
expect_links() {
    set +x
    local command answer
    command=$(cat)
    for _ in $(seq 60); do
        answer=$(bash -c "$command") || true
        case $answer in
            '{"data":{"allLinks":['*']}}') echo "answered: $answer" && set -x && return ;;
        esac
        sleep 0.5
    done
    echo "answered: $answer"
    exit 1
}
