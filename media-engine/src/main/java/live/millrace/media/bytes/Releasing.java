// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bytes;

import io.netty.util.ReferenceCounted;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives back many things that are counted. One that cannot be given back, because somebody did so twice, is a mistake of ours; it must
 * not cost the others, so that the failure is thrown when all had their turn.
 */
public final class Releasing {
    private Releasing() {}

    /** Releases each of them once. */
    public static void all(Iterable<? extends ReferenceCounted> counted) {
        all(counted, ReferenceCounted::release);
    }

    /** Gives each of them back. */
    public static <T> void all(Iterable<? extends T> counted, Consumer<? super T> release) {
        rest(counted.iterator(), release);
    }

    /** Gives back what an iterator has left. */
    public static <T> void rest(Iterator<? extends T> counted, Consumer<? super T> release) {
        @Nullable RuntimeException failed = null;
        while (counted.hasNext()) {
            T each = counted.next();
            try {
                release.accept(each);
            } catch (RuntimeException e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** Hands things over one by one to whoever takes them, come what may; after a failure the rest is given back. */
    public static <T> void handOver(
            Iterable<? extends T> counted, Consumer<? super T> taker, Consumer<? super T> release) {
        Iterator<? extends T> left = counted.iterator();
        try {
            while (left.hasNext()) {
                taker.accept(left.next());
            }
        } finally {
            rest(left, release);
        }
    }
}
