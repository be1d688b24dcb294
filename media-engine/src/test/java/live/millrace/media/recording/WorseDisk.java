// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A disk that takes so many bytes, and then none, and says what it likes of its room: the first bytes of a write that does not fit are taken.
 * It may be held as well, and writes nothing then.
 */
final class WorseDisk implements Disk {
    static final long PLENTY = Long.MAX_VALUE / 2;

    private final AtomicLong room = new AtomicLong(PLENTY);
    private volatile long says = PLENTY;
    private volatile boolean readOnly;
    private final ReentrantLock held = new ReentrantLock();

    /** Whoever writes from now on waits until the same thread lets it go. */
    void hold() {
        held.lock();
    }

    void letGo() {
        held.unlock();
    }

    /** It takes so many bytes more. */
    void room(long bytes) {
        room.set(bytes);
    }

    /** What it says that it has. */
    void says(long free) {
        says = free;
    }

    /** Whether it refuses everything, as one does that the system has given up. */
    void readOnly(boolean now) {
        readOnly = now;
    }

    @Override
    public Space space(Path folder) {
        return new Space(says, PLENTY);
    }

    @Override
    public FileChannel open(Path path, OpenOption... options) throws IOException {
        refuse();
        return new Limited(FileChannel.open(path, options));
    }

    private void refuse() throws IOException {
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
    }

    /** Lets through as much as there is room for. */
    private final class Limited extends FileChannel {
        private final FileChannel file;

        Limited(FileChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            refuse();
            long left = room.get();
            if (left <= 0) {
                throw new IOException("No space left on device");
            }
            int length = (int) Math.min(left, bytes.remaining());
            int written = written(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + written);
            room.addAndGet(-written);
            return written;
        }

        private int written(ByteBuffer some) throws IOException {
            held.lock();
            try {
                return file.write(some);
            } finally {
                held.unlock();
            }
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            refuse();
            file.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            refuse();
            file.force(metaData);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public FileChannel position(long newPosition) throws IOException {
            file.position(newPosition);
            return this;
        }

        // What recording never does.

        @Override
        public int read(ByteBuffer into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer into, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] bytes, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer bytes, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
