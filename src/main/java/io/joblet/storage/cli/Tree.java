package io.joblet.storage.cli;

import io.joblet.storage.cli.admin.AdminGroup;
import io.joblet.storage.cli.job.JobGroup;
import io.joblet.storage.cli.owner.OwnerGroup;
import io.joblet.storage.cli.report.ReportGroup;
import io.joblet.storage.cli.run.RunJob;
import io.joblet.storage.cli.token.TokenGroup;
import io.joblet.storage.cli.volume.VolumeGroup;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * The tree of commands. Picocli reads the annotations of every command it is given, which takes
 * longer than to carry one out, so a line that names a command plainly gets a tree of that command
 * alone. Any other line, be it a typing error, a group's help or an alias, gets the whole one.
 */
final class Tree {
  private record Branch(Class<?> type, Map<String, Class<?>> leaves) {}

  private Tree() {}

  static CommandLine grow(Object root, String[] arguments, IFactory factory) {
    Map<String, Branch> branches = branches();
    Branch named = arguments.length < 2 ? null : branches.get(arguments[0]);
    Class<?> leaf = named == null ? null : named.leaves.get(arguments[1]);
    CommandLine line = new CommandLine(root, factory);
    if (named != null && named.type == RunJob.class) {
      add(line, factory, arguments[0], named);
    } else if (leaf != null) {
      add(line, factory, arguments[0], new Branch(named.type, Map.of(arguments[1], leaf)));
    } else {
      branches.forEach((name, branch) -> add(line, factory, name, branch));
    }
    return line;
  }

  private static void add(CommandLine line, IFactory factory, String name, Branch branch) {
    line.addSubcommand(name, new CommandLine(branch.type, factory));
    CommandLine group = line.getSubcommands().get(name);
    branch.leaves.forEach(
        (leaf, type) -> group.addSubcommand(leaf, new CommandLine(type, factory)));
  }

  private static Map<String, Branch> branches() {
    Map<String, Branch> branches = new LinkedHashMap<>();
    branches.put("run", new Branch(RunJob.class, Map.of()));
    branches.put("volume", new Branch(VolumeGroup.class, VolumeGroup.commands()));
    branches.put("job", new Branch(JobGroup.class, JobGroup.commands()));
    branches.put("report", new Branch(ReportGroup.class, ReportGroup.commands()));
    branches.put("owner", new Branch(OwnerGroup.class, OwnerGroup.commands()));
    branches.put("token", new Branch(TokenGroup.class, TokenGroup.commands()));
    branches.put("admin", new Branch(AdminGroup.class, AdminGroup.commands()));
    branches.put("completion", new Branch(Completion.class, Map.of()));
    return branches;
  }
}
