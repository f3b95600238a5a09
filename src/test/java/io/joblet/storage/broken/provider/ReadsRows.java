package io.joblet.storage.broken.provider;

import jakarta.persistence.EntityManager;

/** Breaks: JPA only in journal, volume, job and reconcile. */
public final class ReadsRows {
  EntityManager rows;
}
