// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.TrackFormat;

/**
 * Reads where the samples of an MP4 file are: of one with a {@code moov} that lists them all, wherever that stands, and of a fragmented
 * one. Tracks of text, chapters and the like are left out, and so are tracks of codecs that are not carried, as long as one is left.
 *
 * <p>Blocks. Takes memory for the largest {@code moov} there may be and 20 bytes a sample, no more, whatever the file says.
 */
public final class MovieReader {
    /** A film of three hours has a tenth of it. */
    static final int MAX_MOOV = 64 << 20;

    static final int MAX_MOOF = 1 << 20;
    static final int MAX_SAMPLES = 4_000_000;

    /** No encoder that people have at home writes larger ones. */
    static final int MAX_SAMPLE = 16 << 20;

    private static final int MAX_TRACKS = 32;
    private static final int MAX_BOXES = 1 << 20;
    private static final int HEADER = 8;
    private static final int LARGE_HEADER = 16;

    private static final FourCc MOOV = FourCc.of("moov");
    private static final FourCc MOOF = FourCc.of("moof");
    private static final FourCc MVHD = FourCc.of("mvhd");
    private static final FourCc TRAK = FourCc.of("trak");
    private static final FourCc MVEX = FourCc.of("mvex");
    private static final FourCc TREX = FourCc.of("trex");
    private static final FourCc TKHD = FourCc.of("tkhd");
    private static final FourCc EDTS = FourCc.of("edts");
    private static final FourCc ELST = FourCc.of("elst");
    private static final FourCc MDIA = FourCc.of("mdia");
    private static final FourCc MDHD = FourCc.of("mdhd");
    private static final FourCc HDLR = FourCc.of("hdlr");
    private static final FourCc MINF = FourCc.of("minf");
    private static final FourCc STBL = FourCc.of("stbl");
    private static final FourCc STSD = FourCc.of("stsd");
    private static final FourCc VIDE = FourCc.of("vide");
    private static final FourCc SOUN = FourCc.of("soun");

    private final SeekableByteChannel file;
    private final long size;
    private int samples;

    private MovieReader(SeekableByteChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    /** A track while it is being read. */
    private record Open(
            FourCc kind,
            int timescale,
            ByteBuf description,
            SampleList samples,
            Optional<Fragments.Defaults> defaults) {}

    /**
     * Reads the tracks of a file that are carried.
     *
     * @param file stays open
     * @return at least one track, in the file's order
     * @throws MalformedMovieException if it is none that can be taken in
     */
    public static List<MovieTrack> read(SeekableByteChannel file) throws IOException {
        Movie movie = open(file);
        if (movie.tracks().isEmpty()) {
            throw movie.leftOut().getFirst().why();
        }
        return movie.tracks();
    }

    /**
     * Reads a file, and says what of it is not carried.
     *
     * @param file stays open
     * @return with at least one track that is carried, or one that is not
     * @throws MalformedMovieException if it is none that can be taken in
     */
    public static Movie open(SeekableByteChannel file) throws IOException {
        try {
            return new MovieReader(file).tracks();
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw Boxes.malformed("numbers that do not fit: " + e.getMessage());
        }
    }

    private Movie tracks() throws IOException {
        Map<Integer, Open> open = new TreeMap<>();
        boolean anyMovie = false;
        long at = 0;
        for (int i = 0; at + HEADER <= size; i++) {
            ByteBuf head = bytes(at, (int) Math.min(LARGE_HEADER, size - at));
            long length = head.getUnsignedInt(0);
            FourCc type = new FourCc(head.getInt(4));
            int header = HEADER;
            if (length == 1 && head.readableBytes() == LARGE_HEADER) {
                length = head.getLong(8);
                header = LARGE_HEADER;
            } else if (length == 0) {
                length = size - at;
            }
            if (i == 0 && !isStart(type)) {
                throw Boxes.malformed("it does not begin like an MP4");
            }
            if (length < header) {
                throw Boxes.malformed("a box of " + length + " bytes");
            }
            if (length > size - at) {
                break; // cut short: what came before may be whole fragments
            }
            if (i > MAX_BOXES) {
                throw Boxes.tooLarge("more than " + MAX_BOXES + " boxes");
            }
            if (type.equals(MOOV) && !anyMovie) {
                anyMovie = true;
                movie(bytes(at + header, limited(length - header, MAX_MOOV)), open);
            } else if (type.equals(MOOF) && anyMovie) {
                fragment(at, bytes(at + header, limited(length - header, MAX_MOOF)), open);
            }
            at += length;
        }
        if (!anyMovie) {
            throw Boxes.malformed("no moov: it was not finished, or is no MP4");
        }
        return finished(open);
    }

    private static boolean isStart(FourCc type) {
        return switch (type.text()) {
            case "ftyp", "moov", "mdat", "free", "skip", "wide", "styp", "pnot" -> true;
            default -> false;
        };
    }

    private static int limited(long length, int most) throws MalformedMovieException {
        if (length > most) {
            throw Boxes.tooLarge("an index of " + length + " bytes");
        }
        return (int) length;
    }

    private Movie finished(Map<Integer, Open> open) throws IOException {
        List<MovieTrack> tracks = new ArrayList<>();
        List<Movie.LeftOut> leftOut = new ArrayList<>();
        for (Open track : open.values()) {
            if (track.samples().size() == 0) {
                continue;
            }
            try {
                TrackFormat format = SampleDescription.read(track.description(), () -> first(track.samples()));
                if (format instanceof TrackFormat.Video == track.kind().equals(VIDE)) {
                    tracks.add(new MovieTrack(format, track.timescale(), track.samples()));
                }
            } catch (MalformedMovieException e) {
                leftOut.add(new Movie.LeftOut(
                        track.kind().equals(VIDE),
                        SampleDescription.name(track.description()),
                        track.samples().size(),
                        e));
            }
        }
        if (tracks.isEmpty() && leftOut.isEmpty()) {
            throw new MalformedMovieException(
                    MalformedMovieException.Cause.NOTHING, "there is no picture and no sound in it");
        }
        return new Movie(tracks, leftOut);
    }

    private ByteBuf first(SampleList list) throws IOException {
        return bytes(list.offset(0), list.bytes(0));
    }

    // ---- moov -------------------------------------------------------------------------------------------------

    private void movie(ByteBuf moov, Map<Integer, Open> open) throws IOException {
        ByteBuf mvhd = Boxes.get(moov, MVHD);
        long movieTimescale = mvhd.getUnsignedInt(mvhd.getByte(0) == 1 ? 20 : 12);
        Map<Integer, Fragments.Defaults> defaults = new TreeMap<>();
        Optional<ByteBuf> mvex = Boxes.find(moov, MVEX);
        if (mvex.isPresent()) {
            for (ByteBuf trex : all(mvex.get(), TREX)) {
                defaults.put(trex.getInt(4), Fragments.Defaults.read(trex));
            }
        }
        for (ByteBuf trak : all(moov, TRAK)) {
            ByteBuf tkhd = Boxes.get(trak, TKHD);
            int id = tkhd.getInt(tkhd.getByte(0) == 1 ? 20 : 12);
            ByteBuf mdia = Boxes.get(trak, MDIA);
            ByteBuf hdlr = Boxes.get(mdia, HDLR);
            FourCc kind = new FourCc(hdlr.getInt(8));
            if (kind.equals(VIDE) || kind.equals(SOUN)) {
                Open track = track(kind, mdia, Optional.ofNullable(defaults.get(id)));
                track.samples().shift(shift(trak, track.timescale(), movieTimescale));
                open.putIfAbsent(id, track);
            }
        }
    }

    private Open track(FourCc kind, ByteBuf mdia, Optional<Fragments.Defaults> defaults) throws IOException {
        ByteBuf mdhd = Boxes.get(mdia, MDHD);
        int timescale = mdhd.getInt(mdhd.getByte(0) == 1 ? 20 : 12);
        if (timescale <= 0) {
            throw Boxes.malformed("a timescale of " + timescale);
        }
        ByteBuf stbl = Boxes.get(Boxes.get(mdia, MINF), STBL);
        SampleList list = SampleTables.read(stbl, MAX_SAMPLES - samples, size, MAX_SAMPLE);
        samples += list.size();
        return new Open(kind, timescale, Boxes.get(stbl, STSD), list, defaults);
    }

    /** How an edit list moves the track: what it waits for, less what it leaves out at the start (§8.6.6). Later edits are not looked at. */
    private static long shift(ByteBuf trak, int timescale, long movieTimescale) throws MalformedMovieException {
        Optional<ByteBuf> edts = Boxes.find(trak, EDTS);
        Optional<ByteBuf> elst = edts.isPresent() ? Boxes.find(edts.get(), ELST) : Optional.empty();
        if (elst.isEmpty() || movieTimescale <= 0) {
            return 0;
        }
        ByteBuf in = elst.get().duplicate();
        boolean wide = in.readByte() == 1;
        in.skipBytes(3);
        long entries = in.readUnsignedInt();
        long shift = 0;
        for (long i = 0; i < entries && in.readableBytes() >= (wide ? 20 : 12); i++) {
            long duration = wide ? in.readLong() : in.readUnsignedInt();
            long mediaTime = wide ? in.readLong() : in.readInt();
            in.skipBytes(4);
            if (mediaTime >= 0) {
                return Math.subtractExact(shift, mediaTime);
            }
            shift = Math.addExact(shift, Math.multiplyExact(duration, (long) timescale) / movieTimescale);
        }
        return 0;
    }

    private static List<ByteBuf> all(ByteBuf in, FourCc type) throws MalformedMovieException {
        List<ByteBuf> found = new ArrayList<>();
        Boxes.each(in, (each, content) -> {
            if (each.equals(type)) {
                found.add(content);
            }
        });
        if (found.size() > MAX_TRACKS) {
            throw Boxes.tooLarge(found.size() + " tracks");
        }
        return found;
    }

    // ---- moof -------------------------------------------------------------------------------------------------

    private void fragment(long start, ByteBuf moof, Map<Integer, Open> open) throws IOException {
        for (ByteBuf traf : all(moof, FourCc.of("traf"))) {
            int id = Fragments.trackId(traf);
            Open track = open.get(id);
            if (track != null && track.defaults().isPresent()) {
                samples += Fragments.read(
                        traf,
                        start,
                        track.defaults().get(),
                        track.samples(),
                        new Fragments.Limits(MAX_SAMPLES - samples, size, MAX_SAMPLE));
            }
        }
    }

    // ---- the file ---------------------------------------------------------------------------------------------

    private ByteBuf bytes(long offset, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        file.position(offset);
        while (into.hasRemaining()) {
            if (file.read(into) < 0) {
                throw new EOFException("the file became shorter");
            }
        }
        return Unpooled.wrappedBuffer(into.flip());
    }
}
