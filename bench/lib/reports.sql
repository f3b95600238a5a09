-- 100,000 volumes of 100 owners, 10 million samples over 7 days, 3 million days over a month, and what else
-- reports read. Volumes in memory: they have nothing on the host, so rows alone are whole ones.
\set volumes 100000
select usage_make_partitions(now() - i * interval '1 day') from generate_series(0, 31) i \g /dev/null

insert into volume (id, node_id, owner, name, type, provider, enforcement, state, size_bytes, inode_limit,
                    uid, gid, mode, protected, labels, created_at, created_by, last_used_at, reason, row_version)
select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, node.id, 'owner-' || n % 100, 'm' || lpad(n::text, 7, '0'),
       'MEMORY', 'memory', 'TMPFS', 'AVAILABLE', 1 << 20, 0, 0, 0, 493, false,
       jsonb_build_object('team', 't' || n % 50, 'app', 'a' || n % 1000),
       now() - interval '40 days', 'root', case when n % 10 > 0 then now() - n % 1000 * interval '1 hour' end, '', 0
from node, generate_series(1, :volumes) n;

insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider, size_bytes, used_bytes, used_inodes,
                          method, sampled_at, is_current, growth_bytes_per_day, growth_points)
select id, node_id, owner, name, labels, type, provider, size_bytes, hashtext(name)::bigint & 1048575, 7, 'STATFS',
       date_trunc('hour', now()), true, hashtext(name) % 10000, 12
from volume;

insert into usage_sample (volume_id, sampled_at, used_bytes, used_inodes, size_bytes, method)
select v.id, now() - interval '7 days' + i * interval '100 minutes', (hashtext(v.name)::bigint & 524287) + i * 100, 7, size_bytes, 'STATFS'
from generate_series(1, 100) i, volume v;

insert into usage_hour (volume_id, hour, min_bytes, avg_bytes, max_bytes, last_bytes, last_inodes, size_bytes)
select v.id, date_trunc('hour', now()) - i * interval '1 hour', 1000, 1500, 2000, 1800, 7, size_bytes
from generate_series(1, 6) i, volume v;

insert into usage_day (volume_id, day, min_bytes, avg_bytes, max_bytes, last_bytes, last_inodes, size_bytes, hours)
select v.id, (now() at time zone 'UTC')::date - i, 1000, 1500 + i, 2000, 1800, 7, size_bytes, 24
from generate_series(1, 30) i, volume v;

insert into usage_owner_day (node_id, owner, type, day, volumes, size_bytes, avg_bytes, last_bytes)
select l.node_id, l.owner, l.type, d.day, count(*), sum(d.size_bytes), sum(d.avg_bytes), sum(d.last_bytes)
from usage_day d join usage_latest l on l.volume_id = d.volume_id
group by l.node_id, l.owner, l.type, d.day;

insert into attachment_history (id, node_id, volume_id, volume_name, owner, job_id, job_name, mount_path, read_only, access_mode,
                                attached_at, detached_at, reason)
select gen_random_uuid(), v.node_id, v.id, v.name, v.owner, gen_random_uuid(), 'job-' || v.name, '/volumes/' || v.name, false, 'EXCLUSIVE',
       now() - interval '1 day' - random() * interval '80 days', now() - random() * interval '1 day', ''
from volume v;

insert into usage_job (job_id, volume_id, node_id, job_name, volume_name, owner, alone_bytes, shared_bytes, first_at, last_at)
select job_id, volume_id, node_id, job_name, volume_name, owner, random() * 1000000, 0, attached_at, detached_at from attachment_history;

insert into host_operation (node_id, kind, outcome, volume_id, volume_name, owner, principal, started_at, duration_us, steps, error, row_version)
select v.node_id, 'attach', case when random() < 0.98 then 'DONE' when random() < 0.5 then 'UNDONE' else 'FAILED' end, v.id, v.name, v.owner,
       'root', now() - random() * interval '90 days', 1000, '[{"step": "one"}, {"step": "two"}]', 'what went wrong', 0
from volume v, generate_series(1, 3);

insert into pool_sample (node_id, sampled_at, pool_size_bytes, pool_free_bytes, allocated_bytes, memory_budget_bytes,
                         memory_allocated_bytes, volumes, stored)
select node.id, now() - i * interval '1 minute', 1 << 30, 1 << 29, 1 << 30, 1 << 30, 1 << 29, :volumes, :volumes
from node, generate_series(1, 10080) i;

vacuum analyze volume, usage_latest, usage_sample, usage_hour, usage_day, usage_owner_day, usage_job, attachment_history, host_operation, pool_sample;
