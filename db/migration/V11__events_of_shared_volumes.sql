-- Whoever watches a volume of one's own that is shared learns that it is attached and detached, and
-- not by which job of another owner's, nor who let go of it.

create or replace function attachment_changed() returns trigger language plpgsql as $$
begin
    insert into volume_event_pending (node_id, kind, volume_id, volume_name, owner, job_name, reason)
    select new.node_id, 'ATTACHED', id, name, owner,
           case when new.job_owner = owner then new.job_name end,
           case when new.job_owner = owner then new.reason else '' end
    from volume where id = new.volume_id;
    return null;
end $$;

create or replace function attachment_ended() returns trigger language plpgsql as $$
declare
    own boolean := exists (select from job where id = new.job_id and owner = new.owner);
begin
    insert into volume_event_pending (node_id, kind, volume_id, volume_name, owner, job_name, reason)
    values (new.node_id, 'DETACHED', new.volume_id, new.volume_name, new.owner,
            case when own then new.job_name end, case when own then new.reason else '' end);
    return null;
end $$;
