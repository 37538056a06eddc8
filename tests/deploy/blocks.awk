# blocks.awk - what pages of the manual say that is to be typed, as a script.
#
#     awk -v name=NAME -f blocks.awk PAGE...
#
# Before a block of code of a page stands what it is, in a comment that no reader sees:
#
#     <!-- deploy NAME -->              commands, typed as root in the folder of the sources
#     <!-- deploy NAME file PATH -->    all that is in that file
#     <!-- deploy NAME top PATH -->     lines that are put before those that the file has; PATH
#                                       may be a pattern that one file has
#     <!-- deploy NAME ask -->          a command that asks for links, and is answered with them
#
# SPDX-License-Identifier: MIT

function finish(    quoted) {
    if (block == "")
        return
    sub(/\n+$/, "\n", block)
    quoted = "<<'END OF BLOCK'\n" block "END OF BLOCK\n"
    if (verb == "file")
        printf "cat > '%s' %s", path, quoted
    else if (verb == "top")
        printf "file=$(ls %s)\ncat - \"$file\" > /tmp/whole %scat /tmp/whole > \"$file\"\n", path, quoted
    else if (verb == "ask")
        printf "expect_links %s", quoted
    else
        printf "%s", block
    block = ""
    count++
}

/^<!-- deploy / {
    finish()
    is_wanted = $3 == name
    verb = $4 == "-->" ? "" : $4
    path = $5
    next
}
is_wanted && /^    / { block = block substr($0, 5) "\n"; next }
is_wanted && /^$/ { if (block != "") block = block "\n"; next }
block != "" { finish(); is_wanted = 0 }
END {
    finish()
    if (!count) {
        print "no block of the name " name > "/dev/stderr"
        exit 1
    }
}
