package io.joblet.storage.usage;

/** The one statement that stores a sampling. */
final class SampleSql {
  /**
   * Goes before {@link #STORE}. A plan for arrays of unknown length expects ten elements, and joins
   * 10,000 of them with each other one by one.
   */
  static final String PLANNED_ANEW = "set local plan_cache_mode = force_custom_plan";

  /**
   * Parameters: time, beginning of its hour, node twice, ids, bytes, inodes and methods as arrays,
   * and five numbers of the pool.
   *
   * <p>All parts see the rows as they were before. A sample is stored when the volume differs from
   * what was stored last, and once in each hour. What a volume has grown by is put down to the jobs
   * that could write it since the sampling before; a volume read for the first time counts only if
   * it was made since then, because else nobody knows when it was written. A volume that has filled
   * up to a level of db/migration/V6 is told as an event, unless it is in the trash.
   */
  static final String STORE =
      """
      with args as materialized (
        select ?::timestamptz as at, ?::timestamptz as hour, ?::uuid as node,
               (select max(sampled_at) from pool_sample where node_id = ?) as previous),
      seen as materialized (
        select v.id, v.owner, v.name, v.labels, v.type, v.provider, v.size_bytes, v.created_at,
               v.deleted_at, u.bytes, u.inodes, u.method
        from unnest(?::text[]::uuid[], ?::bigint[], ?::bigint[], ?::text[]) u (id, bytes, inodes, method)
        join volume v on v.id = u.id),
      news as materialized (
        select s.*, l.used_bytes as before, coalesce(l.told_percent, 0) as told, level.percent
        from seen s cross join args left join usage_latest l on l.volume_id = s.id
        cross join lateral (
          select case when s.deleted_at is null
                      then filling_level(coalesce(l.told_percent, 0), s.bytes, s.size_bytes)
                      else coalesce(l.told_percent, 0) end as percent) level
        where l.volume_id is null or not l.is_current or l.sampled_at < args.hour
           or l.told_percent <> level.percent
           or (l.used_bytes, l.used_inodes, l.method, l.size_bytes, l.volume_name, l.labels)
              is distinct from (s.bytes, s.inodes, s.method, s.size_bytes, s.name, s.labels)),
      samples as (
        insert into usage_sample (volume_id, sampled_at, used_bytes, used_inodes, size_bytes, method)
        select n.id, args.at, n.bytes, n.inodes, n.size_bytes, n.method from news n cross join args
        on conflict do nothing),
      latest as (
        insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider,
                                  size_bytes, used_bytes, used_inodes, method, sampled_at, is_current,
                                  told_percent)
        select n.id, args.node, n.owner, n.name, n.labels, n.type, n.provider,
               n.size_bytes, n.bytes, n.inodes, n.method, args.at, true, n.percent
        from news n cross join args
        on conflict (volume_id) do update set
          volume_name = excluded.volume_name, labels = excluded.labels, size_bytes = excluded.size_bytes,
          used_bytes = excluded.used_bytes, used_inodes = excluded.used_inodes, method = excluded.method,
          sampled_at = excluded.sampled_at, is_current = true, told_percent = excluded.told_percent),
      told as (
        insert into volume_event_pending (node_id, kind, volume_id, volume_name, owner, reason)
        select args.node, case n.percent when 95 then 'FULL' else 'FILLING' end, n.id, n.name, n.owner,
               'used ' || size_text(n.bytes) || ' of ' || size_text(n.size_bytes)
        from news n cross join args
        where n.percent > n.told),
      unread as (
        update usage_latest l set is_current = false from args
        where l.node_id = args.node and l.is_current
          and not exists (select from seen s where s.id = l.volume_id)),
      writers as (
        select w.*, count(*) over (partition by volume_id) as many
        from (select a.volume_id, a.job_id, a.job_name from attachment a, args
              where a.node_id = args.node and not a.read_only and a.attached_at is not null
              union
              select h.volume_id, h.job_id, h.job_name from attachment_history h, args
              where h.node_id = args.node and not h.read_only and h.detached_at > args.previous) w),
      jobs as (
        insert into usage_job as j (job_id, volume_id, node_id, job_name, volume_name, owner,
                                    alone_bytes, shared_bytes, first_at, last_at)
        select w.job_id, n.id, args.node, w.job_name, n.name, n.owner,
               case when w.many = 1 then n.bytes - coalesce(n.before, 0) else 0 end,
               case when w.many > 1 then n.bytes - coalesce(n.before, 0) else 0 end, args.at, args.at
        from news n join writers w on w.volume_id = n.id cross join args
        where n.bytes > coalesce(n.before, 0) and (n.before is not null or n.created_at > args.previous)
        on conflict (job_id, volume_id) do update set
          alone_bytes = j.alone_bytes + excluded.alone_bytes,
          shared_bytes = j.shared_bytes + excluded.shared_bytes,
          last_at = excluded.last_at)
      insert into pool_sample (node_id, sampled_at, pool_size_bytes, pool_free_bytes, allocated_bytes,
                               memory_budget_bytes, memory_allocated_bytes, volumes, stored)
      select args.node, args.at, ?, ?, ?, ?, ?, (select count(*) from seen), (select count(*) from news)
      from args
      on conflict do nothing\
      """;

  private SampleSql() {}
}
