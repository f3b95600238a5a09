package io.joblet.storage.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * Which daemons change rows, as PostgreSQL notes it itself: the incarnation that each session names
 * which changes any.
 */
final class Writers {
  private static final String WATCH =
      """
      create table writer (incarnation text not null);
      create function note_writer() returns trigger language plpgsql security definer as $$
      begin
          insert into public.writer values (coalesce(current_setting('joblet.incarnation', true), ''));
          return null;
      end $$;
      do $$
      declare
          one text;
      begin
          for one in select tablename from pg_tables
                     where schemaname = 'public'
                       and tablename not in ('writer', 'flyway_schema_history') loop
              execute format('create trigger writer_is_noted after insert or update or delete'
                             ' on %I for each statement execute function note_writer()', one);
          end loop;
      end $$;
      """;

  private Writers() {}

  /** From now on; the database has its tables. */
  static void watch(Installation installation) throws IOException, SQLException {
    try (Rows rows = Rows.of(installation, "postgres")) {
      rows.update(WATCH);
    }
  }

  /** Those that have changed rows since this was asked last. */
  static List<String> since(Installation installation) throws IOException, SQLException {
    try (Rows rows = Rows.of(installation, "postgres")) {
      List<String> incarnations =
          rows.query("select distinct incarnation from writer").stream()
              .map(row -> row.get("incarnation"))
              .toList();
      rows.update("truncate writer");
      return incarnations;
    }
  }

  /** The one that may change rows now. */
  static String holder(Installation installation) throws IOException, SQLException {
    try (Rows rows = Rows.of(installation, "postgres")) {
      return rows.query("select incarnation from node").getFirst().get("incarnation");
    }
  }
}
