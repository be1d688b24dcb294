// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.BiConsumer;
import live.millrace.media.codec.FourCc;

/** Boxes inside a box that is in memory (ISO/IEC 14496-12 §4.2). */
final class Boxes {
    private static final int HEADER = 8;
    private static final int LARGE_HEADER = 16;

    private Boxes() {}

    /**
     * Visits each box.
     *
     * @param in to the end of the box around them; borrowed, its indices stay
     * @throws MalformedMovieException if they do not fit into each other
     */
    static void each(ByteBuf in, BiConsumer<FourCc, ByteBuf> visitor) throws MalformedMovieException {
        int at = in.readerIndex();
        int limit = in.writerIndex();
        while (limit - at >= HEADER) {
            long size = in.getUnsignedInt(at);
            FourCc type = new FourCc(in.getInt(at + 4));
            int header = HEADER;
            if (size == 1 && limit - at >= LARGE_HEADER) {
                size = in.getLong(at + HEADER);
                header = LARGE_HEADER;
            } else if (size == 0) {
                size = (long) limit - at;
            }
            if (size < header || size > limit - at) {
                throw malformed("a box of " + size + " bytes in " + (limit - at));
            }
            visitor.accept(type, in.slice(at + header, (int) size - header));
            at += (int) size;
        }
    }

    /** The content of the first box of a type. */
    static Optional<ByteBuf> find(ByteBuf in, FourCc type) throws MalformedMovieException {
        ByteBuf[] found = new ByteBuf[1];
        each(in, (each, content) -> {
            if (found[0] == null && each.equals(type)) {
                found[0] = content;
            }
        });
        return Optional.ofNullable(found[0]);
    }

    /** The content of the first box of a type. */
    static ByteBuf get(ByteBuf in, FourCc type) throws MalformedMovieException {
        return find(in, type).orElseThrow(() -> malformed("no " + type.text()));
    }

    static MalformedMovieException malformed(String what) {
        return new MalformedMovieException(MalformedMovieException.Cause.NO_MOVIE, what);
    }

    static MalformedMovieException tooLarge(String what) {
        return new MalformedMovieException(MalformedMovieException.Cause.TOO_LARGE, what);
    }
}
