package io.joblet.storage.host;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A place strictly below a managed root, as a relative path that cannot leave it by its text: no
 * empty component, no {@code .} or {@code ..}, no NUL, at most 255 bytes a component and 4,000 in
 * all. That the way there holds no symlink is proved when it is opened, not here.
 */
public record ManagedPath(ManagedRoot root, String relative) {
  private static final int MAX_COMPONENT_BYTES = 255;
  private static final int MAX_PATH_BYTES = 4000;

  public ManagedPath {
    if (relative.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
      throw new IllegalArgumentException("path is longer than " + MAX_PATH_BYTES + " bytes");
    }
    for (String component : relative.split("/", -1)) {
      checkComponent(component);
    }
  }

  public static ManagedPath of(ManagedRoot root, String relative) {
    return new ManagedPath(root, relative);
  }

  /** The path one level further down; {@code child} may itself have several components. */
  public ManagedPath resolve(String child) {
    return new ManagedPath(root, relative + "/" + child);
  }

  /** The path's own components, outermost first. */
  public List<String> components() {
    return List.of(relative.split("/"));
  }

  /** The last component. */
  public String name() {
    return relative.substring(relative.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return root + ":" + relative;
  }

  private static void checkComponent(String component) {
    if (component.isEmpty()) {
      throw new IllegalArgumentException("path has an empty component");
    }
    if (component.equals(".") || component.equals("..")) {
      throw new IllegalArgumentException("path contains '" + component + "'");
    }
    if (component.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("path contains a NUL character");
    }
    if (component.getBytes(StandardCharsets.UTF_8).length > MAX_COMPONENT_BYTES) {
      throw new IllegalArgumentException(
          "path component is longer than " + MAX_COMPONENT_BYTES + " bytes");
    }
  }
}
