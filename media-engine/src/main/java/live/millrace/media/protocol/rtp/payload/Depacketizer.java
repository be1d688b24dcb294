// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import org.jspecify.annotations.Nullable;

/**
 * Payloads of one track to frames. Told of each packet in the order in which they were sent, and of those that are lost between them; a
 * lost packet costs its access unit, and where others may refer to that, all up to the next random access point. What a peer breaks is
 * counted as a repair and costs no more.
 *
 * <p>One instance for each track, used on one thread; {@link #release} ends its life.
 */
public abstract class Depacketizer {
    /** An access unit that is put together from packets; a picture of 4K at its best has 2 MiB. Beyond it, the access unit is dropped. */
    static final int MAX_ACCESS_UNIT = 8 << 20;

    private final int trackId;
    private final boolean video;
    private final FrameSink sink;
    private @Nullable Track track;
    private boolean unsupported;

    Depacketizer(int trackId, boolean video, FrameSink sink) {
        this.trackId = trackId;
        this.video = video;
        this.sink = sink;
    }

    /**
     * Takes the next packet.
     *
     * @param packet borrowed
     * @param time of its media, in units of the payload format's clock, which never wraps here
     */
    public final void packet(RtpPacket packet, long time) {
        // Some send empty packets to keep a way through a router open.
        if (unsupported || !packet.payload().isReadable()) {
            return;
        }
        try {
            read(packet, time);
        } catch (MalformedMediaException | IndexOutOfBoundsException e) {
            sink.repaired(Repair.MALFORMED_TAG);
            lost();
        } catch (UnsupportedMediaException e) {
            unsupported = true;
            release();
            sink.leftOut(new LeftOut(video, String.valueOf(e.getMessage()), LeftOut.Cause.UNSUPPORTED));
        }
    }

    /** Packets between the last one and the next are lost. */
    public abstract void lost();

    /** Lets go of what is unfinished. */
    public void release() {
        lost();
    }

    /**
     * Reads a packet.
     *
     * @throws MalformedMediaException if it breaks its payload format; so does an {@link IndexOutOfBoundsException}
     * @throws UnsupportedMediaException if nothing of the track can be carried
     */
    abstract void read(RtpPacket packet, long time);

    /** The track in a format; announced when it is new. */
    final Track announced(TrackFormat format) {
        Track before = track;
        if (before != null && before.format().equals(format)) {
            return before;
        }
        Track now = new Track(trackId, format);
        track = now;
        sink.track(now);
        return now;
    }

    /** Hands over a frame; its payload is borrowed. */
    final void frame(Track of, long decodeTime, int compositionTimeOffset, boolean randomAccessPoint, ByteBuf payload) {
        try {
            sink.frame(new MediaFrame(of, decodeTime, compositionTimeOffset, randomAccessPoint, payload));
        } catch (MalformedMediaException | IndexOutOfBoundsException e) {
            throw new IllegalStateException("a frame that its sink could not take", e); // no mistake of the peer's
        }
    }

    final void repaired(Repair repair) {
        sink.repaired(repair);
    }

    /** Appends to an access unit in the making. */
    static void append(ByteBuf accessUnit, ByteBuf bytes) {
        if (accessUnit.readableBytes() + bytes.readableBytes() > MAX_ACCESS_UNIT) {
            throw new MalformedMediaException("an access unit of more than " + MAX_ACCESS_UNIT + " bytes");
        }
        accessUnit.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    }
}
