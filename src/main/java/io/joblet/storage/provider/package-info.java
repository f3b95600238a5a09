/** One backend per class; the contract is {@link io.joblet.storage.volume.StorageProvider}. */
package io.joblet.storage.provider;
