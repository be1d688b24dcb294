// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import live.millrace.media.bytes.Releasing;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer gets who comes now: the format's header, the configuration of the tracks, and every batch since the last random access
 * point, as it was sent. Without a random access point it is closed, and a viewer gets header and configuration alone.
 *
 * <p>Owns its buffers. Confined to the stream's thread.
 */
final class JoinPoint {
    private static final int FIRST_ALLOCATION = 8 << 10;

    /** Beyond this it is closed until the next random access point. */
    private static final long MAX_BYTES = 16L << 20;

    private final FeedEncoder encoder;
    private final ByteBufAllocator alloc;

    // Lifetime of a configuration.
    private @Nullable ByteBuf header;
    private @Nullable ByteBuf configuration;

    /** The batches bring a newer configuration than the header that stands before them. */
    private boolean headerIsOld;

    // Since the last random access point.
    private final List<ByteBuf> batches = new ArrayList<>();
    private long bytes;
    private boolean open;
    private long openedMillis;

    JoinPoint(FeedEncoder encoder, ByteBufAllocator alloc) {
        this.encoder = encoder;
        this.alloc = alloc;
    }

    boolean isOpen() {
        return open;
    }

    /** Decode time of the random access point with which it was opened. */
    long openedMillis() {
        return openedMillis;
    }

    /** All of it for one viewer, who releases each. */
    List<ByteBuf> forViewer() {
        List<ByteBuf> first = new ArrayList<>(batches.size() + 1);
        first.add(header().retainedDuplicate());
        for (ByteBuf batch : batches) {
            first.add(batch.retainedDuplicate());
        }
        return first;
    }

    private ByteBuf header() {
        ByteBuf made = header;
        if (made == null) {
            made = encoded(out -> {
                encoder.header(out);
                encoder.configuration(out);
            });
            header = made;
        }
        return made;
    }

    /** The configuration of the tracks alone, for a viewer who has the header. Borrowed: valid until the next change. */
    ByteBuf configuration() {
        ByteBuf made = configuration;
        if (made == null) {
            made = encoded(encoder::configuration);
            configuration = made;
        }
        return made;
    }

    /** A buffer of its own for what an encoder writes; owned by the caller. */
    ByteBuf encoded(Consumer<ByteBuf> write) {
        ByteBuf out = alloc.directBuffer(FIRST_ALLOCATION);
        boolean whole = false;
        try {
            write.accept(out);
            whole = true;
        } finally {
            if (!whole) {
                out.release();
            }
        }
        return out;
    }

    /** A random access point comes: what stood before it is dropped. */
    void open(long millis) {
        dropBatches();
        open = true;
        openedMillis = millis;
    }

    /** Nothing can be joined until the next random access point. */
    void close() {
        open = false;
        dropBatches();
    }

    /** Keeps a batch that was sent, if it is open. */
    void add(ByteBuf batch) {
        if (open && bytes + batch.readableBytes() <= MAX_BYTES) {
            keep(batch);
        } else {
            close();
        }
    }

    private void keep(ByteBuf batch) {
        batches.add(batch.retain());
        bytes += batch.readableBytes();
    }

    /** The encoder gets other tracks, and nothing that was sent goes with them. */
    void reset() {
        open = false;
        dropHeader();
        dropBatches();
    }

    /** The encoder will get other tracks between two frames that go together: the header stays that of the first. */
    void beforeChange() {
        header();
        headerIsOld = true;
    }

    /** The encoder got them: their configuration stands between the frames, for those who join here. Borrowed. */
    ByteBuf change() {
        dropConfiguration();
        ByteBuf change = configuration();
        keep(change);
        return change;
    }

    /** Lets go of everything. */
    void release() {
        List<ByteBuf> all = new ArrayList<>(batches);
        batches.clear();
        bytes = 0;
        for (ByteBuf each : new @Nullable ByteBuf[] {header, configuration}) {
            if (each != null) {
                all.add(each);
            }
        }
        header = null;
        configuration = null;
        Releasing.all(all);
    }

    private void dropBatches() {
        List<ByteBuf> dropped = List.copyOf(batches);
        batches.clear();
        bytes = 0;
        try {
            Releasing.all(dropped);
        } finally {
            if (headerIsOld) {
                dropHeader();
            }
        }
    }

    private void dropHeader() {
        ByteBuf old = header;
        header = null;
        headerIsOld = false;
        try {
            if (old != null) {
                old.release();
            }
        } finally {
            dropConfiguration();
        }
    }

    private void dropConfiguration() {
        ByteBuf old = configuration;
        configuration = null;
        if (old != null) {
            old.release();
        }
    }
}
