create table facts (
    position       bigint      not null primary key,
    tenant         text collate "C" not null,
    stream         text collate "C" not null,
    version        integer     not null,
    name           text collate "C" not null,
    id             uuid        not null,
    at             timestamptz not null,
    at_offset      smallint    not null,   -- minutes east of UTC: the day of `at` is the day there
    recorded_at    timestamptz not null,
    actor          text        not null,
    command_id     uuid        not null,
    correlation_id uuid        not null,
    causation_id   uuid,
    traceparent    text,
    data           json        not null,
    unique (tenant, stream, version)
);
create index facts_by_name on facts (name, position);

create table receipts (
    tenant     text collate "C" not null,
    command_id uuid    not null,
    hash       bytea,                      -- null when a policy or a deadline asked: there the id alone counts
    stream     text    not null,
    version    integer not null,
    position   bigint  not null,
    first      bigint,
    last       bigint,
    asked_by   text,                       -- the policy or deadline, with what follows only for these
    command    text,
    at         timestamptz,
    refused    text,
    reason     text,
    primary key (tenant, command_id)
);
create index receipts_refused on receipts (tenant, at desc) where refused is not null;

create table store (
    one         boolean primary key default true check (one),
    id          uuid  not null default gen_random_uuid(),
    receipt_key bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
);
insert into store default values;

create function facts_never_change() returns trigger language plpgsql as $$
begin
    raise exception 'facts and receipts are never changed: % on % refused', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on facts
    for each statement execute function facts_never_change();
create trigger append_only before update or delete or truncate on receipts
    for each statement execute function facts_never_change();

create function append(
    tenants text[], streams text[], expected integer[], command_ids uuid[], hashes bytea[], ats timestamptz[],
    at_offsets smallint[], actors text[], correlation_ids uuid[], causation_ids uuid[], traceparents text[],
    askers text[], commands text[], refusals text[], reasons text[],
    fact_commands integer[], fact_names text[], fact_ids uuid[], fact_data text[]
) returns table (
    ordinal integer, outcome text, version integer, "position" bigint, first bigint, last bigint,
    refused text, reason text, recorded_at timestamptz
) language plpgsql volatile
set plan_cache_mode = force_generic_plan   -- planning it costs more than running it,
set enable_seqscan = off                   -- and a plan made while the tables are small is kept when they have grown
as $$
#variable_conflict use_column
declare
    base bigint;
    now_recorded timestamptz;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'append needs read committed: positions follow from what is committed before the lock is had';
    end if;
    perform pg_advisory_xact_lock(76117072);
    select f.position, f.recorded_at into base, now_recorded from facts f order by f.position desc limit 1;
    base := coalesce(base, 0);
    now_recorded := greatest(clock_timestamp(), now_recorded);
    return query
    with asked as materialized (
        select a.*, r.command_id is not null as known, r.hash as known_hash, r.version as known_version,
               r.position as known_position, r.first as known_first, r.last as known_last,
               r.refused as known_refused, r.reason as known_reason,
               coalesce(s.version, 0) as stands_at, coalesce(s.position, 0) as newest
        from unnest(tenants, streams, expected, command_ids, hashes, ats, at_offsets, actors, correlation_ids,
                    causation_ids, traceparents, askers, commands, refusals, reasons) with ordinality
             as a(tenant, stream, expected, command_id, hash, at, at_offset, actor, correlation_id,
                  causation_id, traceparent, asked_by, command, refused, reason, ordinal)
        left join lateral (select * from receipts r
                           where r.tenant = a.tenant and r.command_id = a.command_id
                           limit 1) r on true  -- one by one through the key: as a join, all receipts were read
        left join lateral (select f.version, f.position from facts f
                           where f.tenant = a.tenant and f.stream = a.stream
                           order by f.version desc limit 1) s on true
    ), judged as materialized (
        select *, case when known and hash is not null and known_hash is distinct from hash then 'reused'
                       when known then 'repeated'
                       when stands_at <> expected then 'moved'
                       else 'appended' end as outcome
        from asked
    ), numbered as materialized (
        select j.*, f.fact_name, f.fact_id, f.fact_data,
               base + row_number() over (order by f.nth) as at_position,
               (j.expected + row_number() over (partition by j.ordinal order by f.nth))::integer as at_version
        from unnest(fact_commands, fact_names, fact_ids, fact_data) with ordinality
             as f(fact_command, fact_name, fact_id, fact_data, nth)
        join judged j on j.ordinal = f.fact_command
        where j.outcome = 'appended'
    ), stored as (
        insert into facts
        select n.at_position, n.tenant, n.stream, n.at_version, n.fact_name, n.fact_id, n.at, n.at_offset, now_recorded,
               n.actor, n.command_id, n.correlation_id, n.causation_id, n.traceparent, n.fact_data::json
        from numbered n
    ), spans as (
        select n.ordinal, max(n.at_version) as version, min(n.at_position) as first, max(n.at_position) as last
        from numbered n group by n.ordinal
    ), reached as materialized (
        select j.ordinal, j.tenant, j.command_id, j.hash, j.stream, j.at, j.asked_by, j.command, j.refused, j.reason,
               coalesce(s.version, j.stands_at) as version, coalesce(s.last, j.newest) as position, s.first, s.last
        from judged j left join spans s on s.ordinal = j.ordinal
        where j.outcome = 'appended'
    ), kept as (
        insert into receipts
        select r.tenant, r.command_id, r.hash, r.stream, r.version, r.position, r.first, r.last, r.asked_by,
               case when r.asked_by is not null then r.command end,
               case when r.asked_by is not null then r.at end, r.refused, r.reason
        from reached r
    )
    select j.ordinal::integer, j.outcome,
           case when j.known then j.known_version when j.outcome = 'moved' then j.stands_at else r.version end,
           case when j.known then j.known_position when j.outcome = 'moved' then j.newest else r.position end,
           case when j.known then j.known_first else r.first end,
           case when j.known then j.known_last else r.last end,
           case when j.known then j.known_refused else r.refused end,
           case when j.known then j.known_reason else r.reason end,
           now_recorded
    from judged j left join reached r on r.ordinal = j.ordinal
    order by j.ordinal;
end $$;
