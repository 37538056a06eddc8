# embed.sed - turns a text into the lines of a C string; Makefile.am puts the
# name before and the semicolon after.
#
# SPDX-License-Identifier: MIT
s/\\/\\\\/g
s/"/\\"/g
s/.*/    "&\\n"/
