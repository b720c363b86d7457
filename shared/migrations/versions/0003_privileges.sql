do $$
begin
    create role luotsi_service nologin;
exception
    when duplicate_object or unique_violation or insufficient_privilege then null;
end $$;
do $$
begin
    if not exists (select from pg_roles where rolname = 'luotsi_service') then return; end if;
    grant usage on schema public to luotsi_service;
    grant select, insert on facts, receipts to luotsi_service;
    grant select on store, kit_migrations to luotsi_service;
    grant select, insert, update, delete on relay, builds, live, changes, rebuilds, verified, marks, parked, discarded, deadlines, policies_known to luotsi_service;
    grant usage, create on schema readmodels to luotsi_service;
end $$;
