package io.joblet.storage.simulation;

import io.quarkus.arc.Arc;
import io.quarkus.arc.InstanceHandle;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The objects of one life of the daemon, each made once by its constructor as the container would;
 * the container itself has only one life. Which classes stand for an interface is asked of it.
 */
final class Graph {
  private static final Map<Class<?>, Constructor<?>> CONSTRUCTORS = new ConcurrentHashMap<>();
  private static final Map<Class<?>, List<Class<?>>> BEANS = new ConcurrentHashMap<>();

  private final Map<Class<?>, Object> made = new HashMap<>();

  <T> void put(Class<? super T> type, T instance) {
    made.put(type, instance);
  }

  <T> T get(Class<T> type) {
    Object known = made.get(type);
    if (known == null) {
      known = make(type);
      made.put(type, known);
    }
    return type.cast(known);
  }

  private Object make(Class<?> type) {
    Constructor<?> constructor = CONSTRUCTORS.computeIfAbsent(type, Graph::constructor);
    Type[] wanted = constructor.getGenericParameterTypes();
    Object[] arguments = new Object[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      arguments[i] =
          wanted[i] instanceof ParameterizedType many
              ? several((Class<?>) many.getRawType(), (Class<?>) many.getActualTypeArguments()[0])
              : get((Class<?>) wanted[i]);
    }
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException | InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }

  /** Not the one without arguments, which the container adds for its proxies. */
  private static Constructor<?> constructor(Class<?> type) {
    Constructor<?> longest =
        Arrays.stream(type.getDeclaredConstructors())
            .max(Comparator.comparing(Constructor::getParameterCount))
            .orElseThrow(() -> new IllegalStateException(type + " cannot be made"));
    longest.setAccessible(true);
    return longest;
  }

  private Object several(Class<?> container, Class<?> type) {
    List<Class<?>> classes = BEANS.computeIfAbsent(type, Graph::beans);
    if (container == List.class) {
      return classes.stream().map(this::get).toList();
    }
    if (container == Instance.class) {
      return Proxy.newProxyInstance(
          Instance.class.getClassLoader(), new Class<?>[] {Instance.class}, later(classes));
    }
    throw new IllegalStateException("nobody knows how to make a " + container);
  }

  /** In a circle of objects, one has to be made when it is first asked for. */
  private InvocationHandler later(List<Class<?>> classes) {
    return (proxy, method, arguments) -> {
      if (method.getName().equals("iterator")) {
        Iterator<?> all = classes.stream().map(this::get).iterator();
        return all;
      }
      if (method.getName().equals("stream")) {
        return classes.stream().map(this::get);
      }
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    };
  }

  private static List<Class<?>> beans(Class<?> type) {
    return Arc.container().listAll(type).stream()
        .<Class<?>>map((InstanceHandle<?> handle) -> handle.getBean().getBeanClass())
        .toList();
  }
}
