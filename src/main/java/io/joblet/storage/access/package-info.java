/**
 * Who calls, and what that lets them do: roles, the one table of permissions, and how an identity
 * is had from a connection. Every edge asks here; see docs/access.md.
 */
package io.joblet.storage.access;
