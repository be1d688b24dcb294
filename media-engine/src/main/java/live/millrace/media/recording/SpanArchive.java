// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.time.Duration;

/**
 * Where closed spans are kept beside the disk, or in place of it. An object has the name that it has in the store, and never changes. Called
 * on several threads; each call blocks, for as long as its deadline at most.
 */
public interface SpanArchive {
    /**
     * Reads a stretch of an object.
     *
     * @return exactly so many bytes
     * @throws java.nio.file.NoSuchFileException when there is no such object, or it is shorter
     * @throws IOException when the archive cannot be asked at the moment
     */
    byte[] read(String object, long offset, int length, Duration deadline) throws IOException;

    /**
     * Reads all of a small object.
     *
     * @param most bytes that are read
     * @throws java.nio.file.NoSuchFileException when there is no such object
     * @throws IOException when it is larger, or the archive cannot be asked at the moment
     */
    byte[] readAll(String object, int most, Duration deadline) throws IOException;
}
