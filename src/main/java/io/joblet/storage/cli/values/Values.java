package io.joblet.storage.cli.values;

import io.joblet.storage.cli.output.Format;
import io.joblet.storage.config.Size;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How option values are read: each by its own type, whose reason for refusing is what is shown. */
public final class Values {
  private Values() {}

  /** Tells the command line and all its subcommands. */
  public static void register(CommandLine line) {
    line.registerConverter(Path.class, Values::path);
    line.registerConverter(Size.class, Values::size);
    line.registerConverter(Label.class, Label::of);
    line.registerConverter(Span.class, Span::of);
    line.registerConverter(IdleTimeout.class, IdleTimeout::of);
    line.registerConverter(Mode.class, Mode::of);
    line.registerConverter(Id.class, Id::of);
    line.registerConverter(Limit.class, Limit::of);
    line.registerConverter(CountLimit.class, CountLimit::of);
    line.registerConverter(Port.class, Port::of);
    line.registerConverter(Day.class, Day::of);
    line.registerConverter(Count.class, Count::of);
    line.registerConverter(EventPosition.class, EventPosition::of);
    line.registerConverter(RowVersion.class, RowVersion::of);
    line.registerConverter(Mount.class, Mount::of);
    line.registerConverter(Variable.class, Variable::of);
    line.registerConverter(JobUser.class, JobUser::of);
    line.registerConverter(Root.class, Root::of);
    line.registerConverter(Bytes.class, Bytes::of);
    line.registerConverter(Grace.class, Grace::of);
    line.registerConverter(SignalName.class, SignalName::of);
    line.registerConverter(Inside.class, Inside::of);
    line.registerConverter(LogStream.class, new Choice<>(LogStream.class));
    line.registerConverter(Net.class, new Choice<>(Net.class));
    line.registerConverter(Kind.class, new Choice<>(Kind.class));
    line.registerConverter(Access.class, new Choice<>(Access.class));
    line.registerConverter(Format.class, new Choice<>(Format.class));
  }

  /**
   * An empty one would be the working directory, such as where a variable in a script has no value.
   */
  static Path path(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("must not be empty");
    }
    return Path.of(text);
  }

  static Size size(String text) {
    try {
      return Size.of(text);
    } catch (IllegalArgumentException refused) {
      throw new TypeConversionException(refused.getMessage());
    }
  }
}
