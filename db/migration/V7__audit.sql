-- Who changed what, from where, and what came of it.

create table audit (
    id          uuid        primary key,
    node_id     uuid        not null,
    at          timestamptz not null,
    principal   text        not null,
    role        text        not null,
    owner       text        not null,
    source      text        not null,
    method      text        not null,
    target      text,
    related     text,
    request_id  text,
    outcome     text        not null,
    message     text,
    duration_us bigint      not null check (duration_us >= 0)
);
comment on table audit is
    'Every call that changes something, whether it succeeded, was refused or failed: append-only, dropped with the history. A success is '
    'written in the transaction that makes it true where that is one; the ids are in the order of writing.';
comment on column audit.target is 'The volume, job, owner or token that the request named; null where the request was not read.';
comment on column audit.related is 'What else it named: the job of an attachment, the other owner of a share, the owner of a token.';
comment on column audit.outcome is 'OK, or the gRPC code that the caller got.';
create index audit_by_owner on audit (node_id, owner, id);
create index audit_by_age on audit using brin (at);

create trigger audit_is_fenced before insert or update or delete or truncate on audit
    for each statement execute function refuse_unless_incarnation();

create view report.audit as
select a.id as audit_id, n.name as node, a.at, a.principal, lower(a.role) as role, a.owner, a.source, a.method, a.target, a.related,
       a.request_id, lower(a.outcome) as outcome, a.message, round(a.duration_us / 1000.0, 1) as duration_ms
from audit a left join node n on n.id = a.node_id;

comment on view report.audit is 'Every call that changes something: who, from where, what and what came of it, as long as history is kept.';
comment on column report.audit.audit_id is 'The entry''s id; in the order in which entries were written.';
comment on column report.audit.node is 'The host, by its name in this database.';
comment on column report.audit.at is 'When the call began.';
comment on column report.audit.principal is 'Who asked for it.';
comment on column report.audit.role is 'The caller''s role: reader, developer, maintainer, admin or unknown.';
comment on column report.audit.owner is 'The owner as whom the caller called.';
comment on column report.audit.source is 'From where: the address and port, or the user and process at the socket.';
comment on column report.audit.method is 'The method, for example CreateVolume.';
comment on column report.audit.target is 'The volume, job, owner or token that the request named; null if the role was refused before it was read.';
comment on column report.audit.related is 'What else it named: the job of an attachment, the other owner of a share, the owner of a token.';
comment on column report.audit.request_id is 'The caller''s own id of the request, if there was one.';
comment on column report.audit.outcome is 'ok, or the gRPC code that the caller got, for example permission_denied.';
comment on column report.audit.message is 'What the caller was told when it was not ok.';
comment on column report.audit.duration_ms is 'How long it took, in milliseconds.';
