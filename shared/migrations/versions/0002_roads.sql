create table relay (
    one        boolean primary key default true check (one),
    partitions integer  not null,          -- n: where the next fact goes is crc32(tenant + stream) mod n
    mark       bigint   not null,          -- every fact up to it is on the topic
    lasts      bigint[] not null,          -- the last position on each partition
    trouble    text,                       -- why the one who leads has stopped: topic and store contradict each other
    republishing boolean not null default false
);

create table builds (
    build      integer generated always as identity primary key,
    read_model text not null,
    version    integer not null,
    shape      text not null,              -- hash of the columns: a changed row under the old number is refused
    made_at    timestamptz not null default clock_timestamp(),
    fed        boolean not null,           -- the workers of its version bring it every fact
    pointed_at timestamptz                 -- when it was made the one that is read, the last time
);
create table live (
    read_model text    not null,
    version    integer not null,
    build      integer not null references builds,
    primary key (read_model, version)
);

create table rebuilds (
    build        integer primary key references builds on delete cascade,
    phase        text not null,            -- reading, catching up, verifying, ready, live, aside, failed, cancelled
    wanted       text not null default 'go',  -- or pause, or cancel: what an operator asks of whoever runs it
    aim          json not null,            -- what it was asked with; up to where, if not to the end
    throttle     double precision,         -- the share of its time in which it works; null: all of it
    operator     text not null,
    host         text not null,
    pid          integer not null,
    started_at   timestamptz not null default clock_timestamp(),
    heartbeat_at timestamptz not null default clock_timestamp(),
    done         bigint not null default 0,   -- facts read
    total        bigint,
    rate         double precision,         -- facts a second
    error        text
);

create unlogged table changes (            -- of rows, for who watches: a crash may lose them, watchers then begin anew
    build     integer not null references builds on delete cascade,
    seq       bigint  not null,            -- without a gap, by the turns of the build
    stamp     integer not null default (random() * 1000000000)::integer,  -- tells it from another under its number
    tenant    text    not null,
    positions json    not null,            -- by source: the newest fact of the turn
    rows      json,                        -- null: more than can be named
    primary key (build, seq)
);

-- What a listener has goes with its build, and nothing is written for one that is gone. Null: it is no build's.
create function build_of(listener text) returns integer language sql immutable
    return substring(listener from '[.]v[0-9]+[.]b([0-9]+)$')::integer;

create table marks (
    listener   text    not null,
    source     text    not null,
    era        integer not null,
    partitions integer not null,
    partition  integer not null,
    position   bigint  not null,
    build      integer generated always as (build_of(listener)) stored references builds on delete cascade,
    primary key (listener, source, era, partition)
);
create index marks_by_build on marks (build);

-- The statement of shared/listen/marks.py, which says what it answers.
create function pass_over(
    listeners text[], sources text[], partition_counts integer[], partition_numbers integer[],
    previous bigint[], uptos bigint[]
) returns table (listener text, source text, partition integer)
language plpgsql volatile
set plan_cache_mode = force_generic_plan   -- planning it costs more than running it
set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    return query
    with given as (
        select * from unnest(sources, partition_counts, partition_numbers, previous, uptos)
            as g(source, partitions, partition, previous, upto)
    ), newest as (
        select m.*, g.previous, g.upto from marks m join given g using (source, partitions, partition)
        where m.listener = any(listeners)
          and m.era = (select max(era) from marks n where n.listener = m.listener and n.source = m.source)
    ), moved as (
        update marks m set position = n.upto from newest n
        where (m.listener, m.source, m.era, m.partition) = (n.listener, n.source, n.era, n.partition)
          and m.position between n.previous and n.upto - 1
        returning m.listener, m.source, m.partition
    )
    select * from moved union all select n.listener, n.source, n.partition from newest n where n.position >= n.upto;
end
$$;

create table parked (
    listener   text   not null,
    tenant     text   not null,
    source     text   not null,
    stream     text   not null,            -- '' for a record whose stream cannot be read: it blocks nothing
    position   bigint not null,            -- such a record's offset,
    partition  integer not null,           -- and where it lies; 0 for a fact
    fact       json   not null,            -- the envelope, or the headers of such a record
    data       bytea  not null,            -- as it came
    error      text,                       -- null: it waits behind an earlier one of its stream
    first_seen timestamptz not null,
    attempts   integer not null default 0,
    build      integer generated always as (build_of(listener)) stored references builds on delete cascade,
    primary key (listener, tenant, source, stream, position, partition)
);
create table discarded (
    listener     text not null,
    tenant       text not null,
    source       text not null,
    stream       text not null,
    position     bigint not null,
    partition    integer not null,
    fact         json not null,
    data         bytea not null,
    error        text,
    discarded_at timestamptz not null,
    discarded_by text not null,
    why          text not null,
    build        integer generated always as (build_of(listener)) stored references builds on delete cascade,
    primary key (listener, tenant, source, stream, position, partition)
);

create table deadlines (
    tenant   text  not null,
    deadline text  not null,
    key      text  not null,
    fact_id  uuid  not null,               -- the fact that set it: only a row of the same fact is deleted when asked
    earliest timestamptz not null,         -- no zone on earth has it due before
    due_at   timestamptz,                  -- an instant with its offset, or
    at_offset smallint,
    due_day  date,                         -- a day and hour where the team is
    due_hour time,
    team_id  uuid,
    command  text not null,
    body     json not null,
    correlation_id uuid not null,
    error    text,                         -- asking failed, and not for an outage: passed over until it is set anew or freed
    primary key (tenant, deadline, key)
);
create index deadlines_due on deadlines (earliest) where error is null;

create table policies_known (
    policy text primary key,
    since  timestamptz not null default clock_timestamp()
);
create table verified (
    read_model text    not null,
    version    integer not null,
    differing  bigint  not null,           -- rows, when they were compared last
    rows       bigint  not null,
    at         timestamptz not null default clock_timestamp(),
    primary key (read_model, version)
);
create schema readmodels;
