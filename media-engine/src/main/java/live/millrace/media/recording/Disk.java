// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** What recording asks of its disk. Every method blocks for it. */
interface Disk {
    /** The one of this machine. */
    Disk REAL = new Disk() {};

    /** Opens a file. */
    default FileChannel open(Path path, OpenOption... options) throws IOException {
        return FileChannel.open(path, options);
    }

    /**
     * Bytes of a disk.
     *
     * @param free for us
     * @param total of all it has
     */
    record Space(long free, long total) {}

    /** What is free where a folder is. */
    default Space space(Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        return new Space(store.getUsableSpace(), store.getTotalSpace());
    }
}
