-- What happens to volumes, in an order that a reader can resume in.

alter table volume add column deleted_by text;
comment on column volume.deleted_by is 'The principal that deleted it; ''daemon'' is a sweep. Null unless deleted.';

create table volume_event_pending (
    id          bigint      generated always as identity primary key,
    node_id     uuid        not null,
    kind        text        not null check (kind in ('CREATED', 'UPDATED', 'ATTACHED', 'DETACHED', 'DELETED', 'SWEPT', 'UNDELETED',
                                                     'PURGED', 'LOST', 'FOUND', 'FILLING', 'FULL')),
    volume_id   uuid        not null,
    volume_name text        not null,
    owner       text        not null,
    job_name    text,
    reason      text        not null,
    happened_at timestamptz not null default clock_timestamp()
);
comment on table volume_event_pending is
    'Events as triggers write them, in the transaction of the change. The node''s daemon moves them to volume_event, one batch after the '
    'other: only so is a position never followed by a smaller one that was committed later.';

create table volume_event (
    position    bigint      generated always as identity primary key,
    node_id     uuid        not null,
    kind        text        not null,
    volume_id   uuid        not null,
    volume_name text        not null,
    owner       text        not null,
    job_name    text,
    reason      text        not null,
    happened_at timestamptz not null
);
comment on table volume_event is 'The events of each node in the order of their positions; append-only, dropped with the history.';
comment on column volume_event.kind is
    'CREATED, UPDATED (labels, protection, idle timeout or size), ATTACHED, DETACHED, DELETED (by a caller), SWEPT (by a sweep), UNDELETED, '
    'PURGED (its data is gone), LOST (its data is missing), FOUND (it is there again), FILLING (above 80 % of its size), FULL (above 95 %).';
create index volume_event_by_node on volume_event (node_id, position);
create index volume_event_by_owner on volume_event (node_id, owner, position);
create index volume_event_by_age on volume_event (node_id, happened_at);

create table event_horizon (
    node_id  uuid   primary key,
    position bigint not null
);
comment on table event_horizon is 'The last position that was dropped with the history: a reader who was not so far yet has missed events.';

create trigger volume_event_is_fenced before insert or update or delete or truncate on volume_event
    for each statement execute function refuse_unless_incarnation();

create function volume_changed() returns trigger language plpgsql as $$
declare
    event text := case
        when new.state = 'AVAILABLE' then
            case old.state when 'CREATING' then 'CREATED' when 'UNDELETING' then 'UNDELETED' when 'LOST' then 'FOUND'
                           when 'AVAILABLE' then 'UPDATED'
                           when 'UPDATING' then case when old.size_bytes <> new.size_bytes then 'UPDATED' end end
        when new.state = 'LOST' and old.state <> 'LOST' then 'LOST'
        -- A deletion can be taken back until the volume is in the trash; what cannot be had back goes without it.
        when new.state = 'TRASHED' and old.state = 'DELETING' or new.state = 'PURGING' and old.state in ('AVAILABLE', 'LOST') then
            case new.deleted_by when 'daemon' then 'SWEPT' else 'DELETED' end
    end;
begin
    if event is not null then
        insert into volume_event_pending (node_id, kind, volume_id, volume_name, owner, reason)
        values (new.node_id, event, new.id, new.name, new.owner, new.reason);
    end if;
    return null;
end $$;
create trigger volume_tells after update on volume
    for each row when (old.state <> new.state
                       or (old.labels, old.protected, old.size_bytes, old.idle_timeout_seconds)
                          is distinct from (new.labels, new.protected, new.size_bytes, new.idle_timeout_seconds))
    execute function volume_changed();

create function volume_ended() returns trigger language plpgsql as $$
begin
    insert into volume_event_pending (node_id, kind, volume_id, volume_name, owner, reason)
    values (old.node_id, 'PURGED', old.id, old.name, old.owner, old.reason);
    return null;
end $$;
create trigger volume_tells_its_end after delete on volume
    for each row when (old.state = 'PURGING') execute function volume_ended();

create function attachment_changed() returns trigger language plpgsql as $$
begin
    insert into volume_event_pending (node_id, kind, volume_id, volume_name, owner, job_name, reason)
    select new.node_id, 'ATTACHED', id, name, owner, new.job_name, new.reason from volume where id = new.volume_id;
    return null;
end $$;
create trigger attachment_tells after update on attachment
    for each row when (old.state = 'ATTACHING' and new.state = 'ATTACHED') execute function attachment_changed();

create function attachment_ended() returns trigger language plpgsql as $$
begin
    insert into volume_event_pending (node_id, kind, volume_id, volume_name, owner, job_name, reason)
    values (new.node_id, 'DETACHED', new.volume_id, new.volume_name, new.owner, new.job_name, new.reason);
    return null;
end $$;
create trigger attachment_tells_its_end after insert on attachment_history
    for each row execute function attachment_ended();
