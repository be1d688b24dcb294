// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** Reads what an initialization section of ours says about its track. */
public final class SampleEntryReader {
    /** Of the full box and its count, then of the entry's own header. */
    private static final int ENTRY = 8;

    /** ISO/IEC 14496-12 §12.2.3: behind six reserved bytes, the data reference, and eight more. */
    private static final int CHANNELS = ENTRY + 8 + 16;

    private static final int STEREO = 2;

    private SampleEntryReader() {}

    /**
     * The channels of a track of sound.
     *
     * @param initialization of one track, borrowed
     */
    public static int channels(ByteBuf initialization) {
        return description(initialization)
                .filter(stsd -> stsd.readableBytes() > CHANNELS + 1)
                .map(stsd -> stsd.getUnsignedShort(stsd.readerIndex() + CHANNELS))
                .orElse(STEREO);
    }

    /** The content of {@code stsd}. */
    static Optional<ByteBuf> description(ByteBuf initialization) {
        return Box.find("moov", initialization)
                .flatMap(moov -> Box.find("trak", moov))
                .flatMap(trak -> Box.find("mdia", trak))
                .flatMap(mdia -> Box.find("minf", mdia))
                .flatMap(minf -> Box.find("stbl", minf))
                .flatMap(stbl -> Box.find("stsd", stbl));
    }
}
