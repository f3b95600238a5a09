-- A change that is finished also after a crash is in the audit from its beginning.

comment on table audit is
    'Every call that changes something, whether it succeeded, was refused or failed; dropped with the history. A success is written in the '
    'transaction that makes it true where that is one. A change that is finished also after a crash has its row from its beginning, and the '
    'row says in the end what came of it. The ids are in the order in which rows were first written.';
comment on column audit.outcome is
    'OK, or the gRPC code that the caller got. BEGUN: it is under way, or the daemon was killed meanwhile and the next start finishes what was begun.';
comment on column report.audit.outcome is
    'ok, or the gRPC code that the caller got, for example permission_denied; begun while it is under way, and where the daemon was killed before it had an answer.';
