#!/bin/bash
# Run once, by the PostgreSQL image, on an empty data folder. Every service gets a database, a role that
# owns and migrates it, and a login that may do in it what a service may and reach no other.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --command 'revoke connect on database postgres, template1 from public'

for service in $LUOTSI_SERVICES; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set service="$service" --set owner="${service}_owner" \
    --set password="$LUOTSI_SERVICE_PASSWORD" --set owner_password="$LUOTSI_OWNER_PASSWORD" << 'SQL'
select 'create role luotsi_service nologin'
 where not exists (select from pg_roles where rolname = 'luotsi_service') \gexec
create role :"owner" login password :'owner_password';
create role :"service" login password :'password' in role luotsi_service;
create database :"service" owner :"owner";
revoke connect on database :"service" from public;
grant connect on database :"service" to :"service";
SQL
done
