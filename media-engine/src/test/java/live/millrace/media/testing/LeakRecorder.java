// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Netty's leak detector in tests: remembers, instead of logging, what {@link LeakExtension} lets the build fail for. */
public final class LeakRecorder<T> extends ResourceLeakDetector<T> {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean TRACKED = new AtomicBoolean();

    /** Called by Netty, which knows the class by a system property. */
    public LeakRecorder(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    /** Called by Netty, as above. */
    public LeakRecorder(Class<?> resourceType, int samplingInterval, long maxActive) {
        super(resourceType, samplingInterval);
    }

    @Override
    public @Nullable ResourceLeakTracker<T> track(T object) {
        TRACKED.setPlain(true);
        return super.track(object);
    }

    /** Whether there were new buffers since this was last asked. */
    static boolean tracked() {
        return TRACKED.getAndSet(false);
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        LEAKS.add("LEAK: " + resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        LEAKS.add("LEAK: " + resourceType);
    }

    /** The oldest leak that was not taken yet; null when there is none. */
    static @Nullable String poll() {
        return LEAKS.poll();
    }
}
