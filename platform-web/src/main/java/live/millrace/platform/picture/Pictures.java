// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture;

import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All uploaded pictures. Thread-safe. */
public interface Pictures {
    /** Of an upload, in bytes. */
    int MAX_UPLOAD = 8 << 20;

    /**
     * A stored picture.
     *
     * @param contentType always one that a browser shows and never runs
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Stored(String contentType, byte[] bytes) {}

    /**
     * Reads an upload, encodes it anew in the size of its kind and keeps it. Nothing of the file survives but its pixels.
     *
     * @param owner goes, and the picture goes with it; null for pictures of the site itself
     * @param upload borrowed; read to its end or to the limit
     * @return the picture's name
     * @throws BadPictureException when it is no picture that can be read, or too large
     */
    String store(PictureKind kind, @Nullable Long owner, InputStream upload) throws BadPictureException;

    Optional<Stored> find(String name);

    /** Forgets a picture that nothing shows any more. */
    void delete(String name);

    /** Where a browser finds it. */
    static String address(String name) {
        return "/pictures/" + name;
    }
}
