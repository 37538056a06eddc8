# embed.sed - turns a text into the lines of a C string; Makefile.am puts the
# name in front and the semicolon behind.
#
# SPDX-License-Identifier: MIT
s/\\/\\\\/g
s/"/\\"/g
s/.*/    "&\\n"/
