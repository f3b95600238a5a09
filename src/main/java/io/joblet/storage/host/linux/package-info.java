/**
 * The port {@link io.joblet.storage.host.Host} on a real Linux kernel, and the only package that
 * knows JNA.
 *
 * <p>{@link io.joblet.storage.host.linux.LinuxHost} opens the roots and hands each operation to the
 * class that is about it. Below the roots everything goes by descriptor: a {@code Place} is a name
 * in a directory that is held open, reached by openat2(2). {@code Libc} is the native leaf, {@code
 * Syscalls}, {@code MountCalls} and {@code BtrfsCalls} give it types; a refusal of the kernel
 * travels as {@code KernelRefusal} and becomes a {@code HostException} in one place.
 */
package io.joblet.storage.host.linux;
