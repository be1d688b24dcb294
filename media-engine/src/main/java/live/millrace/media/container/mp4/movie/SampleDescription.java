// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.table.CodecTable;
import live.millrace.media.codec.table.SampleTypeNames;

/** What a track's sample description says of its format (ISO/IEC 14496-12 §8.5.2). */
final class SampleDescription {
    private static final FourCc WAVE = FourCc.of("wave");
    private static final Set<FourCc> ENCRYPTED = Set.of(FourCc.of("encv"), FourCc.of("enca"));

    /** Before the boxes of a picture's and of a sound's entry. */
    private static final int VISUAL = 78;

    private static final int AUDIO = 28;

    /** QuickTime's second version has more fields (QuickTime File Format, "Sound Sample Description (Version 1)"). */
    private static final int QUICKTIME_V1 = 16;

    /** What QuickTime files say of sound that does not say it itself. */
    private static final int STEREO = 2;

    /** Lends the first sample, for codecs whose frames say what they are. */
    @FunctionalInterface
    interface FirstSample {
        ByteBuf read() throws IOException;
    }

    private SampleDescription() {}

    /** What people call the codec of the first entry; its four characters where nobody knows it. */
    static String name(ByteBuf stsd) {
        int at = stsd.readerIndex() + 8 + 4;
        return stsd.writerIndex() < at + 4 ? "unknown" : SampleTypeNames.of(new FourCc(stsd.getInt(at)));
    }

    /**
     * Reads the first entry.
     *
     * @param stsd content of the box; borrowed
     * @throws MalformedMovieException if it is of no codec that is carried, or broken
     */
    static TrackFormat read(ByteBuf stsd, FirstSample first) throws IOException {
        if (stsd.readableBytes() < 8 + 16) {
            throw Boxes.malformed("no sample entry");
        }
        int at = stsd.readerIndex() + 8;
        long size = stsd.getUnsignedInt(at);
        FourCc type = new FourCc(stsd.getInt(at + 4));
        if (size < 16 || size > stsd.writerIndex() - at) {
            throw Boxes.malformed("a sample entry of " + size + " bytes");
        }
        if (ENCRYPTED.contains(type)) {
            throw new MalformedMovieException(MalformedMovieException.Cause.ENCRYPTED, "the track is encrypted");
        }
        ByteBuf entry = stsd.slice(at + 8, (int) size - 8);
        try {
            for (CodecEntry codec : named(type)) {
                Optional<TrackFormat> format = format(codec, type, entry, first);
                if (format.isPresent()) {
                    return format.get();
                }
            }
        } catch (UnsupportedMediaException e) {
            throw unsupported(String.valueOf(e.getMessage()));
        } catch (MalformedMediaException | IndexOutOfBoundsException e) {
            throw Boxes.malformed(type.text() + ": " + e.getMessage());
        }
        throw unsupported(type.text());
    }

    private static List<CodecEntry> named(FourCc type) {
        return CodecTable.ALL.entries().stream()
                .filter(SampleDescription::canBeWatched)
                .filter(each -> each.sampleEntry().isCalled(type)
                        || each.flv().fourCc().filter(type::equals).isPresent())
                .toList();
    }

    /** A film whose pictures no browser shows is not taken. Sound without a player is a smaller loss. */
    private static boolean canBeWatched(CodecEntry codec) {
        return codec instanceof CodecEntry.Video ? codec.playsFromSegments() : codec.inSegments();
    }

    /** Empty when the entry is of another codec, which shares its name. */
    private static Optional<TrackFormat> format(CodecEntry codec, FourCc type, ByteBuf entry, FirstSample first)
            throws IOException {
        SampleEntryType named = codec.sampleEntry();
        Optional<FourCc> box = named.configurationBox().filter(_ -> named.isCalled(type));
        ByteBuf said = Unpooled.EMPTY_BUFFER;
        if (box.isPresent()) {
            said = configuration(codec, entry, box.get());
            if (!codec.isOf(said)) {
                return Optional.empty();
            }
        }
        return Optional.of(
                switch (codec) {
                    case CodecEntry.Video video -> video(video, said, first);
                    case CodecEntry.ConfiguredAudio audio -> audio.configurationBox(said);
                    case CodecEntry.SelfDescribingAudio audio -> audio.format(first.read(), STEREO);
                });
    }

    private static ByteBuf configuration(CodecEntry codec, ByteBuf entry, FourCc box) throws MalformedMovieException {
        if (codec instanceof CodecEntry.Video) {
            return Boxes.get(behind(entry, VISUAL), box);
        }
        boolean quickTime = entry.readableBytes() > AUDIO && entry.getUnsignedShort(entry.readerIndex() + 8) == 1;
        ByteBuf inside = behind(entry, quickTime ? AUDIO + QUICKTIME_V1 : AUDIO);
        Optional<ByteBuf> found = Boxes.find(inside, box);
        return found.isPresent() ? found.get() : Boxes.get(Boxes.get(inside, WAVE), box);
    }

    private static ByteBuf behind(ByteBuf entry, int before) throws MalformedMovieException {
        if (entry.readableBytes() < before) {
            throw Boxes.malformed("a sample entry that ends in the middle");
        }
        return entry.slice(entry.readerIndex() + before, entry.readableBytes() - before);
    }

    private static TrackFormat video(CodecEntry.Video codec, ByteBuf record, FirstSample first) throws IOException {
        return switch (codec.configuration(record)) {
            case CodecEntry.Video.Configuration.Whole(TrackFormat.Video format) -> format;
            case CodecEntry.Video.Configuration.Sizeless sizeless ->
                sizeless.sized().apply(first.read()).orElseThrow(() -> Boxes.malformed("no key frame at the start"));
        };
    }

    private static MalformedMovieException unsupported(String what) {
        return new MalformedMovieException(MalformedMovieException.Cause.CODEC, what);
    }
}
