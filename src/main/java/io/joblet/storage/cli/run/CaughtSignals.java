package io.joblet.storage.cli.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Takes over what this process is sent to end it or to tell the command something, signal(7). QUIT
 * is not among them: the JVM keeps it for its thread dump. What was ignored before, as HUP below
 * nohup(1), stays ignored. Each signal is handed on by a thread of its own.
 *
 * <p>The JDK's one way to catch a signal is sun.misc.Signal of the module jdk.unsupported. It is
 * called by reflection since javac warns of every mention of it and takes no word that it is meant.
 */
final class CaughtSignals implements AutoCloseable {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP", "USR1", "USR2");

  private final Map<Object, Object> former = new LinkedHashMap<>();
  private final Class<?> handlerType;
  private final Method handle;
  private final Method number;

  /** Begins. */
  CaughtSignals(IntConsumer receiver) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      handlerType = Class.forName("sun.misc.SignalHandler");
      handle = type.getMethod("handle", type, handlerType);
      number = type.getMethod("getNumber");
      Object ignored = handlerType.getField("SIG_IGN").get(null);
      Object handler = handler(receiver);
      for (String name : NAMES) {
        Object signal = type.getConstructor(String.class).newInstance(name);
        Object before = handle.invoke(null, signal, handler);
        former.put(signal, before);
        if (before == ignored) {
          handle.invoke(null, signal, before);
        }
      }
    } catch (ReflectiveOperationException unknown) {
      throw new IllegalStateException("this Java cannot catch signals", unknown);
    }
  }

  private Object handler(IntConsumer receiver) {
    return Proxy.newProxyInstance(
        handlerType.getClassLoader(),
        new Class<?>[] {handlerType},
        (self, method, arguments) -> {
          // The other methods are those of Object, which nobody calls with a signal.
          if (method.getName().equals("handle")) {
            receiver.accept((int) number.invoke(arguments[0]));
          }
          return null;
        });
  }

  /** Puts back what there was before. */
  @Override
  public void close() {
    former.forEach((signal, before) -> {
      try {
        handle.invoke(null, signal, before);
      } catch (IllegalAccessException | InvocationTargetException failed) {
        throw new IllegalStateException("cannot give " + signal + " back", failed);
      }
    });
  }
}
