-- A new database can take over the pool of one that was lost.

alter table installation add column took_over uuid;
comment on column installation.took_over is
    'The installation whose pool this one took over: a pool that still carries that id is given this one''s.';
