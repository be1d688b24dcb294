// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Programs that tests make and run. Another process writes them: were the file open here, whatever this one starts at that moment would have it
 * open as well, and a system runs no file that somebody may still write to.
 */
public final class TestPrograms {
    private static final String WRITE = "cat > \"$1.new\" && chmod 700 \"$1.new\" && mv \"$1.new\" \"$1\"";

    private TestPrograms() {}

    /**
     * Makes a program for {@code sh}, where another may have been.
     *
     * @param text without the line that names {@code sh}
     * @return its place
     */
    public static Path shell(Path place, String text) throws IOException {
        return of(place, new ByteArrayInputStream(("#!/bin/sh\n" + text + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Makes a program of its bytes, where another may have been.
     *
     * @return its place
     */
    public static Path of(Path place, InputStream bytes) throws IOException {
        Process writing = new ProcessBuilder("sh", "-c", WRITE, "sh", place.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream to = writing.getOutputStream()) {
            bytes.transferTo(to);
        }
        try {
            if (writing.waitFor() != 0) {
                throw new IOException(place + " was not written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return place;
    }
}
