/**
 * The same methods by HTTP and JSON, below {@code /api/v1}. One table, {@link
 * io.joblet.storage.rest.Routes}, says which path is which method; requests are read into the
 * methods' messages and answers written from them, so that both edges check, do and refuse the same
 * (docs/decisions/0021).
 */
package io.joblet.storage.rest;
