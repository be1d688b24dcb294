// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import io.netty.buffer.ByteBuf;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How the frames of a track are coded: a codec and what its configuration says. Equal formats need no cut between them. Immutable;
 * each codec has its own, beside its {@link CodecEntry}.
 */
public sealed interface TrackFormat {
    CodecEntry codec();

    /** RFC 6381, for the CODECS attribute of a playlist. */
    String codecString();

    /** Units per second of the track's times. */
    int timescale();

    /** Writes the decoder's configuration as encoders send it; nothing when each frame tells all. */
    void writeConfiguration(ByteBuf out);

    /** Writes what stands in the configuration box of the codec's {@link SampleEntryType}; nothing when that has none. */
    void writeConfigurationBox(ByteBuf out);

    /** Its form in transport streams; null when they have no place for it. */
    @Nullable
    TransportCoding transport();

    /** Whether it differs from a format in nothing that a decoder of that would mind. */
    default boolean continues(TrackFormat other) {
        return equals(other);
    }

    /** Pictures. */
    non-sealed interface Video extends TrackFormat {
        @Override
        CodecEntry.Video codec();

        int width();

        int height();

        /** How samples are laid out. */
        PictureFormat picture();

        /** Pictures per second, where the configuration tells. */
        default OptionalDouble frameRate() {
            return OptionalDouble.empty();
        }

        /**
         * Looks into an access unit, without moving the index.
         *
         * @param key whether its container calls it a key frame
         * @throws MalformedMediaException if it is broken
         */
        Picture inspect(ByteBuf accessUnit, boolean key);

        @Override
        default int timescale() {
            return 90_000;
        }
    }

    /** What an access unit of pictures is. */
    enum Picture {
        /** Nothing to decode. */
        NOTHING,
        /** Decoding may start here. */
        RANDOM_ACCESS_POINT,
        /** It needs those before it. */
        DEPENDENT;

        /** Of a codec that leaves it to the container. */
        public static Picture of(ByteBuf accessUnit, boolean key) {
            return !accessUnit.isReadable() ? NOTHING : key ? RANDOM_ACCESS_POINT : DEPENDENT;
        }
    }

    /** Sound. Its timescale is its sample rate, so that durations are exact. */
    non-sealed interface Audio extends TrackFormat {
        @Override
        CodecEntry.Audio codec();

        int sampleRate();

        int channels();

        /** Of a usual frame. */
        int samplesPerFrame();

        /** Of this frame. */
        default int samples(ByteBuf payload) {
            return samplesPerFrame();
        }

        @Override
        default int timescale() {
            return sampleRate();
        }
    }
}
