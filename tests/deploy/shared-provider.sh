# shared-provider.sh - what a provider of shared hosts has done: PostgreSQL, with a role and a database for a
# customer, who may create neither; and on another system, without our libraries, Apache.

apt-get install --no-install-recommends postgresql
systemctl start postgresql
runuser -u postgres -- psql -c "CREATE ROLE me LOGIN PASSWORD 'secret'" -c 'CREATE DATABASE me OWNER me'
