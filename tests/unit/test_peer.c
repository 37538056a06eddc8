/*
 * test_peer.c - the other end of a socket: whether it has gone, and whose it is.
 *
 * SPDX-License-Identifier: MIT
 */
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "event/peer.h"
#include "tests/unit/unit.h"

/* A socket that is connected to a listener of ours, in `ends[0]`, and what was accepted. */
static void
connect_to_us(const struct sockaddr *address, socklen_t size, int ends[2])
{
    struct sockaddr_storage bound;
    socklen_t bound_size = sizeof(bound);
    int listener = socket(address->sa_family, SOCK_STREAM, 0);

    assert_true(bind(listener, address, size) == 0 && listen(listener, 1) == 0);
    assert_true(getsockname(listener, (struct sockaddr *)&bound, &bound_size) == 0);
    ends[0] = socket(address->sa_family, SOCK_STREAM, 0);
    assert_true(connect(ends[0], (struct sockaddr *)&bound, bound_size) == 0);
    ends[1] = accept(listener, NULL, NULL);
    close(listener);
}

static pid_t
start_child(void)
{
    pid_t child = fork();

    if (child == 0) {
        pause();
        _exit(0);
    }
    return child;
}

static void
end_child(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void
the_listener_is_the_parent(void **state)
{
    (void)state;
    struct sockaddr_un address = { .sun_family = AF_UNIX }; /* the kernel finds a name */
    int ends[2];
    pid_t child = start_child();

    connect_to_us((struct sockaddr *)&address, sizeof(sa_family_t), ends);
    assert_true(peer_is_parent(ends[0], child));
    assert_false(peer_is_parent(ends[0], getpid())); /* of itself it is not */
    assert_false(peer_is_parent(ends[0], 1));
    end_child(child);
    assert_false(peer_is_parent(ends[0], child)); /* there is no such process any more */
    close(ends[0]);
    close(ends[1]);
}

static void
over_a_network_nobody_is_known(void **state)
{
    (void)state;
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int ends[2];
    pid_t child = start_child();

    connect_to_us((struct sockaddr *)&address, sizeof(address), ends);
    assert_false(peer_is_parent(ends[0], child));
    assert_false(peer_is_parent(-1, child));
    end_child(child);
    close(ends[0]);
    close(ends[1]);
}

static void
a_peer_that_has_closed_has_gone(void **state)
{
    (void)state;
    int ends[2];

    assert_true(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    assert_false(peer_has_gone(ends[0]));
    assert_false(peer_has_gone(-1));
    close(ends[1]);
    assert_true(peer_has_gone(ends[0]));
    close(ends[0]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_listener_is_the_parent),
        cmocka_unit_test(over_a_network_nobody_is_known),
        cmocka_unit_test(a_peer_that_has_closed_has_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
