-- What is finished also after a crash: the audit has it from its beginning, and the removal of a job is such a deed.

comment on table audit is
    'Every call that changes something, whether it succeeded, was refused or failed; dropped with the history. A success is written in the '
    'transaction that makes it true where that is one. A change that is finished also after a crash has its row from its beginning, and the '
    'row says in the end what came of it. The ids are in the order in which rows were first written.';
comment on column audit.outcome is
    'OK, or the gRPC code that the caller got. BEGUN: it is under way, or what the caller heard could not be written: the daemon was killed, or '
    'the database was away. What was begun is finished all the same; host_operation has that.';
comment on column audit.duration_us is 'Of what is BEGUN, until that was written.';
comment on column report.audit.audit_id is
    'The entry''s id; in the order in which entries were first written. One that is begun changes once, when it has ended.';
comment on column report.audit.outcome is
    'ok, or the gRPC code that the caller got, for example permission_denied; begun while it is under way, and where what came of it could not be written.';

alter table job add column remove_at_end boolean not null default false;
comment on column job.remove_at_end is 'Somebody has removed it: when what it holds has been taken away, the row goes too.';
