-- Some of what is begun is finished also after a crash. Its answer is written down when it is begun, and
-- counts from when it is done, whoever finishes it.

alter table request add column subject_id uuid;
comment on column request.subject_id is
    'While it is being done: the volume, attachment or job by which whoever finishes it knows it. Null: it is done.';
create index request_promised on request (subject_id) where subject_id is not null;

create view unsettled as
select id from volume where state in ('CREATING', 'UPDATING', 'DELETING', 'UNDELETING', 'PURGING')
union all
select id from attachment where state <> 'ATTACHED'
union all
select id from job where state = 'ENDING';
comment on view unsettled is 'Volumes, attachments and jobs that something is being done with, or was when the daemon was interrupted.';
