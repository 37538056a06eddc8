#!/bin/sh
# bundle.sh - a folder to upload to a shared host, which has no libraries for us: `make bundle`.
#
#     bundle.sh PROGRAM FOLDER CONTRACT DATABASE
#
# PROGRAM was linked to look for libraries in the folder `lib` beside it.  Those that it needs, and has not in
# itself, are copied there, down to OpenSSL's; but not the C library, which every host has, and which must not be older there
# than here.  DATABASE is libpq's connection string on the host; where it leads to the same database from
# here, the catalog is written.  A key and settings that FOLDER has already stay.
#
# SPDX-License-Identifier: MIT
set -eu
program=$1 folder=$2 contract=$3 database=$4

mkdir -p "$folder/lib"
# Whoever runs it may look for it while it is replaced.
cp "$program" "$folder/graphql.cgi.new"
chmod 755 "$folder/graphql.cgi.new"
mv "$folder/graphql.cgi.new" "$folder/graphql.cgi"

# Libraries that belong to the C library.
rm -f "$folder"/lib/*
ldd "$program" | awk '$2 == "=>" && $1 !~ /^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|util|anl|nsl))\.so/ { print $3 }' |
    while read -r library; do
        cp -L "$library" "$folder/lib/"
        chmod 644 "$folder/lib/${library##*/}"
    done
# The newest version of the C library that any of them asks for.
glibc=$(objdump -T "$folder/graphql.cgi" "$folder"/lib/* | sed -n 's/.*GLIBC_\([0-9.]*\).*/\1/p' | sort -Vu | tail -n 1)

cp "$contract" "$folder/schema.graphql"
if [ ! -s "$folder/key" ]; then
    (umask 077 && head -c 32 /dev/urandom | base64 > "$folder/key")
fi
if [ ! -s "$folder/linnet.conf" ]; then
    (
        umask 077
        cat > "$folder/linnet.conf" <<END
# The settings of this program: linnet print options explains them, and those that are not here.
# It holds a password: nobody else may read it.
database = ${database:-host=localhost dbname=ME user=ME password=SECRET}
    options='-c linnet.single_role=on'
# There is one role for all.
role =
contract = schema.graphql
key_file = key
log_file = linnet.log
#origins = https://www.example.org
END
    )
fi

cat > "$folder/.htaccess" <<'END'
# Nothing here is for visitors but the program: not the settings, the key, the log, nor what editors leave.
Options +ExecCGI -Indexes
AddHandler cgi-script .cgi
Require all denied
<Files "graphql.cgi">
    Require all granted
</Files>
# Apache hides credentials from programs; without this nobody is ever signed in.
CGIPassAuth On
END

cat > "$folder/README" <<END
Linnet for a host that allows programs and no services: upload all of this folder, with .htaccess, to a folder
below the document root, or to the one for programs. docs/deployment-shared.md has the steps.

    graphql.cgi       the program (mode 755); it needs glibc $glibc or newer, and $(uname -m)
    lib/              its libraries: their updates, and of those in the program, are yours, by building the bundle anew
    linnet.conf       the settings (mode 600)
    schema.graphql    the contract
    schema.catalog    the database as it was checked: "linnet check --write" writes it anew
    key               signs tokens (mode 600)
    .htaccess         denies all but the program

With FastCGI (mod_fcgid) rename the program to graphql.fcgi, and in .htaccess write graphql.fcgi for
graphql.cgi, and fcgid-script .fcgi for cgi-script .cgi.
END
chmod 755 "$folder" "$folder/lib"
chmod 644 "$folder/.htaccess" "$folder/README" "$folder/schema.graphql"

rm -f "$folder/schema.catalog"
if [ -n "$database" ]; then
    "$folder/graphql.cgi" check --write --config "$folder/linnet.conf"
    chmod 644 "$folder/schema.catalog"
else
    echo "There is no schema.catalog, since no DATABASE was given: in $folder, write the connection string into linnet.conf, and run ./graphql.cgi check --write"
fi
