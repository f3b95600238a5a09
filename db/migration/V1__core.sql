-- The core: what should exist on each host. PostgreSQL 15 or newer.
--
-- Constraints here are the last guard: whatever a daemon's code does, these rows cannot say nonsense.
-- Times are UTC; sizes are bytes.

create table installation (
    singleton  boolean     primary key default true check (singleton),
    id         uuid        not null,
    created_at timestamptz not null default now()
);
comment on table installation is
    'Which installation this database is. A pool carries the same id in its marker; a daemon refuses a pool of another one.';

create table node (
    id          uuid        primary key,
    name        text        not null unique check (length(name) between 1 and 253),
    boot_id     text        not null,
    incarnation uuid        not null unique,
    version     text        not null,
    provider    text        not null default '',
    started_at  timestamptz not null,
    row_version bigint      not null
);
comment on column node.incarnation is
    'The daemon that may write. Every session that changes rows names one in the setting joblet.incarnation.';

create sequence qgroup_number start 256 increment 64 maxvalue 281474976710655;
comment on sequence qgroup_number is
    'btrfs level-1 quota groups. A daemon takes 64 at a time; 48 bits is what the kernel has for them.';

create table volume (
    id                   uuid        primary key,
    node_id              uuid        not null references node,
    owner                text        not null check (length(owner) between 1 and 253),
    name                 text        not null check (name ~ '^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$'),
    type                 text        not null check (type in ('FILESYSTEM', 'MEMORY')),
    provider             text        not null check (provider in ('btrfs', 'loop', 'memory', 'directory')),
    enforcement          text        not null check (enforcement in ('BTRFS_QGROUP', 'EXT4_IMAGE', 'TMPFS', 'UNENFORCED')),
    state                text        not null check (state in ('CREATING', 'AVAILABLE', 'UPDATING', 'DELETING',
                                                               'TRASHED', 'UNDELETING', 'PURGING', 'LOST')),
    size_bytes           bigint      not null check (size_bytes > 0),
    wanted_size_bytes    bigint      check (wanted_size_bytes > 0),
    inode_limit          bigint      not null check (inode_limit >= 0),
    qgroup               bigint      check (qgroup between 1 and 281474976710655),
    uid                  bigint      not null check (uid between 0 and 4294967294),
    gid                  bigint      not null check (gid between 0 and 4294967294),
    mode                 integer     not null check (mode between 0 and 511),
    protected            boolean     not null,
    idle_timeout_seconds bigint      check (idle_timeout_seconds > 0),
    labels               jsonb       not null check (jsonb_typeof(labels) = 'object'),
    held_as              text        check (held_as in ('EXCLUSIVE', 'SHARED', 'SHARED_READ_ONLY')),
    created_at           timestamptz not null,
    created_by           text        not null,
    last_used_at         timestamptz,
    deleted_at           timestamptz,
    purge_after          timestamptz,
    reason               text        not null,
    row_version          bigint      not null,

    attachable_id        uuid        generated always as
        (case when state in ('AVAILABLE', 'UPDATING', 'LOST') then id end) stored,

    constraint volume_type_has_its_provider check ((type = 'MEMORY') = (provider = 'memory')),
    constraint volume_provider_has_its_enforcement check (
        enforcement = case provider when 'btrfs' then 'BTRFS_QGROUP' when 'loop' then 'EXT4_IMAGE'
                                    when 'memory' then 'TMPFS' else 'UNENFORCED' end),
    constraint volume_qgroup_only_on_btrfs check ((provider = 'btrfs') = (qgroup is not null)),
    constraint volume_wanted_size_only_while_updating check ((state = 'UPDATING') = (wanted_size_bytes is not null)),
    constraint volume_deleted_at_with_state check (
        (deleted_at is not null) = (state in ('DELETING', 'TRASHED', 'PURGING'))),
    constraint volume_purge_after_in_trash check (state <> 'TRASHED' or purge_after is not null),
    constraint volume_idle_timeout_only_in_memory check (type = 'MEMORY' or idle_timeout_seconds is null),
    constraint volume_protected_stays check (not protected or state not in ('DELETING', 'TRASHED', 'PURGING')),
    constraint volume_qgroup_is_its_own unique (node_id, qgroup),
    constraint volume_attachable_as unique (attachable_id, held_as)
);
comment on column volume.attachable_id is
    'The id while attachments may exist, else null: the foreign key from attachment keeps a volume in use from being deleted.';
comment on column volume.held_as is 'The access mode that all its attachments share; null without any.';
comment on column volume.idle_timeout_seconds is 'Memory volumes: swept when idle for so long; null means never.';

create unique index volume_name_is_unique on volume (node_id, owner, name) where deleted_at is null;
create index volume_by_node on volume (node_id, id);
create index volume_by_label on volume using gin (labels jsonb_path_ops);
create index volume_unsettled on volume (node_id, state)
    where state in ('CREATING', 'UPDATING', 'DELETING', 'TRASHED', 'UNDELETING', 'PURGING', 'LOST');
create index volume_in_memory on volume (node_id, last_used_at) where type = 'MEMORY';

create table job (
    id                uuid        primary key,
    node_id           uuid        not null references node,
    name              text        not null check (name ~ '^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$'),
    owner             text        not null check (length(owner) between 1 and 253),
    state             text        not null check (state in ('ACTIVE', 'ENDING', 'ENDED')),
    liveness          text        not null check (liveness in ('PROCESS', 'LEASE', 'CLEANUP')),
    boot_id           text,
    pid               bigint      check (pid > 0),
    start_ticks       bigint      check (start_ticks >= 0),
    lease_seconds     bigint      check (lease_seconds > 0),
    lease_expires_at  timestamptz,
    created_at        timestamptz not null,
    ended_at          timestamptz,
    reason            text        not null,
    row_version       bigint      not null,

    constraint job_process_is_identified check (
        (liveness = 'PROCESS') = (pid is not null and boot_id is not null and start_ticks is not null)),
    constraint job_lease_has_an_end check (
        (liveness = 'LEASE') = (lease_seconds is not null and lease_expires_at is not null)),
    constraint job_ended_at_with_state check ((state = 'ENDED') = (ended_at is not null)),
    constraint job_on_its_node unique (id, node_id)
);
create unique index job_name_is_unique on job (node_id, name) where state <> 'ENDED';
create index job_ended on job (node_id, ended_at) where state = 'ENDED';

create table attachment (
    id          uuid        primary key,
    node_id     uuid        not null references node,
    volume_id   uuid        not null references volume,
    job_id      uuid        not null,
    job_name    text        not null,
    mount_path  text        not null check (mount_path like '/%' and length(mount_path) between 2 and 4000),
    read_only   boolean     not null,
    access_mode text        not null,
    state       text        not null check (state in ('ATTACHING', 'ATTACHED', 'DETACHING')),
    created_at  timestamptz not null,
    attached_at timestamptz,
    reason      text        not null,
    row_version bigint      not null,

    constraint attachment_volume_is_attachable foreign key (volume_id, access_mode)
        references volume (attachable_id, held_as),
    constraint attachment_job_on_its_node foreign key (job_id, node_id) references job (id, node_id),
    constraint attachment_path_is_its_own unique (job_id, mount_path),
    constraint attachment_shared_read_only_is check (access_mode <> 'SHARED_READ_ONLY' or read_only),
    constraint attachment_attached_at_with_state check (state <> 'ATTACHED' or attached_at is not null)
);
comment on table attachment is 'Live attachments only; past ones are in attachment_history.';
create unique index attachment_exclusive_is_alone on attachment (volume_id) where access_mode = 'EXCLUSIVE';
create index attachment_by_volume on attachment (volume_id);
create index attachment_unsettled on attachment (node_id, state) where state <> 'ATTACHED';
create index attachment_by_node on attachment (node_id);

create table attachment_history (
    id          uuid        primary key,
    node_id     uuid        not null,
    volume_id   uuid        not null,
    volume_name text        not null,
    owner       text        not null,
    job_id      uuid        not null,
    job_name    text        not null,
    mount_path  text        not null,
    read_only   boolean     not null,
    access_mode text        not null,
    attached_at timestamptz not null,
    detached_at timestamptz not null,
    reason      text        not null
);
comment on table attachment_history is
    'Past attachments, kept after the volume is gone. The wall clock may have been set back in between: times need not be in order.';
create index attachment_history_by_volume on attachment_history (volume_id, detached_at);
create index attachment_history_by_age on attachment_history (node_id, detached_at);

create table host_operation (
    id           bigint      generated always as identity primary key,
    node_id      uuid        not null,
    kind         text        not null,
    outcome      text        not null check (outcome in ('DONE', 'UNDONE', 'FAILED')),
    volume_id    uuid,
    volume_name  text,
    owner        text,
    job_name     text,
    principal    text        not null,
    request_id   text,
    started_at   timestamptz not null,
    duration_us  bigint      not null check (duration_us >= 0),
    steps        jsonb       not null check (jsonb_typeof(steps) = 'array'),
    error        text,
    row_version  bigint      not null
);
comment on table host_operation is
    'What was done to the host: append-only. UNDONE: it failed and was taken back; FAILED: something may be left to settle.';
create index host_operation_by_age on host_operation (node_id, started_at);
create index host_operation_by_volume on host_operation (volume_id, id);

create table request (
    node_id     uuid        not null,
    principal   text        not null,
    request_id  text        not null check (length(request_id) between 1 and 128),
    method      text        not null,
    body_sha256 bytea       not null check (length(body_sha256) = 32),
    answer      bytea       not null,
    created_at  timestamptz not null,
    primary key (node_id, principal, request_id)
);
comment on table request is
    'Answers already given, by request id: written in the transaction that made them true, kept for a day.';
create index request_by_age on request (node_id, created_at);

-- Fencing. A daemon that was replaced, and anybody who does not say on whose behalf, changes nothing.
create function refuse_unless_incarnation() returns trigger language plpgsql as $$
begin
    if not exists (select from node
                   where incarnation::text = current_setting('joblet.incarnation', true)) then
        raise exception 'this session does not belong to the daemon that owns its node'
            using errcode = 'JB001',
                  hint = 'Another daemon has taken over. To repair rows by hand, stop it and set joblet.incarnation to its node''s.';
    end if;
    return null;
end $$;

create trigger volume_is_fenced before insert or update or delete or truncate on volume
    for each statement execute function refuse_unless_incarnation();
create trigger job_is_fenced before insert or update or delete or truncate on job
    for each statement execute function refuse_unless_incarnation();
create trigger attachment_is_fenced before insert or update or delete or truncate on attachment
    for each statement execute function refuse_unless_incarnation();
