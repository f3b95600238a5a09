-- Who reads reports for long, or takes advisory locks, no longer holds up the next days' partitions: one
-- that is made by itself and attached waits for no reader (ALTER TABLE, ATTACH PARTITION), and two who make
-- them take turns by a lock that only who owns the tables can take.

create function usage_make_partition(parent text, first date, next date) returns void language plpgsql as $$
declare
    part text := parent || '_' || to_char(first, 'YYYYMMDD');
begin
    if to_regclass(part) is null then
        execute format('create table %I (like %I including all)', part, parent);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part,
            case parent when 'usage_day' then first::text else first || ' 00:00:00+00' end,
            case parent when 'usage_day' then next::text else next || ' 00:00:00+00' end);
    end if;
end $$;
revoke execute on function usage_make_partition from public;

create or replace function usage_make_partitions(at timestamptz) returns void language plpgsql as $$
declare
    today date := (at at time zone 'UTC')::date;
    first date;
begin
    lock table usage_sample in share update exclusive mode;
    for first in select today + i from generate_series(0, 2) i loop
        perform usage_make_partition('usage_sample', first, first + 1);
    end loop;
    -- Yesterday's hours are rolled up today, and the next month's first ones in it.
    for first in select distinct date_trunc('month', today + i)::date from generate_series(-1, 2) i loop
        perform usage_make_partition('usage_hour', first, (first + interval '1 month')::date);
        perform usage_make_partition('usage_day', first, (first + interval '1 month')::date);
    end loop;
end $$;
