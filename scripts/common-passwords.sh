#!/bin/sh
# common-passwords.sh - print the list of common passwords, src/auth/common_passwords.txt, anew.
#
# It is made of Debian's package python3-zxcvbn (MIT licence, Copyright 2012-2013 Dropbox, Inc.,
# 2016 Daniel Wolf), which need not be installed: those of its 30,000 passwords that have at
# least 8 characters, since no shorter one is accepted.  Use:
#
#     scripts/common-passwords.sh > src/auth/common_passwords.txt
#
# SPDX-License-Identifier: MIT
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download python3-zxcvbn > /dev/null 2>&1
dpkg -x python3-zxcvbn_*.deb .
sed -n 's/^ *"passwords": "\([^"]*\)".*/\1/p' usr/lib/python3/dist-packages/zxcvbn/frequency_lists.py |
    tr ',A-Z' '\na-z' | grep -E '^[!-~]{8,}$' | LC_ALL=C sort -u
