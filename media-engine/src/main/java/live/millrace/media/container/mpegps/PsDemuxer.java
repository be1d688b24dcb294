// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegps;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import live.millrace.media.codec.elementary.ElementaryStream;
import live.millrace.media.codec.elementary.ElementaryStreams;
import live.millrace.media.codec.elementary.PesHeader;
import live.millrace.media.frame.ElementaryTrack;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.time.MpegTime;
import org.jspecify.annotations.Nullable;

/**
 * A program stream (ISO/IEC 13818-1 §2.5) to frames. Bytes come in any cuts, from any point of the stream; behind a loss it goes on with the
 * next pack. What a stream is stands in the program stream map; where that is missing, the stream's first bytes tell. One picture may be
 * many PES packets, of which the first alone has a stamp.
 *
 * <p>Nothing is thrown: what is broken is told as a {@link Repair}, what is of a codec that is not carried as {@link LeftOut}. One instance for
 * each sender; not thread-safe. Buffers are borrowed. Give it back with {@link #end}.
 */
public final class PsDemuxer {
    /** Streams of one sender. */
    private static final int MAX_STREAMS = 16;

    /** A PES packet, its head included; what waits is never more. */
    private static final int MAX_PACKET = PesHeader.FIXED + (1 << 16);

    private static final int PREFIX = 0x000001;
    private static final int PACK = 0xBA;
    private static final int MAP = 0xBC;
    private static final int PROGRAM_END = 0xB9;
    private static final int FIRST_SOUND = 0xC0;
    private static final int FIRST_PICTURE = 0xE0;
    private static final int LAST_PICTURE = 0xEF;

    /** Some cameras put it behind the pack's head. */
    private static final int CAMERAS_OWN = 0xAF;

    /** Length of the fixed part of a pack's head, and of one of MPEG-1. */
    private static final int PACK_HEADER = 14;

    private static final int OLD_PACK_HEADER = 12;

    private final FrameSink sink;
    private final MpegTime clock = new MpegTime();

    /** On the heap, so that there is nothing to give back. */
    private final ByteBuf held = Unpooled.buffer(4 << 10);

    private final Map<Integer, Integer> types = new HashMap<>();
    private final Map<Integer, Stream> streams = new HashMap<>();

    /** Bytes are missing: nothing is read before the next pack. */
    private boolean searching = true;

    private boolean ended;

    /** It is of MPEG-1, by its packs. */
    private boolean old;

    /** @param stream null for one that is ignored */
    private record Stream(int type, @Nullable ElementaryStream stream, int trackId) {}

    public PsDemuxer(FrameSink sink) {
        this.sink = sink;
    }

    /** Takes bytes of the stream to the end of the buffer. */
    public void take(ByteBuf borrowed) {
        if (ended) {
            borrowed.skipBytes(borrowed.readableBytes());
            return;
        }
        while (borrowed.isReadable()) {
            held.writeBytes(borrowed, Math.min(borrowed.readableBytes(), MAX_PACKET));
            while (one()) {
                // the next one
            }
            held.discardReadBytes();
        }
    }

    /** Bytes are missing here. */
    public void lost() {
        held.clear();
        searching = true;
        streams.values().forEach(each -> {
            if (each.stream() != null) {
                each.stream().lost();
            }
        });
    }

    /** Hands over what is whole, and gives back the rest. Idempotent. */
    public void end() {
        ended = true;
        held.clear();
        List<Stream> all = new ArrayList<>(streams.values());
        streams.clear();
        all.forEach(PsDemuxer::finish);
    }

    private static void finish(Stream stream) {
        ElementaryStream elementary = stream.stream();
        if (elementary != null) {
            elementary.finish();
        }
    }

    /** Reads what stands at the front; answers whether there may be more. */
    private boolean one() {
        if (!synchronised() || held.readableBytes() < PesHeader.FIXED) {
            return false;
        }
        int at = held.readerIndex();
        int code = held.getUnsignedByte(at + 3);
        if (code == PACK) {
            return pack(at);
        }
        if (code == PROGRAM_END || code == CAMERAS_OWN) {
            held.skipBytes(4);
            return true;
        }
        return packet(code, PesHeader.FIXED + held.getUnsignedShort(at + 4));
    }

    private boolean packet(int code, int length) {
        if (length == PesHeader.FIXED && code >= FIRST_SOUND) {
            broken(); // an end that nobody tells is for transport streams
            return true;
        }
        if (held.readableBytes() < length) {
            return false;
        }
        ByteBuf packet = held.readSlice(length);
        if (code == MAP) {
            map(packet);
        } else if (code >= FIRST_SOUND && code <= LAST_PICTURE) {
            pes(code, packet);
        }
        return true;
    }

    /** Passes over what is before the next start code; behind a loss, before the next pack. */
    private boolean synchronised() {
        int skipped = 0;
        while (held.readableBytes() >= 4) {
            int at = held.readerIndex();
            boolean prefix = held.getUnsignedMedium(at) == PREFIX;
            int code = held.getUnsignedByte(at + 3);
            if (prefix && (searching ? code == PACK : code >= PROGRAM_END || code == CAMERAS_OWN)) {
                searching = false;
                if (skipped > 0 && !streams.isEmpty()) {
                    sink.repaired(Repair.MALFORMED_TAG);
                }
                return true;
            }
            held.skipBytes(1);
            skipped++;
        }
        if (skipped > 0 && !searching) {
            broken();
        }
        return false;
    }

    /** What stands here is no head: on with the next pack. */
    private void broken() {
        sink.repaired(Repair.MALFORMED_TAG);
        held.skipBytes(Math.min(4, held.readableBytes()));
        searching = true;
        streams.values().forEach(each -> {
            if (each.stream() != null) {
                each.stream().lost();
            }
        });
    }

    /** §2.5.3.3; ISO/IEC 11172-1 has it shorter. */
    private boolean pack(int at) {
        old = held.getUnsignedByte(at + 4) >> 4 == 2;
        if (held.readableBytes() < (old ? OLD_PACK_HEADER : PACK_HEADER)) {
            return false;
        }
        int length = old ? OLD_PACK_HEADER : PACK_HEADER + (held.getUnsignedByte(at + 13) & 7);
        if (held.readableBytes() < length) {
            return false;
        }
        held.skipBytes(length);
        return true;
    }

    /** §2.5.4. Lengths and checksums are often wrong: what fits is read, and what does not is left. */
    private void map(ByteBuf packet) {
        ByteBuf in = packet.slice();
        in.skipBytes(PesHeader.FIXED);
        if (in.readableBytes() < 6 || (in.getByte(in.readerIndex()) & 0x80) == 0) { // current_next_indicator
            return;
        }
        in.skipBytes(2);
        in.skipBytes(Math.min(in.readUnsignedShort(), in.readableBytes()));
        if (in.readableBytes() < 2) {
            return;
        }
        int size = Math.min(in.readUnsignedShort(), in.readableBytes());
        ByteBuf entries = in.readSlice(size);
        while (entries.readableBytes() >= 4) {
            int type = entries.readUnsignedByte();
            int id = entries.readUnsignedByte();
            entries.skipBytes(Math.min(entries.readUnsignedShort(), entries.readableBytes()));
            if (types.containsKey(id) || types.size() < MAX_STREAMS) {
                types.put(id, type);
            }
        }
    }

    private void pes(int id, ByteBuf packet) {
        PesHeader header = old ? PesHeader.parseOld(packet) : head(packet);
        if (header == null) {
            sink.repaired(Repair.MALFORMED_TAG);
            return;
        }
        ByteBuf payload =
                packet.slice(packet.readerIndex() + header.length(), packet.readableBytes() - header.length());
        ElementaryStream stream = stream(id, payload);
        if (stream != null) {
            boolean timed = header.timed();
            long decode = timed ? clock.unwrap(header.decode()) : ElementaryStream.NO_TIME;
            stream.begin(timed ? clock.unwrap(header.presentation()) : ElementaryStream.NO_TIME, decode);
            stream.bytes(payload);
            stream.end();
        }
    }

    private static @Nullable PesHeader head(ByteBuf packet) {
        int needed = PesHeader.needed(packet);
        return needed == PesHeader.BROKEN || needed > packet.readableBytes() ? null : PesHeader.parse(packet);
    }

    private @Nullable ElementaryStream stream(int id, ByteBuf payload) {
        Stream known = streams.get(id);
        Integer said = types.get(id);
        if (known != null && (said == null || said == known.type())) {
            return known.stream();
        }
        int type = said == null ? ElementaryStreams.guess(id >= FIRST_PICTURE, payload) : said;
        if (type == ElementaryStreams.UNKNOWN || (known == null && streams.size() >= MAX_STREAMS)) {
            return null; // a later packet may tell
        }
        if (known != null) {
            finish(known);
            streams.remove(id);
        }
        Stream begun = begin(type, id >= FIRST_PICTURE);
        streams.put(id, begun);
        return begun.stream();
    }

    private Stream begin(int type, boolean video) {
        for (int index = 0; index < Track.MAX_OF_KIND; index++) {
            int trackId = video ? Track.video(index) : Track.audio(index);
            if (streams.values().stream().noneMatch(each -> each.trackId() == trackId)) {
                return begin(type, video, trackId);
            }
        }
        return new Stream(type, null, -1);
    }

    private Stream begin(int type, boolean video, int trackId) {
        switch (ElementaryStreams.program(type, new ElementaryTrack(trackId, video, sink))) {
            case ElementaryStreams.Found.Carried(ElementaryStream stream) -> {
                if (stream.video() == video) {
                    return new Stream(type, stream, trackId);
                }
                stream.release(); // a picture among the sound, or the other way round
            }
            case ElementaryStreams.Found.Unsupported(boolean pictures, String codec) ->
                sink.leftOut(new LeftOut(pictures, codec, LeftOut.Cause.UNSUPPORTED));
            case ElementaryStreams.Found.Ignored ignored -> {
                // nobody knows what
            }
        }
        return new Stream(type, null, -1);
    }
}
