-- Jobs with a root file system of their own, and the commands that run in them.

alter table job drop constraint job_liveness_check;
alter table job add constraint job_liveness_check check (liveness in ('PROCESS', 'LEASE', 'CLEANUP', 'RUN'));

create table job_filesystem (
    job_id      uuid   primary key references job on delete cascade,
    userland    text   not null check (userland in ('HOST', 'MINIMAL', 'DIRECTORY')),
    directory   text   check (directory like '/%'),
    work_bytes  bigint not null check (work_bytes > 0),
    tmp_bytes   bigint not null check (tmp_bytes > 0),
    shm_bytes   bigint not null check (shm_bytes > 0),
    uid         bigint not null check (uid between 0 and 4294967294),
    gid         bigint not null check (gid between 0 and 4294967294),
    row_version bigint not null,

    constraint job_filesystem_directory_with_userland check ((userland = 'DIRECTORY') = (directory is not null))
);
comment on table job_filesystem is
    'What a job''s root is made of. It is on the host while the job has not ended, and counts against the memory budget so long.';

create table job_run (
    job_id            uuid        primary key references job_filesystem on delete cascade,
    state             text        not null check (state in ('STARTING', 'RUNNING', 'EXITED', 'KILLED', 'FAILED', 'LOST')),
    command           jsonb       not null check (jsonb_typeof(command) = 'array' and jsonb_array_length(command) > 0),
    environment_names jsonb       not null check (jsonb_typeof(environment_names) = 'array'),
    working_directory text        not null check (working_directory like '/%'),
    own_network       boolean     not null,
    pids_limit        bigint      not null check (pids_limit >= 0),
    read_bps          bigint      not null check (read_bps >= 0),
    write_bps         bigint      not null check (write_bps >= 0),
    read_iops         bigint      not null check (read_iops >= 0),
    write_iops        bigint      not null check (write_iops >= 0),
    log_bytes         bigint      not null check (log_bytes > 0),
    warnings          jsonb       not null check (jsonb_typeof(warnings) = 'array'),
    boot_id           text,
    pid               bigint      check (pid > 0),
    start_ticks       bigint      check (start_ticks >= 0),
    started_at        timestamptz,
    finished_at       timestamptz,
    exit_code         integer     check (exit_code between 0 and 255),
    signal            integer     check (signal between 1 and 64),
    failure           text,
    row_version       bigint      not null,

    constraint job_run_is_identified check (
        (state = 'STARTING') = (pid is null) or state = 'FAILED'),
    constraint job_run_identity_is_whole check (
        (pid is null) = (boot_id is null) and (pid is null) = (start_ticks is null) and (pid is null) = (started_at is null)),
    constraint job_run_end_with_state check ((finished_at is not null) = (state not in ('STARTING', 'RUNNING'))),
    constraint job_run_exit_code_with_state check ((exit_code is not null) = (state = 'EXITED')),
    constraint job_run_signal_with_state check ((signal is not null) = (state = 'KILLED')),
    constraint job_run_failure_with_state check ((failure is not null) = (state in ('FAILED', 'LOST')))
);
comment on table job_run is 'The command of a job: one job, one run. A row in STARTING is the intent; its end is kept as history.';
comment on column job_run.environment_names is 'Names only: values may be secrets and are not kept.';
comment on column job_run.pid is 'Of the supervisor, with boot and start time: who it is, also after a restart of the daemon.';
create index job_run_unfinished on job_run (state) where state in ('STARTING', 'RUNNING');

alter table attachment
    add column read_bps   bigint not null default 0 check (read_bps >= 0),
    add column write_bps  bigint not null default 0 check (write_bps >= 0),
    add column read_iops  bigint not null default 0 check (read_iops >= 0),
    add column write_iops bigint not null default 0 check (write_iops >= 0);
comment on column attachment.read_bps is
    'I/O limits of the job on the disk behind this volume, so that the plan of an attachment needs no other row; 0 means none.';

create index job_by_node on job (node_id, id);
create index job_by_name on job (node_id, owner, name, id);

create trigger job_filesystem_is_fenced before insert or update or delete or truncate on job_filesystem
    for each statement execute function refuse_unless_incarnation();
create trigger job_run_is_fenced before insert or update or delete or truncate on job_run
    for each statement execute function refuse_unless_incarnation();
