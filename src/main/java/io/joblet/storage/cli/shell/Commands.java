package io.joblet.storage.cli.shell;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands and mixins: those with a constructor for it are given the surroundings. */
public record Commands(Surroundings surroundings) implements IFactory {
  @Override
  public <K> K create(Class<K> type) throws Exception {
    Constructor<?>[] constructors = type.getDeclaredConstructors();
    for (Constructor<?> constructor : constructors) {
      if (constructor.getParameterCount() == 1
          && constructor.getParameterTypes()[0] == Surroundings.class) {
        return type.cast(make(constructor));
      }
    }
    return CommandLine.defaultFactory().create(type);
  }

  private Object make(Constructor<?> constructor) throws ReflectiveOperationException {
    constructor.setAccessible(true);
    try {
      return constructor.newInstance(surroundings);
    } catch (InvocationTargetException failed) {
      throw new IllegalStateException(
          "cannot make " + constructor.getDeclaringClass().getName(), failed.getCause());
    }
  }
}
