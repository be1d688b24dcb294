// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import java.util.Optional;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.live.Broadcasting;

/** What channels show, as single pictures. Thread-safe. Whom they are for is for those to say who ask. */
public interface Snapshots {
    /** The newest picture of a channel: of this moment while it is on, else the last that was kept. Blocks while one is taken. */
    Optional<Broadcasting.Snapshot> newest(ChannelView channel) throws InterruptedException;
}
