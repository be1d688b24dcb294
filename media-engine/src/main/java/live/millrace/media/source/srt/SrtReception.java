// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.srt;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.container.mpegts.TsDemuxer;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.source.SourceProtocol;

/** The media of one call: says first what the program consists of, then what comes of it. Confined to its event loop. */
final class SrtReception implements FrameSink {
    /** Nothing that could be played after so many bytes: it is no transport stream. */
    private static final long MAX_WITHOUT_FRAME = 8L * 1024 * 1024;

    /** So long nothing but codecs that are not carried may come: the picture may begin later than the sound. */
    private static final long UNSUPPORTED = 5_000_000;

    /** Parts that are named. */
    private static final int MAX_NAMED = 8;

    private static final long MEDIA_IDLE = TsDemuxer.IDLE_MILLIS * 1_000L;

    private final SourceProtocol.Listener listener;
    private final String peer;
    private final TsDemuxer demuxer = new TsDemuxer(this);
    private final List<LeftOut> leftOut = new ArrayList<>();
    private boolean described;
    private boolean over;
    private boolean idle = true;
    private boolean hadFrame;
    private long withoutFrame;
    private long lastMedia;
    private long leftOutSince;

    SrtReception(SourceProtocol.Listener listener, String peer) {
        this.listener = listener;
        this.peer = peer;
    }

    /** Takes a payload; borrowed. */
    void take(ByteBuf payload, long now) {
        if (!over) {
            lastMedia = now;
            idle = false;
            withoutFrame += payload.readableBytes();
            demuxer.take(payload);
        }
    }

    /** Hands on a picture behind which nothing comes for a moment. */
    void look(long now) {
        if (!idle && now - lastMedia > MEDIA_IDLE) {
            idle = true;
            demuxer.flush();
        }
        if (leftOutSince == 0 && !leftOut.isEmpty()) {
            leftOutSince = now;
        }
    }

    boolean hadMedia() {
        return lastMedia != 0;
    }

    boolean hadFrame() {
        return hadFrame;
    }

    long lastMedia() {
        return lastMedia;
    }

    boolean isRubbish() {
        return withoutFrame > MAX_WITHOUT_FRAME;
    }

    /** Nothing comes but what cannot be carried; says so to the listener. */
    boolean isUnsupported(long now) {
        if (hadFrame || described || leftOutSince == 0 || now - leftOutSince < UNSUPPORTED) {
            return false;
        }
        describe();
        return true;
    }

    private void describe() {
        if (!described) {
            described = true;
            listener.described(peer, demuxer.carries(true), demuxer.carries(false));
            leftOut.forEach(listener::leftOut);
        }
    }

    @Override
    public void track(Track track) {
        if (!over) {
            describe();
            listener.track(track);
        }
    }

    @Override
    public void frame(MediaFrame frame) {
        if (!over) {
            hadFrame = true;
            withoutFrame = 0;
            listener.frame(frame);
        }
    }

    @Override
    public void repaired(Repair repair) {
        if (!over && described) {
            listener.repaired(repair);
        }
    }

    @Override
    public void leftOut(LeftOut part) {
        if (over || leftOut.size() >= MAX_NAMED || leftOut.contains(part)) {
            return;
        }
        leftOut.add(part);
        if (described) {
            listener.leftOut(part);
        }
    }

    /** Nobody listens any more. */
    void mute() {
        over = true;
    }

    /** Gives back what is held; not while something is taken. */
    void end() {
        over = true;
        demuxer.end();
    }
}
