-- The data that the examples of docs/reporting.md are about: two owners on one host. Times are relative to now.
insert into node (id, name, boot_id, incarnation, version, started_at, row_version)
values ('00000000-0000-7000-8000-0000000000aa', 'host-1', 'boot', gen_random_uuid(), '1', now(), 0);

select usage_make_partitions(now());

insert into volume (id, node_id, owner, name, type, provider, enforcement, state, size_bytes, inode_limit, qgroup, uid, gid, mode,
                    protected, labels, held_as, created_at, created_by, last_used_at, reason, row_version)
select ('00000000-0000-7000-8000-00000000000' || n)::uuid, '00000000-0000-7000-8000-0000000000aa', owner, name, type, provider,
       enforcement, 'AVAILABLE', gib::bigint << 30, 0, qgroup, 0, 0, 493, false, labels::jsonb, held_as, now() - interval '60 days', 'root',
       now() - used * interval '1 day', '', 0
from (values (1, 'ml', 'models', 'FILESYSTEM', 'btrfs', 'BTRFS_QGROUP', 10, 900001, '{"team": "ml"}', 'EXCLUSIVE', 2),
             (2, 'ml', 'scratch', 'MEMORY', 'memory', 'TMPFS', 1, null, '{"team": "ml"}', null, null),
             (3, 'shop', 'web', 'FILESYSTEM', 'btrfs', 'BTRFS_QGROUP', 2, 900003, '{"team": "shop", "env": "prod"}', null, 40),
             (4, 'shop', 'logs', 'FILESYSTEM', 'loop', 'EXT4_IMAGE', 4, null, '{"team": "shop"}', 'SHARED', 5))
    v (n, owner, name, type, provider, enforcement, gib, qgroup, labels, held_as, used);

insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider, size_bytes, used_bytes, used_inodes,
                          method, sampled_at, is_current, growth_bytes_per_day, growth_points)
select v.id, v.node_id, v.owner, v.name, v.labels, v.type, v.provider, v.size_bytes, u.mib::bigint << 20, u.inodes, u.method,
       now() - interval '1 minute', true, u.daily::bigint << 20, u.points
from volume v join (values ('models', 8192, null, 'BTRFS_QGROUP', 256, 9), ('scratch', 0, 0, 'NOT_MOUNTED', 0, 9),
                           ('web', 1024, null, 'BTRFS_QGROUP', 0, 9), ('logs', 3072, 812, 'STATFS', 512, 9))
    u (name, mib, inodes, method, daily, points) on u.name = v.name
where v.node_id = '00000000-0000-7000-8000-0000000000aa';

insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider, size_bytes, used_bytes, used_inodes,
                          method, sampled_at, is_current)
values ('00000000-0000-7000-8000-000000000005', '00000000-0000-7000-8000-0000000000aa', 'shop', 'campaign', '{"team": "shop"}',
        'FILESYSTEM', 'btrfs', 1 << 30, 700 << 20, null, 'BTRFS_QGROUP', now() - interval '1 day', false);

insert into usage_day (volume_id, day, min_bytes, avg_bytes, max_bytes, last_bytes, last_inodes, size_bytes, hours)
select l.volume_id, current_date - d.ago, (d.mib - 200) << 20, (d.mib - 100) << 20, d.mib << 20, d.mib << 20, null, l.size_bytes, 24
from usage_latest l join (values ('models', 0, 8192::bigint), ('models', 1, 7936), ('campaign', 1, 700)) d (name, ago, mib) on d.name = l.volume_name;

insert into usage_owner_day (node_id, owner, type, day, volumes, size_bytes, avg_bytes, last_bytes)
select l.node_id, l.owner, l.type, d.day, count(*), sum(d.size_bytes), sum(d.avg_bytes), sum(d.last_bytes)
from usage_day d join usage_latest l on l.volume_id = d.volume_id
where l.node_id = '00000000-0000-7000-8000-0000000000aa'
group by l.node_id, l.owner, l.type, d.day;

insert into job (id, node_id, name, owner, directory, state, liveness, created_at, reason, row_version)
values ('00000000-0000-7000-8000-0000000000b1', '00000000-0000-7000-8000-0000000000aa', 'train', 'ml', 'train@ml', 'ACTIVE', 'CLEANUP', now(), '', 0);

insert into attachment (id, node_id, volume_id, job_id, job_name, job_owner, job_directory, mount_path, read_only, access_mode, state, created_at, attached_at, reason, row_version)
values ('00000000-0000-7000-8000-0000000000c1', '00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-000000000001',
        '00000000-0000-7000-8000-0000000000b1', 'train', 'ml', 'train@ml', '/volumes/models', false, 'EXCLUSIVE', 'ATTACHED',
        now() - interval '2 days', now() - interval '2 days', '', 0);

insert into attachment_history (id, node_id, volume_id, volume_name, owner, job_id, job_name, mount_path, read_only, access_mode,
                                attached_at, detached_at, reason)
values ('00000000-0000-7000-8000-0000000000c2', '00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-000000000001', 'models',
        'ml', '00000000-0000-7000-8000-0000000000b2', 'import', '/volumes/models', false, 'EXCLUSIVE',
        now() - interval '5 days', now() - interval '5 days' + interval '90 minutes', '');

insert into usage_job (job_id, volume_id, node_id, job_name, volume_name, owner, alone_bytes, shared_bytes, first_at, last_at)
values ('00000000-0000-7000-8000-0000000000b1', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-0000000000aa',
        'train', 'models', 'ml', 512 << 20, 0, now() - interval '2 days', now()),
       ('00000000-0000-7000-8000-0000000000b2', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-0000000000aa',
        'import', 'models', 'ml', 5120::bigint << 20, 0, now() - interval '5 days', now() - interval '4 days'),
       ('00000000-0000-7000-8000-0000000000b3', '00000000-0000-7000-8000-000000000004', '00000000-0000-7000-8000-0000000000aa',
        'ship', 'logs', 'shop', 100 << 20, 400 << 20, now() - interval '5 days', now());

insert into host_operation (node_id, kind, outcome, volume_id, volume_name, owner, job_name, principal, started_at, duration_us, steps, error, row_version)
values ('00000000-0000-7000-8000-0000000000aa', 'purge', 'FAILED', null, 'old', 'shop', null, 'daemon', now() - interval '3 hours', 2500,
        '[{}]', 'purge-subvolume failed: EBUSY', 0),
       ('00000000-0000-7000-8000-0000000000aa', 'attach', 'UNDONE', '00000000-0000-7000-8000-000000000003', 'web', 'shop', 'job-7', 'root',
        now() - interval '1 hour', 4200, '[{}, {}, {}]', 'make-directory failed: ENOTDIR', 0);

insert into pool_sample (node_id, sampled_at, pool_size_bytes, pool_free_bytes, allocated_bytes, memory_budget_bytes, memory_allocated_bytes, volumes, stored)
values ('00000000-0000-7000-8000-0000000000aa', now() - interval '1 hour', 12::bigint << 30, 1 << 30, 12::bigint << 30, 4::bigint << 30, 1 << 30, 4, 4),
       ('00000000-0000-7000-8000-0000000000aa', now() - interval '1 minute', 12::bigint << 30, 512 << 20, 16::bigint << 30, 4::bigint << 30, 1 << 30, 4, 0);

insert into audit (id, node_id, at, principal, role, owner, source, method, target, related, request_id, outcome, message, duration_us)
values ('00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000aa', now() - interval '2 days', 'cn:ml', 'DEVELOPER', 'ml',
        '10.0.0.7:41234', 'AttachVolume', 'models', 'train', 'r-1', 'OK', null, 4200),
       ('00000000-0000-7000-8000-0000000000d2', '00000000-0000-7000-8000-0000000000aa', now() - interval '1 hour', 'cn:intern', 'READER', 'ml',
        '10.0.0.9:40022', 'DeleteVolume', null, null, null, 'PERMISSION_DENIED',
        'role reader is not allowed to perform operation delete_volume', 35);
