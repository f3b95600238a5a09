package io.joblet.storage.broken.reconcile;

import jakarta.persistence.EntityManager;

/** Breaks nothing: rows are read here. */
public final class ReadsRows {
  EntityManager rows;
}
