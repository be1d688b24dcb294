// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A stretch of a file. */
record FileBytes(Path path, long offset, long length) implements StoredBytes {
    FileBytes {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("no stretch: " + length + " bytes at " + offset);
        }
    }

    @Override
    public Optional<Path> file() {
        return Optional.of(path);
    }

    @Override
    public ByteBuf read() throws IOException {
        int size = Math.toIntExact(length);
        ByteBuf bytes = Unpooled.buffer(Math.max(1, size), Math.max(1, size));
        boolean whole = false;
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            while (bytes.readableBytes() < size) {
                if (bytes.writeBytes(file, offset + bytes.readableBytes(), size - bytes.readableBytes()) < 0) {
                    throw new EOFException(path + " ends before " + (offset + size));
                }
            }
            whole = true;
            return bytes;
        } finally {
            if (!whole) {
                bytes.release();
            }
        }
    }
}
