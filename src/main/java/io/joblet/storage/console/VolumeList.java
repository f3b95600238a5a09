package io.joblet.storage.console;

import java.util.List;

/**
 * A page of volumes.
 *
 * @param ofAll whether those of all owners are shown, with their owners
 * @param here path and query of this page, by which it is loaded again
 * @param more of the next page; empty if there is none
 */
public record VolumeList(
    List<VolumeLine> volumes,
    boolean ofAll,
    boolean trash,
    boolean mayCreate,
    String here,
    String more) {}
