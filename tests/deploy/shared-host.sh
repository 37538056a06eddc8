# shared-host.sh - the host itself: Apache that starts programs as their owner (suEXEC), and what the customer has
# uploaded to a folder below the document root.

apt-get install --no-install-recommends apache2 apache2-suexec-pristine curl
if ls /usr/lib/*/ | grep -E '^lib(pq|fcgi|jwt|json-c|utf8proc|inih|sodium)\.so'; then exit 1; fi
useradd --user-group --create-home --home-dir /var/www/me me
cat > /etc/apache2/sites-available/me.conf <<'END'
<VirtualHost *:80>
    DocumentRoot /var/www/me
    SuexecUserGroup me me
    <Directory /var/www/me>
        AllowOverride All
        Require all granted
    </Directory>
</VirtualHost>
END
cp -R /root/bundle /var/www/me/api
chown -R me:me /var/www/me
chmod 755 /var/www/me
a2enmod suexec cgid
a2dissite 000-default
a2ensite me
systemctl restart apache2

address=http://localhost/api/graphql.cgi
expect_links <<END
curl -s $address -H 'Content-Type: application/json' -d '{"query":"{ allLinks(first: 1) { id } }"}'
END

# The key is read, and used.
made=$(curl -s $address -H 'Content-Type: application/json' \
    -d '{"query":"mutation { createUser(username: \"me\", email: \"me@example.org\", password: \"a long password\") { user { id } } tokenAuth(username: \"me\", password: \"a long password\") { token } }"}')
case $made in
    *'"token":"'*) ;;
    *) echo "no token: $made" && exit 1 ;;
esac

# Nothing else is served, as it is uploaded or as an editor leaves it.
cd /var/www/me/api
touch linnet.conf~ .linnet.conf.swp key.old schema.graphql.orig
for file in linnet.conf linnet.conf~ .linnet.conf.swp key key.old schema.graphql schema.graphql.orig schema.catalog \
    README .htaccess linnet.log lib/libpq.so.5 lib/ ''; do
    status=$(curl -s -o /dev/null -w '%{http_code}' "http://localhost/api/$file")
    [ "$status" = 403 ] || { echo "$file: $status" && exit 1; }
done

# The log is where the settings say, and the customer's; the catalog was not read again.
[ "$(stat -c %U linnet.log)" = me ]
if grep -E 'no catalog snapshot|"level":"error"' linnet.log; then exit 1; fi
