// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that tells one codec from the others: its names in the containers, and how its configuration and frames are read. What one
 * track says beyond that is its {@link TrackFormat}. Containers ask both and know no codec by name; a new codec is a class that
 * implements one of the interfaces below, and a line in {@link live.millrace.media.codec.table.CodecTable}.
 *
 * <p>One instance for each codec, compared by identity; immutable. Buffers are borrowed.
 */
public sealed interface CodecEntry {
    /** What people and containers call it. */
    CodecNames names();

    /** The name people know it by. */
    default String displayName() {
        return names().display();
    }

    default FlvCodecId flv() {
        return names().flv();
    }

    default SampleEntryType sampleEntry() {
        return names().sampleEntry();
    }

    /**
     * Whether a configuration box says that its track is of this codec: some share a sample entry. Borrowed; the index is not moved.
     *
     * @throws MalformedMediaException if it is broken
     */
    default boolean isOf(ByteBuf configurationBox) {
        return true;
    }

    /** What its tracks may be in a transport stream; empty when that has no place for it. */
    default List<StreamType> streamTypes() {
        return names().streamTypes();
    }

    /** Whether CMAF has a place for it (ISO/IEC 23000-19, and the registered sample entries). */
    default boolean inSegments() {
        return true;
    }

    /** Whether players take it out of such segments. */
    default boolean playsFromSegments() {
        return inSegments();
    }

    /** A codec of pictures. */
    non-sealed interface Video extends CodecEntry {
        /** Whether pictures may be shown in another order than they are decoded, so that tags have an offset for it. */
        boolean reorders();

        /**
         * Reads a decoder configuration record to the end of the buffer.
         *
         * @throws MalformedMediaException if it is none
         */
        Configuration configuration(ByteBuf record);

        /** What a decoder configuration record says of its track. */
        sealed interface Configuration {
            /** Everything. */
            record Whole(TrackFormat.Video format) implements Configuration {}

            /**
             * All but the picture's size.
             *
             * @param sized the format when a key frame, whose index is not moved, tells the size
             */
            record Sizeless(Function<ByteBuf, Optional<TrackFormat.Video>> sized) implements Configuration {}
        }
    }

    /** A codec of sound. */
    sealed interface Audio extends CodecEntry {}

    /** A codec of sound whose frames say nothing without the configuration that came before them. */
    non-sealed interface ConfiguredAudio extends Audio {
        /**
         * Reads a configuration to the end of the buffer.
         *
         * @throws MalformedMediaException if it is none
         * @throws UnsupportedMediaException if it is of a kind that is not carried
         */
        TrackFormat.Audio configuration(ByteBuf record);

        /**
         * Reads what stands in a file's configuration box, which some codecs word in another way; to the end of the buffer.
         *
         * @throws MalformedMediaException if it is none
         * @throws UnsupportedMediaException if it is of a kind that is not carried
         */
        default TrackFormat.Audio configurationBox(ByteBuf box) {
            return configuration(box);
        }

        /**
         * Checks a frame before it is taken.
         *
         * @throws MalformedMediaException if it is longer than frames can be
         */
        void check(ByteBuf frame);
    }

    /** A codec of sound whose every frame tells what it is. */
    non-sealed interface SelfDescribingAudio extends Audio {
        /**
         * The format of the first of some frames. It may be of a codec next of kin to this one. The index is not moved.
         *
         * @param channels what the container says, for frames that do not: 1 or 2
         * @throws MalformedMediaException if there is no frame
         */
        TrackFormat.Audio format(ByteBuf frames, int channels);

        /**
         * The length of the first of some frames in bytes, more than 0, for codecs that put several into a tag. The index is not moved.
         *
         * @throws MalformedMediaException if it is cut short
         */
        default int length(ByteBuf frames) {
            return frames.readableBytes();
        }
    }
}
