package io.joblet.storage.volume;

import io.joblet.storage.host.IoLimits;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** {@link IoLimits} as columns; 0 means no limit. */
@Embeddable
public class IoLimitColumns {
  @Column(name = "read_bps", updatable = false)
  public long readBps;

  @Column(name = "write_bps", updatable = false)
  public long writeBps;

  @Column(name = "read_iops", updatable = false)
  public long readIops;

  @Column(name = "write_iops", updatable = false)
  public long writeIops;

  /** No limit at all. */
  public static IoLimitColumns none() {
    return new IoLimitColumns();
  }

  /**
   * Bytes and operations in a second.
   *
   * @throws IllegalArgumentException for what the kernel would not keep as it is
   */
  public static IoLimitColumns of(long readBps, long writeBps, long readIops, long writeIops) {
    IoLimits checked = new IoLimits(readBps, writeBps, readIops, writeIops);
    IoLimitColumns columns = new IoLimitColumns();
    columns.readBps = checked.readBps();
    columns.writeBps = checked.writeBps();
    columns.readIops = checked.readIops();
    columns.writeIops = checked.writeIops();
    return columns;
  }

  public IoLimits limits() {
    return new IoLimits(readBps, writeBps, readIops, writeIops);
  }
}
