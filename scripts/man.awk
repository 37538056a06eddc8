# man.awk - a page of the manual in docs/ as a page for man(1).
#
#     awk -v name=linnet.conf -v section=5 -v summary="..." -v version=0.1.0 -f man.awk docs/configuration.md
#
# It knows the Markdown that docs/ uses: headings, paragraphs, lists, tables, code in fences or
# indented, `code`, **strong** and links.  A table becomes a list of terms: the first cell is the
# term, and of the others, where they are several, each has its column's name before it.
#
# SPDX-License-Identifier: MIT

# What roff would understand is said such that it does not.
function plain(text) {
    gsub(/\\/, "\\(rs", text)
    gsub(/-/, "\\-", text)
    gsub(/~/, "\\(ti", text)
    gsub(/\^/, "\\(ha", text)
    gsub(/`/, "\\(ga", text)
    gsub(/'/, "\\(aq", text)
    return text
}

# A line of its own must not begin as a request does.
function line(text) { print (text ~ /^[.']/ ? "\\\\&" : "") text }

function bold(text) { return "\\fB" text "\\fR" }

# Links to other pages are named; where they are on the web, the address follows.
function links(text,    out, label, target) {
    out = ""
    while (match(text, /\[[^][]*\]\([^()]*\)/)) {
        label = substr(text, RSTART + 1, RLENGTH - 2)
        target = label
        sub(/\]\(.*/, "", label)
        sub(/^[^]]*\]\(/, "", target)
        out = out substr(text, 1, RSTART - 1) label (target ~ /^https?:/ ? " <" target ">" : "")
        text = substr(text, RSTART + RLENGTH)
    }
    return out text
}

function words(text,    parts, count, i) {
    gsub(/\*\*/, "", text)
    return plain(links(text))
}

# A text with `code` in it.
function inline(text,    out, at) {
    out = ""
    while ((at = index(text, "`")) > 0) {
        out = out words(substr(text, 1, at - 1))
        text = substr(text, at + 1)
        at = index(text, "`")
        if (!at)
            return out "\\(ga" words(text)
        out = out bold(plain(substr(text, 1, at - 1)))
        text = substr(text, at + 1)
    }
    return out words(text)
}

# What has been collected of a paragraph or an item of a list.
function flush() {
    if (text != "")
        line(inline(text))
    text = ""
}

function begin_code() {
    flush()
    print ".PP"
    print ".RS 4"
    print ".nf"
}

function end_code() {
    print ".fi"
    print ".RE"
    print ".PP"
}

# The cells of a row, in cells[1..]; how many.
function split_row(row,    count, i) {
    sub(/^\| */, "", row)
    sub(/ *\|[ ]*$/, "", row)
    gsub(/\\\|/, "\001", row)
    count = split(row, cells, / *\| */)
    for (i = 1; i <= count; i++)
        gsub("\001", "|", cells[i])
    return count
}

function print_row(count,    i, body) {
    print ".TP"
    line(cells[1] == "" ? "\\&" : inline(cells[1]))
    for (i = 2; i <= count; i++) {
        body = inline(cells[i])
        if (body == "")
            continue
        if (count > 2 && i < count && heads[i] != "")
            body = inline(heads[i]) ": " body "."
        line(body)
        if (count > 2 && i < count)
            print ".br"
    }
}

BEGIN {
    title = toupper(name)
    printf ".\\\" Made by scripts/man.awk of a page of docs/: change that one.\n"
    printf ".TH %s %s \"\" \"linnet %s\" \"Linnet\"\n", title, section, version
    print ".nh"
    print ".ad l"
    print ".SH NAME"
    print name " \\- " plain(summary)
    print ".SH DESCRIPTION"
}

/^```/ {
    if (fenced) {
        end_code()
        fenced = 0
    } else {
        begin_code()
        fenced = 1
    }
    next
}
fenced { line(plain($0)); next }

# Code that is indented: after an empty line, and not within a list.
/^    / && (indented || (was_empty && !in_list)) {
    if (!indented)
        begin_code()
    indented = 1
    line(plain(substr($0, 5)))
    was_empty = 0
    next
}
indented && /^$/ { was_empty = 1; next }
indented { end_code(); indented = 0 }

/^\|/ {
    flush()
    if (!in_table) {
        in_table = 1
        in_list = 0
        columns = split_row($0)
        for (i = 1; i <= columns; i++)
            heads[i] = cells[i]
        next
    }
    if ($0 ~ /^\|[-: |]*$/)
        next
    print_row(split_row($0))
    next
}
in_table { in_table = 0; print ".PP" }

/^# / { next }
/^## / { flush(); in_list = 0; print ".SH " toupper(plain_heading(substr($0, 4))); next }
/^###/ { flush(); in_list = 0; sub(/^#+ */, ""); print ".SS " plain_heading($0); next }

/^$/ {
    flush()
    was_empty = 1
    next
}
/^(- |[0-9]+\. )/ {
    flush()
    in_list = 1
    mark = $1
    sub(/^[^ ]+ +/, "")
    print ".IP " (mark == "-" ? "\\(bu" : mark) " 4"
    text = $0
    was_empty = 0
    next
}
{
    if (text == "" && !(in_list && /^ /)) {
        print ".PP"
        in_list = 0
    } else if (text == "" && in_list)
        print ".IP"
    sub(/^ +/, "")
    text = text == "" ? $0 : text " " $0
    was_empty = 0
}

function plain_heading(text) {
    gsub(/`|\*\*/, "", text)
    return "\"" plain(links(text)) "\""
}

END {
    flush()
    if (indented || fenced)
        end_code()
}
