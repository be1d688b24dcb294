// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that many ask for at the same time, each opened once. One that was deleted can be sent to its end by whoever began. Thread-safe.
 */
final class SharedFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedFiles.class);

    private static final int MAX_OPEN = 1_024;
    private static final Duration UNUSED = Duration.ofSeconds(10);

    private final Cache<Path, OpenFile> open;

    SharedFiles() {
        this(UNUSED);
    }

    /** @param unused so long a file is kept open after it was asked for last */
    SharedFiles(Duration unused) {
        open = Caffeine.newBuilder()
                .maximumSize(MAX_OPEN)
                .expireAfterAccess(unused)
                .executor(Runnable::run)
                // A file that was deleted takes space on disk until it is closed, whether anybody asks for another or
                // not.
                .scheduler(Scheduler.systemScheduler())
                .<Path, OpenFile>removalListener((_, file, _) -> {
                    if (file != null) {
                        file.release();
                    }
                })
                .build();
    }

    /** Closes when the last of those that send from it is done, and it is not kept open for others. */
    private static final class OpenFile extends AbstractReferenceCounted {
        private final FileChannel channel;

        OpenFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        protected void deallocate() {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("closing a file failed", e);
            }
        }

        @Override
        public ReferenceCounted touch(Object hint) {
            return this;
        }
    }

    /** Gives its file back and leaves it open. */
    private static final class Region extends DefaultFileRegion {
        private final OpenFile file;

        Region(OpenFile file, long position, long count) {
            super(file.channel, position, count);
            this.file = file;
        }

        @Override
        protected void deallocate() {
            file.release();
        }
    }

    /**
     * A piece of a file for a socket to send. Opening is a system call on a local disk: event loops may do it.
     *
     * @throws IOException if the file is gone
     */
    FileRegion region(Path path, long position, long count) throws IOException {
        while (true) {
            OpenFile file;
            try {
                file = open.get(path, SharedFiles::open);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            try {
                file.retain();
            } catch (io.netty.util.IllegalReferenceCountException closed) {
                continue; // dropped between the two lines
            }
            return new Region(file, position, count);
        }
    }

    /** Closes what nobody sends from; the rest follows. */
    @Override
    public void close() {
        open.invalidateAll();
    }

    private static OpenFile open(Path path) {
        try {
            return new OpenFile(FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
