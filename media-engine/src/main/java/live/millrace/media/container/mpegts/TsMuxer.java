// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import live.millrace.media.bytes.Crc32Mpeg;
import live.millrace.media.codec.StreamType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.TransportCoding;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/**
 * Frames of one program to a transport stream (ISO/IEC 13818-1), of the tracks whose format has a {@link TransportCoding}.
 * PAT and PMT come at each {@link #startSegment} and twice a second; the clock reference at least every 100 ms.
 *
 * <p>One instance for the life of a playlist: continuity counters run on. Not thread-safe.
 */
public final class TsMuxer {
    private static final int PMT_PID = 0x1000;
    private static final int VIDEO_PID = 0x100;
    private static final int AUDIO_PID = 0x101;
    private static final int PROGRAM = 1;

    /** TR 101 290 1.3 and 1.5: each table at least every 500 ms; one frame of room. */
    private static final long TABLE_INTERVAL = 400L * 90;

    /** TR 101 290 2.3: at least every 100 ms. */
    private static final long PCR_INTERVAL = 80L * 90;

    /** A gap longer than this is a pause of the encoder, and not filled with clock references. */
    private static final long MAX_FILLED_GAP = 2_000L * 90;

    /** Decode times start here, so that neither reordering nor the clock's lead reaches below zero. */
    private static final long BASE = 10L * Timescale.MPEG;

    /** The clock runs behind decode times by this much: a decoder gets each access unit before it needs it. */
    private static final long PCR_LEAD = Timescale.MPEG / 2;

    /** Tag of the registration descriptor (§2.6.8). */
    private static final int REGISTRATION = 0x05;

    /** version_number has five bits. */
    private static final int VERSIONS = 31;

    private final ByteBufAllocator alloc;
    private final TsPacketWriter pat = new TsPacketWriter(0);
    private final TsPacketWriter pmt = new TsPacketWriter(PMT_PID);
    private final TsPacketWriter videoPackets = new TsPacketWriter(VIDEO_PID);
    private final TsPacketWriter audioPackets = new TsPacketWriter(AUDIO_PID);

    private List<Track> tracks = List.of();
    private boolean hasVideo;

    /** Of the program map: decoders look no further when it stays (§2.4.4.9). */
    private int version;

    private boolean discontinuity;
    private long lastTables;
    private long lastPcr;
    private boolean clockStarted;

    public TsMuxer(ByteBufAllocator alloc) {
        this.alloc = alloc;
    }

    /** Sets what the program consists of, from the next {@link #startSegment} on. */
    public void tracks(List<Track> newTracks) {
        if (!tracks.isEmpty() && !tracks.equals(newTracks)) {
            version = (version + 1) & VERSIONS;
        }
        tracks = List.copyOf(newTracks);
        hasVideo = tracks.stream().anyMatch(Track::isVideo);
    }

    /**
     * Writes the tables that a segment starts with.
     *
     * @param afterDiscontinuity the time line starts anew: the next clock reference says so (§2.4.3.5)
     */
    public void startSegment(boolean afterDiscontinuity, ByteBuf out) {
        if (afterDiscontinuity) {
            discontinuity = true;
            clockStarted = false;
        }
        tables(out);
        lastTables = Long.MIN_VALUE / 2;
    }

    /** Writes one access unit. The frame is borrowed; its track is one of {@link #tracks}. */
    public void write(MediaFrame frame, ByteBuf out) {
        int timescale = frame.track().timescale();
        long decodeTime = BASE + Timescale.convert(frame.decodeTime(), timescale, Timescale.MPEG);
        long presentationTime = BASE + Timescale.convert(frame.presentationTime(), timescale, Timescale.MPEG);
        if (lastTables == Long.MIN_VALUE / 2) {
            lastTables = decodeTime;
        } else if (decodeTime - lastTables >= TABLE_INTERVAL) {
            tables(out);
            lastTables = decodeTime;
        }
        boolean video = frame.track().isVideo();
        boolean carriesClock = video == hasVideo;
        long pcr = clock(decodeTime, carriesClock, out);
        ByteBuf pes = alloc.buffer(frame.payload().readableBytes() + 256);
        try {
            pes(frame, decodeTime, presentationTime, pes);
            boolean mark = carriesClock && discontinuity;
            (video ? videoPackets : audioPackets)
                    .write(pes, frame.randomAccessPoint() && (video || !hasVideo), mark, pcr, out);
            if (mark) {
                discontinuity = false;
            }
        } finally {
            pes.release();
        }
    }

    /** The clock reference for a packet, and packets of their own where the next would come too late. */
    private long clock(long decodeTime, boolean carries, ByteBuf out) {
        long now = decodeTime - PCR_LEAD;
        if (clockStarted && now - lastPcr < MAX_FILLED_GAP) {
            while (now - lastPcr > PCR_INTERVAL) {
                lastPcr += PCR_INTERVAL;
                (hasVideo ? videoPackets : audioPackets).writePcr(Timescale.wrapMpeg(lastPcr), out);
            }
        }
        if (!carries || (clockStarted && now <= lastPcr)) {
            return TsPacketWriter.NO_PCR;
        }
        clockStarted = true;
        lastPcr = now;
        return Timescale.wrapMpeg(now);
    }

    /** §2.4.3.6 */
    private static void pes(MediaFrame frame, long decodeTime, long presentationTime, ByteBuf out) {
        boolean video = frame.track().isVideo();
        boolean twoStamps = decodeTime != presentationTime;
        TransportCoding coding = coding(frame.track());
        out.writeMedium(0x000001).writeByte(coding.streamType().streamId());
        int lengthAt = out.writerIndex();
        out.writeShort(0);
        out.writeByte(0x84); // marker, data_alignment_indicator
        out.writeByte(twoStamps ? 0xC0 : 0x80);
        out.writeByte(twoStamps ? 10 : 5);
        stamp(twoStamps ? 3 : 2, presentationTime, out);
        if (twoStamps) {
            stamp(1, decodeTime, out);
        }
        coding.writeAccessUnit(frame.payload(), frame.randomAccessPoint(), out);
        int length = out.writerIndex() - lengthAt - 2;
        if (!video) {
            out.setShort(lengthAt, length); // 0, "unbounded", is for video alone
        }
    }

    /** §2.4.3.7: 33 bits in three parts, each with a marker. */
    private static void stamp(int prefix, long time, ByteBuf out) {
        long t = Timescale.wrapMpeg(time);
        out.writeByte((int) (prefix << 4 | (t >>> 30) << 1 | 1));
        out.writeShort((int) (((t >>> 15) & 0x7FFF) << 1 | 1));
        out.writeShort((int) ((t & 0x7FFF) << 1 | 1));
    }

    private void tables(ByteBuf out) {
        ByteBuf section = alloc.buffer(TsPacketWriter.PACKET);
        try {
            // §2.4.4.3: program 1 is described on PMT_PID
            int start = sectionStart(0x00, PROGRAM, 0, section);
            section.writeShort(PROGRAM).writeShort(0xE000 | PMT_PID);
            sectionEnd(start, section);
            pat.write(section, false, false, TsPacketWriter.NO_PCR, out);
            section.clear();
            // §2.4.4.8
            start = sectionStart(0x02, PROGRAM, version, section);
            section.writeShort(0xE000 | (hasVideo ? VIDEO_PID : AUDIO_PID)); // PCR_PID
            section.writeShort(0xF000); // no program descriptors
            for (Track track : tracks) {
                TransportCoding coding = coding(track);
                section.writeByte(coding.streamType().code());
                section.writeShort(0xE000 | (track.isVideo() ? VIDEO_PID : AUDIO_PID));
                descriptors(coding, section);
            }
            sectionEnd(start, section);
            pmt.write(section, false, false, TsPacketWriter.NO_PCR, out);
        } finally {
            section.release();
        }
    }

    /** A pointer field and the header common to PAT and PMT. */
    private static int sectionStart(int tableId, int tableIdExtension, int version, ByteBuf out) {
        out.writeByte(0); // pointer_field
        int start = out.writerIndex();
        out.writeByte(tableId).writeShort(0);
        out.writeShort(tableIdExtension).writeByte(0xC1 | version << 1).writeShort(0); // current; section 0 of 0
        return start;
    }

    private static void sectionEnd(int start, ByteBuf out) {
        out.setShort(start + 1, 0xB000 | (out.writerIndex() - start - 3 + 4));
        out.writeInt(Crc32Mpeg.of(out, start, out.writerIndex() - start));
        while (out.readableBytes() < TsPacketWriter.PAYLOAD) {
            out.writeByte(0xFF); // §2.4.4: stuffing behind a section
        }
    }

    /** ES_info_length and descriptors (§2.4.4.8): a registration where the stream type alone says too little. */
    private static void descriptors(TransportCoding coding, ByteBuf out) {
        int lengthAt = out.writerIndex();
        out.writeShort(0);
        StreamType type = coding.streamType();
        if (type.registration().isPresent()) {
            out.writeByte(REGISTRATION).writeByte(4);
            type.registration().get().write(out);
        }
        coding.writeDescriptors(out);
        out.setShort(lengthAt, 0xF000 | (out.writerIndex() - lengthAt - 2));
    }

    /** Whether transport streams have a place for it. */
    public static boolean carries(TrackFormat format) {
        return format.transport() != null;
    }

    private static TransportCoding coding(Track track) {
        TransportCoding coding = track.format().transport();
        if (coding == null) {
            throw new IllegalArgumentException("no place in a transport stream for " + track);
        }
        return coding;
    }
}
