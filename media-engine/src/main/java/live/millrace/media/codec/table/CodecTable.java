// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.ac3.Ac3;
import live.millrace.media.codec.av1.Av1;
import live.millrace.media.codec.flac.Flac;
import live.millrace.media.codec.g711.G711;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.codec.h265.H265;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.vp8.Vp8;
import live.millrace.media.codec.vp9.Vp9;
import org.jspecify.annotations.Nullable;

/** Codecs, by what FLV and Enhanced RTMP call them. Immutable; a look-up allocates nothing. */
public final class CodecTable {
    /** The codecs that the engine carries: pictures first, and those that most players know before the others. */
    public static final CodecTable ALL = new CodecTable(List.of(
            H264.CODEC,
            H265.CODEC,
            Av1.CODEC,
            Vp9.CODEC,
            Vp8.CODEC,
            Aac.CODEC,
            Mp3.CODEC,
            Opus.CODEC,
            Flac.CODEC,
            Ac3.AC3,
            Ac3.EAC3,
            G711.A_LAW,
            G711.MU_LAW));

    private final List<CodecEntry> entries;
    private final Map<FourCc, CodecEntry.Video> videoByFourCc = new HashMap<>();
    private final Map<FourCc, CodecEntry.Audio> audioByFourCc = new HashMap<>();
    private final List<Optional<CodecEntry.Video>> videoById = empty();
    private final List<Optional<CodecEntry.Audio>> audioById = empty();

    /**
     * Of some codecs.
     *
     * @throws IllegalArgumentException if two of a kind have a name in common
     */
    public CodecTable(List<? extends CodecEntry> entries) {
        this.entries = List.copyOf(entries);
        for (CodecEntry entry : entries) {
            switch (entry) {
                case CodecEntry.Video video -> enter(video, videoByFourCc, videoById);
                case CodecEntry.Audio audio -> enter(audio, audioByFourCc, audioById);
            }
        }
    }

    private static <T> List<Optional<T>> empty() {
        return new ArrayList<>(Collections.nCopies(FlvCodecId.IDS, Optional.empty()));
    }

    private static <T extends CodecEntry> void enter(T entry, Map<FourCc, T> byFourCc, List<Optional<T>> byId) {
        FlvCodecId flv = entry.flv();
        if (flv.fourCc().isPresent() && byFourCc.put(flv.fourCc().get(), entry) != null) {
            throw new IllegalArgumentException(
                    "two codecs of FourCC " + flv.fourCc().get());
        }
        for (int id : flv.ids()) {
            if (byId.set(id, Optional.of(entry)).isPresent()) {
                throw new IllegalArgumentException("two codecs of id " + id);
            }
        }
    }

    /** All of them. */
    public List<CodecEntry> entries() {
        return entries;
    }

    /**
     * The codec of pictures that Enhanced RTMP calls so.
     *
     * @throws UnsupportedMediaException if there is none
     */
    public CodecEntry.Video video(FourCc fourCc) {
        return found(fourCc, videoByFourCc.get(fourCc));
    }

    /**
     * The codec of sound that Enhanced RTMP calls so.
     *
     * @throws UnsupportedMediaException if there is none
     */
    public CodecEntry.Audio audio(FourCc fourCc) {
        return found(fourCc, audioByFourCc.get(fourCc));
    }

    private static <T> T found(FourCc fourCc, @Nullable T entry) {
        if (entry == null) {
            throw new UnsupportedMediaException(fourCc.text());
        }
        return entry;
    }

    /** The codec of pictures of a CodecID of four bits. */
    public Optional<CodecEntry.Video> video(int id) {
        return videoById.get(id);
    }

    /** The codec of sound of a SoundFormat of four bits. */
    public Optional<CodecEntry.Audio> audio(int id) {
        return audioById.get(id);
    }
}
