-- Volumes that fill up are told as events, by the sampling that sees it (UsageSampler).

alter table usage_latest add column told_percent integer not null default 0 check (told_percent in (0, 80, 95));
comment on column usage_latest.told_percent is
    'What its use has reached, as the events FILLING and FULL tell it: 0, 80 or 95 percent of its size.';

-- A level is reached above it and left only 5 percent below it: a volume that wavers is told once.
create function filling_level(told integer, used bigint, size bigint) returns integer language sql immutable as $$
    select case when used > size * 0.95 or told = 95 and used >= size * 0.90 then 95
                when used > size * 0.80 or told > 0 and used >= size * 0.75 then 80
                else 0 end
$$;

-- 13.1 MiB, as the daemon writes sizes for people too.
create function size_text(bytes bigint) returns text language sql immutable as $$
    select regexp_replace(round(bytes / 1024.0 ^ power, 1)::text, '[.]0$', '')
           || ' ' || (array['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'])[power + 1]
    from (select coalesce(max(i), 0) as power from generate_series(1, 6) i where bytes >= 1024 ^ i::numeric) unit
$$;
