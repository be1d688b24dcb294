// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A strict reader of transport streams, for tests: it fails on a wrong sync byte, length or continuity counter. */
public final class TsReader {
    /** One packet's facts; times at 90 kHz, -1 where there is none. */
    public record Packet(
            int pid, boolean unitStart, boolean randomAccess, boolean discontinuity, long pcr, long pts, long dts) {}

    private final Map<Integer, Integer> counters = new HashMap<>();

    /** Reads whole packets to the end; counters go on from call to call. */
    public List<Packet> read(ByteBuf in) {
        List<Packet> packets = new ArrayList<>();
        if (in.readableBytes() % 188 != 0) {
            throw new AssertionError("not whole packets: " + in.readableBytes());
        }
        for (int at = in.readerIndex(); at < in.writerIndex(); at += 188) {
            packets.add(packet(in, at));
        }
        return packets;
    }

    private Packet packet(ByteBuf in, int at) {
        if (in.getByte(at) != 0x47) {
            throw new AssertionError("no sync byte at " + at);
        }
        int second = in.getUnsignedShort(at + 1);
        int pid = second & 0x1FFF;
        boolean unitStart = (second & 0x4000) != 0;
        int control = (in.getByte(at + 3) >> 4) & 3;
        int counter = in.getByte(at + 3) & 15;
        boolean payload = (control & 1) != 0;
        Integer before = counters.get(pid);
        if (payload) {
            if (before != null && counter != ((before + 1) & 15)) {
                throw new AssertionError("continuity of PID " + pid + ": " + before + " then " + counter);
            }
            counters.put(pid, counter);
        } else if (before != null && counter != before) {
            throw new AssertionError("a packet without payload counts");
        }
        int start = at + 4;
        int flags = 0;
        long pcr = -1;
        if ((control & 2) != 0) {
            int length = in.getUnsignedByte(start);
            if (length > 0) {
                flags = in.getUnsignedByte(start + 1);
                if ((flags & 0x10) != 0) {
                    pcr = (in.getUnsignedInt(start + 2) << 1) | (in.getUnsignedByte(start + 6) >> 7);
                }
            }
            start += 1 + length;
        }
        if (payload && start >= at + 188) {
            throw new AssertionError("an adaptation field that leaves no payload");
        }
        long pts = -1;
        long dts = -1;
        if (unitStart && pid >= 0x100 && pid < 0x1000) {
            if (in.getUnsignedMedium(start) != 1) {
                throw new AssertionError("no PES start code");
            }
            int stamps = in.getUnsignedByte(start + 7) >> 6;
            pts = stamp(in, start + 9);
            dts = stamps == 3 ? stamp(in, start + 14) : pts;
        }
        return new Packet(pid, unitStart, (flags & 0x40) != 0, (flags & 0x80) != 0, pcr, pts, dts);
    }

    private static long stamp(ByteBuf in, int at) {
        return ((long) (in.getByte(at) >> 1 & 7) << 30)
                | ((long) (in.getUnsignedShort(at + 1) >> 1) << 15)
                | (in.getUnsignedShort(at + 3) >> 1);
    }
}
