package io.joblet.storage.owner;

import io.joblet.storage.access.Role;
import java.time.Instant;
import java.util.UUID;

/**
 * What is known of a bearer token, its secret not included.
 *
 * @param expiresAt null: never
 * @param lastUsedAt to the minute; null: never
 */
public record Token(
    UUID id,
    String name,
    String owner,
    Role role,
    Instant createdAt,
    Instant expiresAt,
    Instant lastUsedAt) {}
