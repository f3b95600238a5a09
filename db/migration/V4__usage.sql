-- Who uses how much, now and over time; and views of it for people (docs/reporting.md).
--
-- A sample is stored when something changed and at the beginning of each hour, so every hour, and every
-- partition, tells the whole story by itself, and a host full of idle volumes writes next to nothing.

create table usage_latest (
    volume_id            uuid             primary key,
    node_id              uuid             not null,
    owner                text             not null,
    volume_name          text             not null,
    labels               jsonb            not null check (jsonb_typeof(labels) = 'object'),
    type                 text             not null,
    provider             text             not null,
    size_bytes           bigint           not null check (size_bytes > 0),
    used_bytes           bigint           not null check (used_bytes >= 0),
    used_inodes          bigint           check (used_inodes >= 0),
    method               text             not null check (method in ('BTRFS_QGROUP', 'STATFS', 'NOT_MOUNTED')),
    sampled_at           timestamptz      not null,
    is_current           boolean          not null,
    growth_bytes_per_day double precision,
    growth_points        integer          not null default 0
) with (fillfactor = 80);
comment on table usage_latest is
    'The last stored sample of each volume, with what its history needs of the volume after its end.';
comment on column usage_latest.is_current is
    'The last sampling of the node read the same; false when it could not read the volume, or when the volume is gone.';
create index usage_latest_by_node on usage_latest (node_id);

create table usage_sample (
    volume_id   uuid        not null,
    sampled_at  timestamptz not null,
    used_bytes  bigint      not null,
    used_inodes bigint,
    size_bytes  bigint      not null,
    method      text        not null,
    primary key (volume_id, sampled_at)
) partition by range (sampled_at);
comment on table usage_sample is 'A partition for each day, UTC. There is no default one: a sample without its partition fails.';

create table usage_hour (
    volume_id   uuid        not null,
    hour        timestamptz not null,
    min_bytes   bigint      not null,
    avg_bytes   bigint      not null,
    max_bytes   bigint      not null,
    last_bytes  bigint      not null,
    last_inodes bigint,
    size_bytes  bigint      not null,
    primary key (volume_id, hour)
) partition by range (hour);
comment on table usage_hour is 'Full hours of usage_sample, averages by time. A partition for each month, UTC.';

create table usage_day (
    volume_id   uuid    not null,
    day         date    not null,
    min_bytes   bigint  not null,
    avg_bytes   bigint  not null,
    max_bytes   bigint  not null,
    last_bytes  bigint  not null,
    last_inodes bigint,
    size_bytes  bigint  not null,
    hours       integer not null check (hours between 1 and 24),
    primary key (volume_id, day)
) partition by range (day);
comment on table usage_day is 'Days, UTC, of the full hours so far. A partition for each month.';
create index usage_day_by_day on usage_day (day);

create table usage_owner_day (
    node_id    uuid    not null,
    owner      text    not null,
    type       text    not null,
    day        date    not null,
    volumes    bigint  not null,
    size_bytes numeric not null,
    avg_bytes  numeric not null,
    last_bytes numeric not null,
    primary key (node_id, day, owner, type)
);
comment on table usage_owner_day is 'Sums of usage_day, so that a plot of all owners reads a few rows and not those of all volumes.';

create table usage_progress (
    node_id     uuid        primary key,
    hours_until timestamptz not null
);
comment on table usage_progress is 'Up to when the hours of a node are in usage_hour and usage_day.';

create table usage_job (
    job_id       uuid        not null,
    volume_id    uuid        not null,
    node_id      uuid        not null,
    job_name     text        not null,
    volume_name  text        not null,
    owner        text        not null,
    alone_bytes  bigint      not null check (alone_bytes >= 0),
    shared_bytes bigint      not null check (shared_bytes >= 0),
    first_at     timestamptz not null,
    last_at      timestamptz not null,
    primary key (job_id, volume_id)
);
comment on table usage_job is
    'By how much volumes grew, from one sample to the next, while a job had them writable: alone, or beside other jobs.';
create index usage_job_by_age on usage_job (node_id, last_at);

create table pool_sample (
    node_id                uuid        not null,
    sampled_at             timestamptz not null,
    pool_size_bytes        bigint      not null,
    pool_free_bytes        bigint      not null,
    allocated_bytes        bigint      not null,
    memory_budget_bytes    bigint      not null,
    memory_allocated_bytes bigint      not null,
    volumes                bigint      not null,
    stored                 bigint      not null,
    primary key (node_id, sampled_at)
);
comment on table pool_sample is 'One row for each sampling; one for each hour after the retention of samples.';
comment on column pool_sample.volumes is 'How many volumes could be read.';
comment on column pool_sample.stored is 'How many of them had changed or began an hour.';

create trigger usage_latest_is_fenced before insert or update or delete or truncate on usage_latest
    for each statement execute function refuse_unless_incarnation();
create trigger usage_sample_is_fenced before insert or update or delete or truncate on usage_sample
    for each statement execute function refuse_unless_incarnation();
create trigger usage_hour_is_fenced before insert or update or delete or truncate on usage_hour
    for each statement execute function refuse_unless_incarnation();
create trigger usage_day_is_fenced before insert or update or delete or truncate on usage_day
    for each statement execute function refuse_unless_incarnation();
create trigger usage_owner_day_is_fenced before insert or update or delete or truncate on usage_owner_day
    for each statement execute function refuse_unless_incarnation();
create trigger usage_progress_is_fenced before insert or update or delete or truncate on usage_progress
    for each statement execute function refuse_unless_incarnation();
create trigger usage_job_is_fenced before insert or update or delete or truncate on usage_job
    for each statement execute function refuse_unless_incarnation();
create trigger pool_sample_is_fenced before insert or update or delete or truncate on pool_sample
    for each statement execute function refuse_unless_incarnation();

-- Makes what the next days need. Names end in the first day of the partition.
create function usage_make_partitions(at timestamptz) returns void language plpgsql as $$
declare
    today date := (at at time zone 'UTC')::date;
    first date;
begin
    perform pg_advisory_xact_lock(hashtext('usage_make_partitions'));
    for first in select today + i from generate_series(0, 2) i loop
        if to_regclass('usage_sample_' || to_char(first, 'YYYYMMDD')) is null then
            execute format('create table %I partition of usage_sample for values from (%L) to (%L)',
                'usage_sample_' || to_char(first, 'YYYYMMDD'), first || ' 00:00:00+00', first + 1 || ' 00:00:00+00');
        end if;
    end loop;
    -- Yesterday's hours are rolled up today, and the next month's first ones in it.
    for first in select distinct date_trunc('month', today + i)::date from generate_series(-1, 2) i loop
        if to_regclass('usage_hour_' || to_char(first, 'YYYYMMDD')) is null then
            execute format('create table %I partition of usage_hour for values from (%L) to (%L)',
                'usage_hour_' || to_char(first, 'YYYYMMDD'),
                first || ' 00:00:00+00', (first + interval '1 month')::date || ' 00:00:00+00');
        end if;
        if to_regclass('usage_day_' || to_char(first, 'YYYYMMDD')) is null then
            execute format('create table %I partition of usage_day for values from (%L) to (%L)',
                'usage_day_' || to_char(first, 'YYYYMMDD'), first, (first + interval '1 month')::date);
        end if;
    end loop;
end $$;
revoke execute on function usage_make_partitions from public;

-- Drops every partition that ended before; returns how many. Waits for nobody who reads long.
create function usage_drop_partitions(parent regclass, length interval, before timestamptz)
    returns bigint language plpgsql as $$
declare
    part regclass;
    dropped bigint := 0;
begin
    for part in
        select i.inhrelid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = parent
          and to_date(right(c.relname, 8), 'YYYYMMDD') + length <= before at time zone 'UTC'
    loop
        execute 'drop table ' || part;
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;
revoke execute on function usage_drop_partitions from public;

create index attachment_history_by_begin on attachment_history (attached_at);
create index host_operation_not_done on host_operation (started_at) where outcome <> 'DONE';

-- Views for people. Their names and columns stay; new ones may be added.

create schema report;
comment on schema report is 'Stable views for people and their tools; see docs/reporting.md. Sizes are bytes, times UTC.';

create view report.usage_now as
select v.id as volume_id, v.name as volume_name, v.owner, n.name as node, v.labels, lower(v.type) as type, v.provider,
       lower(v.state) as state, v.held_as is not null as attached, v.size_bytes, v.inode_limit,
       l.used_bytes, round(100.0 * l.used_bytes / v.size_bytes, 1) as used_percent, l.used_inodes,
       lower(l.method) as method, case when l.is_current then n.sampled_at else l.sampled_at end as sampled_at
from volume v
join (select id, name, (select max(p.sampled_at) from pool_sample p where p.node_id = node.id) as sampled_at
      from node offset 0) n on n.id = v.node_id
left join usage_latest l on l.volume_id = v.id;

create view report.usage_by_day as
select d.day, l.volume_id, l.volume_name, l.owner, l.labels, lower(l.type) as type, d.size_bytes,
       d.min_bytes, d.avg_bytes, d.max_bytes, d.last_bytes, d.last_inodes, d.hours
from usage_day d join usage_latest l on l.volume_id = d.volume_id;

create view report.usage_by_owner_and_day as
select day, owner, lower(type) as type, sum(volumes)::bigint as volumes, sum(size_bytes)::bigint as size_bytes,
       sum(avg_bytes)::bigint as avg_bytes, sum(last_bytes)::bigint as last_bytes
from usage_owner_day
group by day, owner, type;

create view report.usage_by_owner as
select v.owner, lower(v.type) as type, count(*) as volumes, count(l.used_bytes) as measured,
       sum(v.size_bytes)::bigint as size_bytes, sum(l.used_bytes)::bigint as used_bytes,
       sum(l.used_inodes)::bigint as used_inodes
from volume v left join usage_latest l on l.volume_id = v.id
group by v.owner, v.type;

create view report.usage_by_label as
select e.key as label, e.value, count(*) as volumes, count(l.used_bytes) as measured,
       sum(v.size_bytes)::bigint as size_bytes, sum(l.used_bytes)::bigint as used_bytes,
       sum(l.used_inodes)::bigint as used_inodes
from volume v cross join lateral jsonb_each_text(v.labels) e left join usage_latest l on l.volume_id = v.id
group by e.key, e.value;

create view report.growth as
select v.id as volume_id, v.name as volume_name, v.owner, v.size_bytes, l.used_bytes,
       round(l.growth_bytes_per_day)::bigint as bytes_per_day, l.growth_points as points,
       case when l.growth_bytes_per_day >= 1
            then round(greatest(v.size_bytes - l.used_bytes, 0) / l.growth_bytes_per_day * 10) / 10 end as days_until_full
from usage_latest l join volume v on v.id = l.volume_id
where l.growth_bytes_per_day is not null and v.deleted_at is null;

create view report.idle_volumes as
select v.id as volume_id, v.name as volume_name, v.owner, lower(v.type) as type, v.size_bytes, l.used_bytes,
       v.created_at, v.last_used_at, round(date_part('epoch', now() - v.last_used_at) / 8640) / 10 as idle_days
from volume v left join usage_latest l on l.volume_id = v.id
where v.held_as is null and v.last_used_at is not null and v.deleted_at is null;

create view report.never_used_volumes as
select v.id as volume_id, v.name as volume_name, v.owner, lower(v.type) as type, v.size_bytes, l.used_bytes,
       v.created_at, v.created_by, round(date_part('epoch', now() - v.created_at) / 8640) / 10 as age_days
from volume v left join usage_latest l on l.volume_id = v.id
where v.held_as is null and v.last_used_at is null and v.deleted_at is null and v.state <> 'CREATING';

create view report.attachment_history as
select h.id as attachment_id, h.volume_id, h.volume_name, h.owner, h.job_id, h.job_name, h.mount_path, h.read_only,
       lower(h.access_mode) as access_mode, h.attached_at, h.detached_at,
       greatest(0, round(extract(epoch from h.detached_at - h.attached_at)))::bigint as seconds
from attachment_history h
union all
select a.id, a.volume_id, v.name, v.owner, a.job_id, a.job_name, a.mount_path, a.read_only,
       lower(a.access_mode), a.attached_at, null, greatest(0, round(extract(epoch from now() - a.attached_at)))::bigint
from attachment a join volume v on v.id = a.volume_id
where a.attached_at is not null;

create view report.top_writers_by_job as
select job_id, min(job_name) as job_name, min(owner) as owner, count(*) as volumes,
       sum(alone_bytes)::bigint as alone_bytes, sum(shared_bytes)::bigint as shared_bytes,
       min(first_at) as first_at, max(last_at) as last_at, 'growth between samples'::text as method
from usage_job
group by job_id;

create view report.failed_operations as
select o.id as operation_id, n.name as node, o.started_at, o.kind, o.volume_id, o.volume_name, o.owner, o.job_name,
       o.principal, o.request_id, round(o.duration_us / 1000.0, 1) as duration_ms, jsonb_array_length(o.steps) as steps, o.error
from host_operation o left join node n on n.id = o.node_id
where o.outcome <> 'DONE' and o.outcome = 'FAILED';

create view report.undone_operations as
select o.id as operation_id, n.name as node, o.started_at, o.kind, o.volume_id, o.volume_name, o.owner, o.job_name,
       o.principal, o.request_id, round(o.duration_us / 1000.0, 1) as duration_ms, jsonb_array_length(o.steps) as steps, o.error
from host_operation o left join node n on n.id = o.node_id
where o.outcome <> 'DONE' and o.outcome = 'UNDONE';

create view report.pool_overcommitment as
select n.name as node, p.sampled_at, p.pool_size_bytes, p.pool_size_bytes - p.pool_free_bytes as pool_used_bytes,
       p.allocated_bytes, round(p.allocated_bytes::numeric / nullif(p.pool_size_bytes, 0), 2) as overcommitment,
       p.memory_budget_bytes, p.memory_allocated_bytes, p.volumes
from pool_sample p join node n on n.id = p.node_id;

comment on view report.usage_now is 'One row for each volume that exists, the trash included, with its last known use.';
comment on view report.usage_by_day is 'One row for each volume and day, also of volumes that are gone; of the full hours so far.';
comment on view report.usage_by_owner_and_day is 'Sums of usage_by_day, by owner and type.';
comment on view report.usage_by_owner is 'Sums of what exists now, by owner and type.';
comment on view report.usage_by_label is 'Sums of what exists now, by label; a volume counts once for each of its labels.';
comment on view report.growth is 'How fast volumes grow: the slope of a line through the ends of the last 7 days and of today''s full hours.';
comment on view report.idle_volumes is 'Volumes that nobody has attached now, but once had.';
comment on view report.never_used_volumes is 'Volumes that nobody has ever attached.';
comment on view report.attachment_history is 'Which job had which volume: past attachments, as long as history is kept, and present ones.';
comment on view report.top_writers_by_job is 'By how much volumes grew while a job had them writable, by job. What was overwritten or deleted between two samples is not seen.';
comment on view report.failed_operations is 'Operations on the host that failed and may have left something to settle.';
comment on view report.undone_operations is 'Operations on the host that failed and were taken back.';
comment on view report.pool_overcommitment is 'The pool and the memory budget over time, and how much of them was promised.';

-- A column of the same name means the same in every view.
do $$
declare
    meaning constant jsonb := jsonb_object(array[
        'volume_id', 'The volume''s id; never used again.',
        'volume_name', 'The volume''s name; the last one if it is gone.',
        'owner', 'Whose it is.',
        'node', 'The host, by its name in this database.',
        'labels', 'The volume''s labels, a JSON object of strings; the last ones if it is gone.',
        'type', 'filesystem or memory.',
        'provider', 'btrfs, loop, memory or directory.',
        'state', 'available, trashed, lost, or what is being done to it.',
        'attached', 'Whether a job has it now.',
        'size_bytes', 'Its size: the limit, not what is used.',
        'inode_limit', 'The limit on inodes; 0 if it has none of its own.',
        'used_bytes', 'What is used, as the kernel counts it; null if nothing could tell yet.',
        'used_percent', 'used_bytes in percent of size_bytes.',
        'used_inodes', 'Inodes in use; null where the kernel does not count them (btrfs).',
        'method', 'How it is known: btrfs_qgroup as of the last commit of btrfs, statfs, or not_mounted (an unused tmpfs is empty).',
        'sampled_at', 'When it was last read.',
        'day', 'The day, UTC.',
        'min_bytes', 'The least that was used.',
        'avg_bytes', 'The average over time.',
        'max_bytes', 'The most that was used.',
        'last_bytes', 'What was used at the end.',
        'last_inodes', 'Inodes in use at the end; null where the kernel does not count them.',
        'hours', 'How many full hours the day has so far.',
        'volumes', 'How many volumes.',
        'measured', 'How many of them have a known use.',
        'label', 'The label''s key.',
        'value', 'The label''s value.',
        'bytes_per_day', 'Growth; negative when it shrinks.',
        'points', 'Through how many points the line was laid.',
        'days_until_full', 'When it will be full at that rate; null when it does not grow.',
        'last_used_at', 'The last attach or detach.',
        'idle_days', 'Days since last_used_at.',
        'created_at', 'When it was made.',
        'created_by', 'Who made it.',
        'age_days', 'Days since created_at.',
        'attachment_id', 'The attachment''s id.',
        'job_id', 'The job''s id.',
        'job_name', 'The job''s name.',
        'mount_path', 'Where in the job the volume is.',
        'read_only', 'Whether the job could only read it.',
        'access_mode', 'exclusive, shared or shared_read_only.',
        'attached_at', 'When the attach was done.',
        'detached_at', 'When the detach was done; null while attached.',
        'seconds', 'How long; so far while attached. 0 when the clock was set back in between.',
        'alone_bytes', 'Growth of volumes that no other job could write at the time.',
        'shared_bytes', 'Growth of volumes that other jobs could write too: any of them, and counted for each.',
        'first_at', 'The first sample that showed growth.',
        'last_at', 'The last sample that showed growth.',
        'operation_id', 'The operation''s number, in their order.',
        'started_at', 'When it began.',
        'kind', 'What was done, for example create or attach.',
        'principal', 'Who asked for it.',
        'request_id', 'The caller''s own id of the request, if there was one.',
        'duration_ms', 'How long it took, in milliseconds.',
        'steps', 'How many steps were begun.',
        'error', 'Why it failed.',
        'pool_size_bytes', 'Size of the pool''s file system.',
        'pool_used_bytes', 'What of the pool is not free.',
        'allocated_bytes', 'Sum of the sizes of all volumes on disk, the trash included.',
        'overcommitment', 'allocated_bytes as a multiple of pool_size_bytes; above 1 the pool can fill before its volumes do.',
        'memory_budget_bytes', 'What memory volumes and the scratch space of jobs may claim in all.',
        'memory_allocated_bytes', 'What they claim.']);
    shown record;
begin
    for shown in
        select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'report'::regnamespace and a.attnum > 0
    loop
        execute format('comment on column report.%I.%I is %L', shown.relname, shown.attname, meaning ->> shown.attname);
    end loop;
end $$;
comment on column report.top_writers_by_job.method is 'How it is known: growth between samples, see docs/reporting.md.';

-- The role of analysts: it reads the views and nothing else, and cannot log in until it is let in. The
-- embedded database has it already; elsewhere it is made if the daemon may do that, and by hand if not.
do $$
begin
    if not exists (select from pg_roles where rolname = 'joblet_report') then
        create role joblet_report nologin;
    end if;
exception
    when insufficient_privilege then
        raise notice 'role joblet_report is to be made by hand, see docs/reporting.md';
    when duplicate_object then
        null;
end $$;
do $$
begin
    if exists (select from pg_roles where rolname = 'joblet_report') then
        execute format('grant connect on database %I to joblet_report', current_database());
        grant usage on schema report to joblet_report;
        grant select on all tables in schema report to joblet_report;
        alter default privileges in schema report grant select on tables to joblet_report;
    end if;
end $$;
