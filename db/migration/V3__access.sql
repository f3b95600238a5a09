-- Owners: whose jobs are called what, how much each may have, what they share, and their tokens.

-- The fence is for daemons, and none has taken the node over yet while this runs.
alter table job disable trigger job_is_fenced;
alter table attachment disable trigger attachment_is_fenced;

alter table job add column directory text check (directory <> '' and directory not like '%/%');
update job set directory = name;
alter table job alter column directory set not null;
comment on column job.directory is
    'Its directory below the jobs directory. Names are unique per owner, directories per node: docs/decisions/0018.';

drop index job_name_is_unique;
create unique index job_name_is_unique on job (node_id, owner, name) where state <> 'ENDED';
create unique index job_directory_is_unique on job (node_id, directory) where state <> 'ENDED';

alter table attachment add column job_owner text, add column job_directory text;
update attachment a set job_owner = j.owner, job_directory = j.directory from job j where j.id = a.job_id;
alter table attachment alter column job_owner set not null, alter column job_directory set not null;
comment on column attachment.job_directory is
    'As of the job, so that the plan of an attachment needs no other row.';

alter table job enable trigger job_is_fenced;
alter table attachment enable trigger attachment_is_fenced;

create table owner_limit (
    node_id      uuid        not null references node,
    owner        text        not null check (length(owner) between 1 and 253),
    volumes      bigint      check (volumes >= 0),
    volume_bytes bigint      check (volume_bytes >= 0),
    memory_bytes bigint      check (memory_bytes >= 0),
    jobs         bigint      check (jobs >= 0),
    updated_at   timestamptz not null,
    updated_by   text        not null,
    row_version  bigint      not null,
    primary key (node_id, owner)
);
comment on table owner_limit is
    'Most that an owner may have on a node; null: no limit. Without a row an owner has none and takes no lock.';

create table volume_share (
    volume_id  uuid        not null references volume on delete cascade,
    with_owner text        not null check (length(with_owner) between 1 and 253),
    read_only  boolean     not null,
    created_at timestamptz not null,
    created_by text        not null,
    primary key (volume_id, with_owner)
);
comment on table volume_share is 'Who else may see and attach a volume.';
create index volume_share_by_owner on volume_share (with_owner, volume_id);

create table api_token (
    id           uuid        primary key,
    node_id      uuid        not null references node,
    name         text        not null check (name ~ '^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$'),
    owner        text        not null check (length(owner) between 1 and 253),
    role         text        not null check (role in ('READER', 'DEVELOPER', 'MAINTAINER', 'ADMIN')),
    sha256       bytea       not null unique check (length(sha256) = 32),
    created_at   timestamptz not null,
    created_by   text        not null,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
comment on table api_token is 'Bearer tokens. Only the hash of one is kept: the token itself is 256 random bits.';
create unique index api_token_name_is_unique on api_token (node_id, owner, name) where revoked_at is null;

create trigger owner_limit_is_fenced before insert or update or delete or truncate on owner_limit
    for each statement execute function refuse_unless_incarnation();
create trigger volume_share_is_fenced before insert or update or delete or truncate on volume_share
    for each statement execute function refuse_unless_incarnation();
create trigger api_token_is_fenced before insert or update or delete or truncate on api_token
    for each statement execute function refuse_unless_incarnation();

-- What an owner has. The trash does not count; a volume that grows counts with its new size at once,
-- and the scratch space of live jobs is memory.
create function owner_use(node uuid, whose text,
                          out volumes bigint, out volume_bytes bigint, out memory_bytes bigint, out jobs bigint)
    language sql stable as $$
    select count(*),
           coalesce(sum(greatest(v.size_bytes, v.wanted_size_bytes)) filter (where v.type = 'FILESYSTEM'), 0)::bigint,
           coalesce(sum(greatest(v.size_bytes, v.wanted_size_bytes)) filter (where v.type = 'MEMORY'), 0)::bigint
               + (select coalesce(sum(f.work_bytes + f.tmp_bytes + f.shm_bytes), 0)::bigint
                  from job j join job_filesystem f on f.job_id = j.id
                  where j.node_id = $1 and j.owner = $2 and j.state <> 'ENDED'),
           (select count(*) from job j where j.node_id = $1 and j.owner = $2 and j.state <> 'ENDED')
    from volume v
    where v.node_id = $1 and v.owner = $2 and v.deleted_at is null
$$;

-- Whoever is about to have more waits for the others of the same owner at the limit's row, and only then
-- counts, in a statement of its own and so in a snapshot that has what they committed.
create function enforce_owner_limit(node uuid, whose text, kinds text[]) returns void language plpgsql as $$
declare
    most owner_limit;
    used record;
    kind text;
    has bigint;
    may bigint;
begin
    select * into most from owner_limit l where l.node_id = node and l.owner = whose for update;
    if not found then
        return;
    end if;
    select * into used from owner_use(node, whose);
    foreach kind in array kinds loop
        has := case kind when 'volumes' then used.volumes when 'volume_bytes' then used.volume_bytes
                         when 'memory_bytes' then used.memory_bytes else used.jobs end;
        may := case kind when 'volumes' then most.volumes when 'volume_bytes' then most.volume_bytes
                         when 'memory_bytes' then most.memory_bytes else most.jobs end;
        if has > may then
            raise exception 'owner ''%'' may have % % and would have %', whose, may, kind, has
                using errcode = 'JB002', detail = kind;
        end if;
    end loop;
end $$;

create function volume_within_owner_limit() returns trigger language plpgsql as $$
begin
    perform enforce_owner_limit(new.node_id, new.owner,
        array['volumes', case new.type when 'MEMORY' then 'memory_bytes' else 'volume_bytes' end]);
    return null;
end $$;

create function volume_size_within_owner_limit() returns trigger language plpgsql as $$
begin
    perform enforce_owner_limit(new.node_id, new.owner,
        array[case new.type when 'MEMORY' then 'memory_bytes' else 'volume_bytes' end]);
    return null;
end $$;

create function job_within_owner_limit() returns trigger language plpgsql as $$
begin
    perform enforce_owner_limit(new.node_id, new.owner, array['jobs']);
    return null;
end $$;

create function job_memory_within_owner_limit() returns trigger language plpgsql as $$
begin
    perform enforce_owner_limit(j.node_id, j.owner, array['memory_bytes']) from job j where j.id = new.job_id;
    return null;
end $$;

create trigger volume_is_within_limit after insert on volume
    for each row execute function volume_within_owner_limit();
-- Out of the trash. A deletion that is taken back is none of the caller's doing.
create trigger volume_undeleted_is_within_limit after update of deleted_at on volume
    for each row when (old.deleted_at is not null and new.deleted_at is null and old.state = 'TRASHED')
    execute function volume_within_owner_limit();
create trigger volume_grown_is_within_limit after update of size_bytes, wanted_size_bytes on volume
    for each row when (new.deleted_at is null
                       and greatest(new.size_bytes, new.wanted_size_bytes) > greatest(old.size_bytes, old.wanted_size_bytes))
    execute function volume_size_within_owner_limit();
create trigger job_is_within_limit after insert on job
    for each row execute function job_within_owner_limit();
create trigger job_filesystem_is_within_limit after insert on job_filesystem
    for each row execute function job_memory_within_owner_limit();
