-- What a change was to become, and refusals that were only counted.

alter table audit add column wanted jsonb;
alter table audit add column calls bigint not null default 1 check (calls >= 1);
comment on column audit.wanted is
    'What the request asked for, field by field; null where it was not read or asked for nothing else. Commands, environments and secrets are '
    'never in it.';
comment on column audit.calls is
    'How many calls the row stands for: more than one where a caller was refused so often that the rest of a minute was only counted. What it '
    'says else is of the last of them.';

create or replace view report.audit as
select a.id as audit_id, n.name as node, a.at, a.principal, lower(a.role) as role, a.owner, a.source, a.method, a.target, a.related,
       a.request_id, lower(a.outcome) as outcome, a.message, round(a.duration_us / 1000.0, 1) as duration_ms, a.wanted, a.calls
from audit a left join node n on n.id = a.node_id;

comment on column report.audit.wanted is 'What the request asked for, as JSON; never commands, environments or secrets.';
comment on column report.audit.calls is
    'How many calls the row stands for: more than one where a caller was refused so often that the rest of a minute was only counted.';
