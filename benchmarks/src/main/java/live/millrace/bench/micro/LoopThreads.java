// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.micro;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs benchmarks on threads like those of event loops: Netty's pools of small objects serve no others. Named to JMH by {@code
 * jmh.executor.class}, which makes it by this constructor.
 */
public final class LoopThreads extends ThreadPoolExecutor {
    static final String CUSTOM = "-Djmh.executor=CUSTOM";
    static final String CLASS = "-Djmh.executor.class=live.millrace.bench.micro.LoopThreads";

    public LoopThreads(int threads, String prefix) {
        super(threads, threads, 1, TimeUnit.DAYS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(prefix));
    }
}
