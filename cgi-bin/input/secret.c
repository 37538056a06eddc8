/*
 * secret.c - a password from whoever types it.
 *
 * While it is typed, the terminal neither shows it nor makes signals of keys: a program that ended
 * then would leave a terminal that shows nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/input/secret.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/arena.h"

enum {
    LINE_LENGTH = 4096, /* bytes, far more than a password has */
    END_OF_TEXT = 3     /* what ^C sends */
};

/* Read a line without its end; false when there is none.  It may contain U+0000: it ends at the
 * last one, which fgets() has put there. */
static bool
read_line(struct arena *a, struct str *line)
{
    char *text = arena_alloc(a, LINE_LENGTH);
    size_t len = LINE_LENGTH - 1;

    memset(text, 1, LINE_LENGTH);
    if (!fgets(text, LINE_LENGTH, stdin))
        return false;
    while (text[len] != '\0')
        len--;
    *line = (struct str){ text, len };
    while (line->len > 0 && strchr("\r\n", line->ptr[line->len - 1]))
        line->len--;
    return true;
}

/* Ask for a line on standard error; false when it was broken off. */
static bool
ask_line(struct arena *a, const char *prompt, const char *username, struct str *line)
{
    fprintf(stderr, "%s for %s: ", prompt, username);
    bool is_read = read_line(a, line);
    fputc('\n', stderr);
    return is_read && str_find(*line, END_OF_TEXT) == line->len;
}

static bool
ask_terminal(struct arena *a, const char *username, struct str *secret)
{
    struct termios before, silent;
    struct str again;

    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return false;
    silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    bool is_read = ask_line(a, "Password", username, secret);
    bool is_same = is_read && ask_line(a, "Again, the password", username, &again);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    if (!is_same)
        fputs("linnet: no password was read\n", stderr);
    else if (!str_equal(*secret, again))
        fputs("linnet: these passwords differ\n", stderr);
    return is_same && str_equal(*secret, again);
}

bool
secret_read(struct arena *a, const char *username, struct str *secret)
{
    if (isatty(STDIN_FILENO))
        return ask_terminal(a, username, secret);
    if (read_line(a, secret))
        return true;
    fputs("linnet: no password was read: type one, or give it as a line of standard input\n",
          stderr);
    return false;
}
