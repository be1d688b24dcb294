// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.ingest;

import io.netty.buffer.ByteBuf;
import live.millrace.media.container.mpegts.TsDemuxer;
import live.millrace.media.endpoint.MediaIntake;

/** MPEG-TS. */
final class TransportBody implements Body {
    /** Whoever has sent so much without three packets in a row sends something else. */
    private static final int MAX_UNLOCKED = 64 << 10;

    private final TsDemuxer demuxer;
    private boolean locked;
    private long received;

    TransportBody(MediaIntake media) {
        this.demuxer = new TsDemuxer(media);
    }

    @Override
    public String name() {
        return "MPEG-TS";
    }

    @Override
    public void take(ByteBuf piece) {
        received += piece.readableBytes();
        demuxer.take(piece);
        locked |= demuxer.isLocked();
    }

    @Override
    public boolean plausible() {
        return locked || received <= MAX_UNLOCKED;
    }

    @Override
    public void pause() {
        demuxer.flush();
    }

    @Override
    public void end() {
        demuxer.end();
    }
}
