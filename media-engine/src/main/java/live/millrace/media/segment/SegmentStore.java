// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;

/**
 * Where the bytes of segments are kept, in named objects that only grow: one object may be one segment, or the segments of a track for
 * minutes. Names are ours alone, and nothing in them comes from a peer: folders and a file's name with slashes between them, each of
 * {@code [A-Za-z0-9._-]} and not beginning with a dot. Thread-safe; nothing here waits for a disk but {@link StoredBytes#read}.
 */
public interface SegmentStore {
    /**
     * Appends to an object some time soon, in the order of the calls; the object begins with its first bytes.
     *
     * @param content borrowed: the store holds a reference of its own until the bytes are kept, and copies nothing
     * @return where the bytes are, when they can be read; on a thread of the store, which must not be held up. Fails when they are not
     *     kept, because the store is full, closed, or slower than what comes: the object is then as it was before
     */
    CompletionStage<StoredBytes> append(String name, ByteBuf content);

    /**
     * Says where a stretch of an object is, without a look at it.
     *
     * @param offset of the first byte
     * @param length in bytes
     */
    StoredBytes open(String name, long offset, long length);

    /** Deletes an object some time soon, behind what was appended before; nothing happens when it is not there. */
    void delete(String name);

    /** Deletes all objects of a folder, likewise. */
    void deleteFolder(String name);
}
