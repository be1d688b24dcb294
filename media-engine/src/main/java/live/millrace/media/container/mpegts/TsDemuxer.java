// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.elementary.ElementaryStreams;
import live.millrace.media.frame.ElementaryTrack;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.time.MpegTime;
import org.jspecify.annotations.Nullable;

/**
 * A transport stream (ISO/IEC 13818-1) to frames: its first program that has pictures or sound. Bytes come in any cuts, in packets of 188, 192
 * or 204 bytes, from any point of the stream. What is broken or lost costs the access unit that it is in, and for pictures those up to
 * the next random access point; it is told as a {@link Repair}, and what is of a codec that is not carried as {@link LeftOut}. Nothing is
 * thrown.
 *
 * <p>Stamps of 33 bits are unwrapped with one epoch for all streams; where they jump, the frames' times jump with them, and who takes
 * them begins a new time line. One instance for each publish session; not thread-safe. Buffers are borrowed. Give it back with {@link #end}.
 */
public final class TsDemuxer {
    /** When to call {@link #flush}. */
    public static final int IDLE_MILLIS = 100;

    private static final int PAT = 0;
    private static final int NULL_PACKETS = 0x1FFF;
    private static final int MAX_PROGRAMS = 16;

    /** PAT sections: from table_id to last_section_number. */
    private static final int PAT_HEADER = 8;

    /** A program whose map came so often is taken, though one before it in the table never showed its own. */
    private static final int TAKEN_AFTER = 2;

    private final FrameSink sink;
    private final TsPacketReader packets = new TsPacketReader(new Taking());
    private final SectionReader pat = new SectionReader(new PatSections());
    private final TsServices services = new TsServices();
    private final MpegTime clock = new MpegTime();

    private final List<TsProgram> programs = new ArrayList<>();
    private final List<PesReader> streams = new ArrayList<>();
    private final List<Integer> trackIds = new ArrayList<>();
    private @Nullable TsProgram playing;
    private @Nullable List<TsProgram.Stream> built;
    private boolean scrambled;
    private boolean ended;

    /** Of every codec that the engine carries. */
    public TsDemuxer(FrameSink sink) {
        this.sink = sink;
    }

    /** Takes bytes of the stream to the end of the buffer. */
    public void take(ByteBuf borrowed) {
        if (ended) {
            borrowed.skipBytes(borrowed.readableBytes());
        } else {
            packets.take(borrowed);
        }
    }

    /** Whether it looks like a transport stream so far. */
    public boolean isLocked() {
        return packets.isLocked();
    }

    /** Who made it, as it says itself, at most 64 printable characters; empty while it does not. Most programs name their library. */
    public Optional<String> maker() {
        return services.name();
    }

    /** Whether the program that plays has pictures, or sound, that can be carried: as far as its map was read. */
    public boolean carries(boolean video) {
        return streams.stream().anyMatch(stream -> stream.video() == video);
    }

    /**
     * Nothing came for {@link #IDLE_MILLIS}: pictures whose packets look whole are handed over, though only the next packet could tell.
     */
    public void flush() {
        for (int i = 0; i < streams.size(); i++) {
            streams.get(i).flush();
        }
    }

    /** The stream is over: hands over what is whole, and gives back the rest; what still comes is passed over. Idempotent. */
    public void end() {
        ended = true;
        endStreams();
    }

    private void endStreams() {
        List<PesReader> ended = List.copyOf(streams);
        streams.clear();
        trackIds.clear();
        ended.forEach(PesReader::end);
    }

    private final class Taking implements TsPacketReader.Packets {
        @Override
        public void packet(ByteBuf bytes, int at) {
            if (!ended) {
                one(bytes, at);
            }
        }

        @Override
        public void noPackets() {
            sink.repaired(Repair.MALFORMED_TAG);
            pat.lost();
            programs.forEach(program -> program.sections.lost());
            streams.forEach(PesReader::lost);
        }
    }

    private final class PatSections implements SectionReader.Sections {
        @Override
        public void section(ByteBuf section) {
            programTable(section);
        }

        @Override
        public void broken() {
            sink.repaired(Repair.MALFORMED_TAG);
        }
    }

    /** §2.4.3.2 */
    private void one(ByteBuf bytes, int at) {
        int second = bytes.getUnsignedByte(at + 1);
        int pid = (second & 0x1F) << 8 | bytes.getUnsignedByte(at + 2);
        if (pid == NULL_PACKETS) {
            return;
        }
        if ((second & 0x80) != 0) { // transport_error_indicator
            sink.repaired(Repair.PACKETS_LOST);
            return; // its counter tells that it is missing
        }
        boolean unitStart = (second & 0x40) != 0;
        int fourth = bytes.getUnsignedByte(at + 3);
        if ((fourth & 0x10) == 0) {
            return; // no payload, and the counter stands still
        }
        int from = at + 4;
        int end = at + TsPacketWriter.PACKET;
        boolean discontinuity = false;
        boolean filled = false;
        if ((fourth & 0x20) != 0) {
            int length = bytes.getUnsignedByte(from);
            if (length > 0) {
                int flags = bytes.getUnsignedByte(from + 1);
                discontinuity = (flags & 0x80) != 0;
                filled = length > 1 + ((flags & 0x10) != 0 ? 6 : 0) && (flags & 0x0F) == 0;
            } else {
                filled = true;
            }
            from += 1 + length;
            if (from >= end) {
                return;
            }
        }
        PesReader stream = stream(pid);
        if (stream != null) {
            if ((fourth & 0xC0) != 0) {
                encrypted(stream);
                return;
            }
            switch (stream.follow(bytes, at, fourth & 15, discontinuity)) {
                case DUPLICATE -> {
                    return;
                }
                case GAP -> {
                    sink.repaired(Repair.PACKETS_LOST);
                    stream.lost();
                }
                case CONTINUES -> {
                    // the usual case
                }
            }
            stream.payload(unitStart, filled, bytes.slice(from, end - from));
        } else if (pid == TsServices.PID) {
            services.payload(unitStart, bytes.slice(from, end - from));
        } else if (pid == PAT) {
            pat.payload(unitStart, bytes.slice(from, end - from));
        } else {
            TsProgram program = mapped(pid);
            if (program != null) {
                program.sections.payload(unitStart, bytes.slice(from, end - from));
            }
        }
    }

    private @Nullable PesReader stream(int pid) {
        for (int i = 0; i < streams.size(); i++) {
            PesReader each = streams.get(i);
            if (each.pid() == pid) {
                return each;
            }
        }
        return null;
    }

    private @Nullable TsProgram mapped(int pid) {
        for (int i = 0; i < programs.size(); i++) {
            TsProgram each = programs.get(i);
            if (each.pid() == pid) {
                return each;
            }
        }
        return null;
    }

    private void encrypted(PesReader stream) {
        stream.lost();
        if (!scrambled) {
            scrambled = true;
            sink.leftOut(new LeftOut(stream.video(), "scrambled", LeftOut.Cause.UNSUPPORTED));
        }
    }

    /** §2.4.4.3. The network's own table, program 0, is none of ours. */
    private void programTable(ByteBuf section) {
        int start = section.readerIndex();
        if (section.getUnsignedByte(start) != 0 || (section.getByte(start + 5) & 1) == 0) {
            return;
        }
        ByteBuf in = section.slice();
        in.skipBytes(PAT_HEADER);
        List<TsProgram> now = new ArrayList<>();
        while (in.readableBytes() >= 4) {
            int number = in.readUnsignedShort();
            int pid = in.readUnsignedShort() & 0x1FFF;
            if (number != 0 && pid != PAT && now.size() < MAX_PROGRAMS) {
                TsProgram known = programs.stream()
                        .filter(each -> each.number() == number && each.pid() == pid)
                        .findFirst()
                        .orElse(null);
                now.add(known == null ? program(number, pid) : known);
            }
        }
        if (now.isEmpty() || now.equals(programs)) {
            return;
        }
        // A table of several sections adds up; one of a single section tells all.
        boolean whole = section.getByte(start + 7) == 0;
        if (!whole) {
            for (TsProgram each : programs) {
                if (now.size() < MAX_PROGRAMS && now.stream().noneMatch(other -> other.number() == each.number())) {
                    now.add(each);
                }
            }
            now.sort(Comparator.comparingInt(TsProgram::number));
        }
        programs.clear();
        programs.addAll(now);
        if (playing != null && !programs.contains(playing)) {
            playing = null;
            built = null;
            endStreams();
        }
    }

    private TsProgram program(int number, int pid) {
        return new TsProgram(number, pid, new SectionReader.Sections() {
            @Override
            public void section(ByteBuf section) {
                programMap(pid, section);
            }

            @Override
            public void broken() {
                sink.repaired(Repair.MALFORMED_TAG);
            }
        });
    }

    private void programMap(int pid, ByteBuf section) {
        for (TsProgram program : List.copyOf(programs)) {
            if (program.pid() == pid) {
                try {
                    program.map(section);
                } catch (MalformedMediaException e) {
                    sink.repaired(Repair.MALFORMED_TAG);
                }
            }
        }
        choose();
        TsProgram chosen = playing;
        if (chosen != null) {
            List<TsProgram.Stream> said = chosen.streams();
            if (said != null && !said.equals(built)) {
                built = said;
                build(said);
            }
        }
    }

    /** The first of the table that has something to show. */
    private void choose() {
        if (playing != null) {
            return;
        }
        boolean waiting = false;
        for (TsProgram each : programs) {
            List<TsProgram.Stream> said = each.streams();
            if (said == null) {
                waiting = true;
            } else if (said.stream().anyMatch(this::isCarried) && (!waiting || each.repeated() >= TAKEN_AFTER)) {
                playing = each;
                return;
            }
        }
        if (!waiting && !programs.isEmpty()) {
            playing = programs.getFirst(); // which says at least what is left out
        }
    }

    private boolean isCarried(TsProgram.Stream said) {
        if (find(said, new ElementaryTrack(0, false, sink)) instanceof ElementaryStreams.Found.Carried carried) {
            carried.stream().release();
            return true;
        }
        return false;
    }

    private static ElementaryStreams.@Nullable Found find(TsProgram.Stream said, ElementaryTrack track) {
        try {
            return ElementaryStreams.transport(said.type(), said.descriptors().slice(), track);
        } catch (MalformedMediaException e) {
            return null;
        }
    }

    /** Streams that go on as they were stay; the others end, and new ones begin. */
    private void build(List<TsProgram.Stream> said) {
        List<PesReader> before = List.copyOf(streams);
        List<Integer> idsBefore = List.copyOf(trackIds);
        streams.clear();
        trackIds.clear();
        for (int i = 0; i < before.size(); i++) {
            PesReader old = before.get(i);
            if (said.stream().anyMatch(each -> each.equals(old.said()))) {
                streams.add(old);
                trackIds.add(idsBefore.get(i));
            } else {
                old.end();
            }
        }
        for (TsProgram.Stream each : said) {
            if (stream(each.pid()) == null) {
                add(each);
            }
        }
    }

    private void add(TsProgram.Stream said) {
        // What it is decides on the number, and the number is wanted to find what it is: found first with none.
        switch (find(said, new ElementaryTrack(0, false, sink))) {
            case null -> sink.repaired(Repair.MALFORMED_TAG);
            case ElementaryStreams.Found.Carried carried -> {
                boolean video = carried.stream().video();
                carried.stream().release();
                for (int index = 0; index < Track.MAX_OF_KIND; index++) {
                    int id = video ? Track.video(index) : Track.audio(index);
                    if (!trackIds.contains(id)) {
                        begin(said, new ElementaryTrack(id, video, sink));
                        return;
                    }
                }
            }
            case ElementaryStreams.Found.Unsupported(boolean video, String codec) ->
                sink.leftOut(new LeftOut(video, codec, LeftOut.Cause.UNSUPPORTED));
            case ElementaryStreams.Found.Ignored ignored -> {
                // neither picture nor sound
            }
        }
    }

    private void begin(TsProgram.Stream said, ElementaryTrack track) {
        if (find(said, track) instanceof ElementaryStreams.Found.Carried carried) {
            streams.add(new PesReader(said, carried.stream(), clock));
            trackIds.add(track.id());
        }
    }
}
