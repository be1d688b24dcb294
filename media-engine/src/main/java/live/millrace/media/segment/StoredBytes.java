// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A stretch of an object in a {@link SegmentStore}. Says where the bytes are; holds none of them. Thread-safe. */
public interface StoredBytes {
    /** The first byte's place in the object. */
    long offset();

    /** In bytes. */
    long length();

    /** The file that the object is, where it is one: the kernel can send it by itself. */
    Optional<Path> file();

    /**
     * Reads all of it. Blocks.
     *
     * @return owned by the caller
     * @throws IOException when the object is gone or shorter
     */
    ByteBuf read() throws IOException;

    /** A stretch of a file. */
    static StoredBytes ofFile(Path file, long offset, long length) {
        return new FileBytes(file, offset, length);
    }
}
