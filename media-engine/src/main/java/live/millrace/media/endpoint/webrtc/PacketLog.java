// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import live.millrace.media.bytes.Releasing;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one stream in the order in which they go out, in clear and for all viewers: those since the last random access point, with
 * which a viewer begins, and at least {@value #HISTORY} for those who lost some. Each has a place, which counts from 0. Confined to the
 * event loop of the port.
 */
final class PacketLog {
    /** A second or two of video; what is older comes too late (and is not given up at a key frame, which may be what is missing). */
    static final int HISTORY = 1_024;

    /** Beyond these nobody begins before the next random access point. */
    static final int MAX_PACKETS = 16_384;

    static final long MAX_BYTES = 16L << 20;

    /** No place. */
    static final long NONE = -1;

    private static final int FIRST_CAPACITY = 64;
    private static final int SEQUENCE_AT = 2;

    /** Rings by the place; their length is a power of two. */
    private @Nullable ByteBuf[] packets = new @Nullable ByteBuf[FIRST_CAPACITY];

    private boolean[] pictures = new boolean[FIRST_CAPACITY];
    private boolean[] starts = new boolean[FIRST_CAPACITY];

    /** Places by the last bits of the sequence number, of sound and of pictures. */
    private final long[][] places = new long[2][2 * HISTORY];

    private long first;
    private long end;
    private long join = NONE;
    private long bytes;

    PacketLog() {
        for (long[] each : places) {
            Arrays.fill(each, NONE);
        }
    }

    /** The place of the oldest packet. */
    long first() {
        return first;
    }

    /** The place of the next one. */
    long end() {
        return end;
    }

    /** Where a viewer begins; {@link #NONE} when there is no random access point. */
    long join() {
        return join;
    }

    ByteBuf packet(long place) {
        ByteBuf found = packets[slot(place)];
        if (found == null) {
            throw new IllegalArgumentException("no packet is at " + place);
        }
        return found;
    }

    boolean isPicture(long place) {
        return pictures[slot(place)];
    }

    /** Whether decoding may start here. */
    boolean isStart(long place) {
        return starts[slot(place)];
    }

    static int sequenceNumber(ByteBuf packet) {
        return packet.getUnsignedShort(packet.readerIndex() + SEQUENCE_AT);
    }

    private int slot(long place) {
        return (int) place & (packets.length - 1);
    }

    /**
     * Adds a packet.
     *
     * @param packet taken over
     * @param picture of pictures, else of sound
     * @param start the first of a random access point of pictures
     */
    void add(ByteBuf packet, boolean picture, boolean start) {
        if (end - first == packets.length) {
            grow();
        }
        long place = end++;
        int slot = slot(place);
        packets[slot] = packet;
        pictures[slot] = picture;
        starts[slot] = start;
        bytes += packet.readableBytes();
        long[] of = places[picture ? 1 : 0];
        of[sequenceNumber(packet) & (of.length - 1)] = place;
        if (start) {
            join = place;
        }
        if (end - first > MAX_PACKETS || bytes > MAX_BYTES) {
            join = NONE;
        }
        trim();
    }

    private void trim() {
        long kept = join == NONE ? end : join;
        while (end - first > HISTORY && first < kept) {
            int slot = slot(first++);
            ByteBuf old = packets[slot];
            packets[slot] = null;
            if (old != null) {
                bytes -= old.readableBytes();
                old.release();
            }
        }
    }

    private void grow() {
        int before = packets.length;
        @Nullable ByteBuf[] more = new @Nullable ByteBuf[2 * before];
        boolean[] morePictures = new boolean[2 * before];
        boolean[] moreStarts = new boolean[2 * before];
        for (long place = first; place < end; place++) {
            int to = (int) place & (2 * before - 1);
            more[to] = packets[slot(place)];
            morePictures[to] = pictures[slot(place)];
            moreStarts[to] = starts[slot(place)];
        }
        packets = more;
        pictures = morePictures;
        starts = moreStarts;
    }

    /** The place of a packet by its sequence number; {@link #NONE} if it is not kept. */
    long find(boolean picture, int sequenceNumber) {
        long[] of = places[picture ? 1 : 0];
        long place = of[sequenceNumber & (of.length - 1)];
        return place >= first && sequenceNumber(packet(place)) == sequenceNumber ? place : NONE;
    }

    /** What comes next does not follow from what came: nobody begins before the next random access point. */
    void closeJoin() {
        join = NONE;
        trim();
    }

    /** Lets go of all. */
    void release() {
        List<ByteBuf> all = new ArrayList<>();
        for (long place = first; place < end; place++) {
            all.add(packet(place));
        }
        Arrays.fill(packets, null);
        first = end;
        join = NONE;
        bytes = 0;
        Releasing.all(all);
    }
}
