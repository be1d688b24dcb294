// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.child;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The child processes of an engine: few at a time, each with an end to its time and to what it may answer, behind everything else that the
 * machine does. All are killed when this is closed. An engine that is killed itself takes them along by its pipes: a child is handed its
 * input and wants to be rid of its output, and either ends it when nobody is there any more.
 *
 * <p>Thread-safe; methods block, and are not for event loops.
 */
public final class Children implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Children.class);

    /** What viewers get comes first: a child has a third of the time of what is not nice. */
    private static final List<String> NICE = List.of("-n", "5");

    /** From the last byte that a child wrote to its end, and from its killing. */
    private static final Duration END_TIME = Duration.ofSeconds(5);

    /** An exit status above is a signal's number more. */
    private static final int SIGNALLED = 128;

    private final List<String> steppingBack;
    private final Semaphore places;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param most at a time; who comes beyond waits for a place */
    public Children(int most) {
        this(most, Programs.onPath("nice").map(Path::toString).stream().toList());
    }

    private Children(int most, List<String> nice) {
        places = new Semaphore(most, true);
        List<String> before = new ArrayList<>(nice);
        if (!before.isEmpty()) {
            before.addAll(NICE);
        }
        steppingBack = List.copyOf(before);
    }

    /** Children whose work viewers wait for: they step back behind nobody. */
    public static Children inTime(int most) {
        return new Children(most, List.of());
    }

    /** Whether there is a place for one more. */
    public boolean hasPlace() {
        return places.availablePermits() > 0;
    }

    /** How many there are now. */
    public int running() {
        return running.size();
    }

    /**
     * Runs a program to its end: hands it an input, and takes what it writes. What it says beside that is thrown away.
     *
     * @param command the program and its arguments
     * @param largest answer in bytes
     * @param limit of its time; what is left then is killed
     * @return what it wrote, which may be nothing
     * @throws ChildException if it did not start, took too long, wrote too much, or was killed
     * @throws InterruptedException if the thread is interrupted; the child is killed
     */
    public byte[] run(List<String> command, byte[] input, int largest, Duration limit)
            throws ChildException, InterruptedException {
        places.acquire();
        try {
            return runNow(command, input, largest, limit);
        } finally {
            places.release();
        }
    }

    private byte[] runNow(List<String> command, byte[] input, int largest, Duration limit)
            throws ChildException, InterruptedException {
        Process child = start(command);
        AtomicBoolean late = new AtomicBoolean();
        Thread timer = beside("child-timer", () -> {
            try {
                if (!child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    late.set(true);
                    child.destroyForcibly();
                }
            } catch (InterruptedException done) {
                child.destroyForcibly();
            }
        });
        beside("child-input", () -> {
            try (OutputStream in = child.getOutputStream()) {
                in.write(input);
            } catch (IOException enough) {
                LOG.trace("A child read a part", enough);
            }
        });
        try (InputStream out = child.getInputStream()) {
            byte[] answer = out.readNBytes(largest + 1);
            if (answer.length > largest) {
                throw new ChildException("it wrote more than " + largest + " bytes");
            }
            boolean ended = child.waitFor(END_TIME.toMillis(), TimeUnit.MILLISECONDS);
            if (closed) {
                throw new ChildException("the engine is going down");
            }
            if (late.get() || !ended) {
                throw new ChildException("it took longer than " + limit.toSeconds() + " s");
            }
            if (child.exitValue() > SIGNALLED) {
                throw new ChildException("it was killed by signal " + (child.exitValue() - SIGNALLED));
            }
            return answer;
        } catch (ChildException told) {
            throw told;
        } catch (IOException torn) {
            // Whoever is killed may be read to the end, or torn off: it is one thing to be told.
            if (closed) {
                throw new ChildException("the engine is going down");
            }
            if (late.get()) {
                throw new ChildException("it took longer than " + limit.toSeconds() + " s");
            }
            throw new ChildException("it cannot be read: " + torn.getMessage());
        } finally {
            child.destroyForcibly();
            running.remove(child);
            timer.interrupt();
            timer.join();
        }
    }

    /**
     * Starts a program that is handed something and read for as long as somebody wants, who kills it in the end. It has its place until it is
     * gone.
     *
     * @param patience so long a place is waited for
     * @return empty when there are as many as there may be
     * @throws ChildException if it does not start
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Optional<Process> open(List<String> command, Duration patience) throws ChildException, InterruptedException {
        if (closed || !places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        Process child;
        try {
            child = start(command);
        } catch (ChildException failed) {
            places.release();
            throw failed;
        }
        child.onExit().thenRun(() -> {
            running.remove(child);
            places.release();
        });
        return Optional.of(child);
    }

    private Process start(List<String> command) throws ChildException {
        List<String> words = new ArrayList<>(steppingBack);
        words.addAll(command);
        Process child;
        try {
            child = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new ChildException("it did not start: " + e.getMessage());
        }
        running.add(child);
        if (closed) { // a moment ago, and did not see this one
            child.destroyForcibly();
        }
        return child;
    }

    private static Thread beside(String name, Runnable work) {
        return Thread.ofPlatform().name(name).daemon().start(work);
    }

    /** Kills all that run, and those that are started yet. */
    @Override
    public void close() {
        closed = true;
        running.forEach(Process::destroyForcibly);
    }
}
