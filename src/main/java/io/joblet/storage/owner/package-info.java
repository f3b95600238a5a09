/** Owners: how much each may have and has, and the tokens by which they are known. */
package io.joblet.storage.owner;
