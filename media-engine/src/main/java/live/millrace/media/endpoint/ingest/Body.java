// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.ingest;

import io.netty.buffer.ByteBuf;
import live.millrace.media.endpoint.MediaIntake;

/** A container whose bytes come in any cuts. Confined to the session's event loop. */
interface Body {
    /** Makes one for a session. */
    @FunctionalInterface
    interface Maker {
        Body of(MediaIntake media);
    }

    /** What it is called when it is something else. */
    String name();

    /**
     * Takes bytes.
     *
     * @param piece borrowed
     * @throws live.millrace.media.codec.MalformedMediaException if nothing behind them can be read
     */
    void take(ByteBuf piece);

    /** Whether what came so far can be such a container, or is too little to tell. */
    boolean plausible();

    /** Whether it surely is one. */
    boolean recognised();

    /** Nothing came for {@link live.millrace.media.container.mpegts.TsDemuxer#IDLE_MILLIS}. */
    default void pause() {}

    /** Nothing comes any more: hands over what is whole, and gives back the rest. Idempotent. */
    default void end() {}
}
