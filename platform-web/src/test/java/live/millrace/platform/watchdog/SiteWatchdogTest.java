// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What a site that answers nobody is taken for, minute by minute. */
class SiteWatchdogTest {
    private final RequestTally requests = new RequestTally();
    private final List<String> done = new ArrayList<>();
    private final CountDownLatch answers = new CountDownLatch(1);
    private long nanos;
    private boolean healthy;
    private boolean reached = true;

    private final SiteWatchdog.Means means = new SiteWatchdog.Means() {
        @Override
        public void askForAPage() {
            done.add("page");
            if (healthy) {
                request(() -> {});
            }
        }

        @Override
        public boolean asked() {
            return reached;
        }

        @Override
        public String dumpThreads() {
            done.add("dump");
            return "dumps/threads.txt";
        }

        @Override
        public void endProcess() {
            done.add("end");
        }
    };

    private SiteWatchdog watchdog(boolean endProcess) {
        return new SiteWatchdog(requests, () -> nanos, means, endProcess);
    }

    private void pass(SiteWatchdog watchdog, int seconds) {
        for (int i = 0; i < seconds; i += 5) {
            nanos += Duration.ofSeconds(5).toNanos();
            watchdog.look();
        }
    }

    /** A request that waits until the test ends. */
    private CompletableFuture<Void> waitingRequest() throws InterruptedException {
        CountDownLatch there = new CountDownLatch(1);
        CompletableFuture<Void> request = CompletableFuture.runAsync(() -> request(() -> {
            there.countDown();
            answers.await();
        }));
        there.await();
        return request;
    }

    private interface Handling {
        void run() throws InterruptedException;
    }

    private void request(Handling handling) {
        try {
            requests.doFilter(new MockHttpServletRequest(), new MockHttpServletResponse(), (_, _) -> {
                try {
                    handling.run();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        } catch (java.io.IOException | jakarta.servlet.ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void answer() {
        answers.countDown();
    }

    @Test
    void aSiteThatNobodyVisitsIsAskedForAPageNowAndThen() {
        healthy = true;
        SiteWatchdog watchdog = watchdog(true);
        pass(watchdog, 7_200);
        assertThat(done).containsOnly("page").hasSizeLessThanOrEqualTo(7_200 / 40);
        assertThat(watchdog.stuck()).isFalse();
    }

    @Test
    void aMinuteWithoutAnswerIsStuckAndTwoAreTheEnd() throws Exception {
        SiteWatchdog watchdog = watchdog(true);
        waitingRequest();
        pass(watchdog, 35);
        assertThat(done).isEmpty();
        pass(watchdog, 5);
        assertThat(done).containsExactly("page");
        assertThat(watchdog.stuck()).isFalse();
        pass(watchdog, 20);
        assertThat(done).containsExactly("page", "dump", "page");
        assertThat(watchdog.stuck()).isTrue();
        pass(watchdog, 55);
        assertThat(done).doesNotContain("end");
        pass(watchdog, 5);
        assertThat(done).containsExactly("page", "dump", "page", "dump", "end");
        pass(watchdog, 600);
        assertThat(done).hasSize(5);
    }

    /** Whatever hangs before a request is counted, as in the container itself. */
    @Test
    void aPageThatNeverArrivesIsStuckAsWell() {
        SiteWatchdog watchdog = watchdog(true);
        pass(watchdog, 60);
        assertThat(watchdog.stuck()).isTrue();
    }

    @Test
    void aSiteThatTheWatchdogCannotReachIsNotJudged() throws Exception {
        reached = false;
        SiteWatchdog watchdog = watchdog(true);
        waitingRequest();
        pass(watchdog, 7_200);
        assertThat(done).containsOnly("page");
        assertThat(watchdog.stuck()).isFalse();
    }

    @Test
    void afterALongStopOfTheMachineTheSiteIsAskedFirst() throws Exception {
        SiteWatchdog watchdog = watchdog(true);
        waitingRequest();
        pass(watchdog, 5);
        nanos += Duration.ofHours(8).toNanos();
        pass(watchdog, 5);
        assertThat(done).containsExactly("page");
    }

    @Test
    void theProcessStaysWhereThatIsWished() throws Exception {
        SiteWatchdog watchdog = watchdog(false);
        waitingRequest();
        pass(watchdog, 600);
        assertThat(done).containsExactly("page", "dump", "page", "dump");
        assertThat(watchdog.stuck()).isTrue();
    }

    @Test
    void whoeverUploadsForAnHourIsNoStuckSite() throws Exception {
        healthy = true;
        SiteWatchdog watchdog = watchdog(true);
        waitingRequest();
        pass(watchdog, 3_600);
        assertThat(done).containsOnly("page");
        assertThat(watchdog.stuck()).isFalse();
    }

    @Test
    void oneAnswerAndAllIsWell() throws Exception {
        SiteWatchdog watchdog = watchdog(true);
        CompletableFuture<Void> request = waitingRequest();
        pass(watchdog, 90);
        assertThat(watchdog.stuck()).isTrue();
        answers.countDown();
        request.join();
        healthy = true;
        pass(watchdog, 5);
        assertThat(watchdog.stuck()).isFalse();
        pass(watchdog, 600);
        assertThat(done).doesNotContain("end");
    }

    @Test
    void aRequestThatFailsIsAnAnswer() {
        try {
            request(() -> {
                throw new IllegalStateException("our fault");
            });
        } catch (IllegalStateException expected) {
            done.clear();
        }
        assertThat(requests.answered()).isEqualTo(1);
        assertThat(requests.waiting()).isZero();
    }
}
