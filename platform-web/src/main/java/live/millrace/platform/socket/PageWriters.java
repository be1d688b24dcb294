// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that write to pages. */
final class PageWriters {
    /** They wait for no network but with a goodbye; many pages may have to be told one at a time. */
    private static final int WRITERS = 8;

    private static final long WRITER_IDLE_SECONDS = 30;

    private PageWriters() {}

    static ExecutorService start() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                WRITERS,
                WRITERS,
                WRITER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("page-writers-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
