// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A busy room: viewers who listen, people who talk at a steady rate, some listeners who do not read. Every line must reach every
 * viewer once. The time is from before a line is sent until a viewer has it, on one machine with the site and the load.
 *
 * <p>Arguments: viewers, lines a second, seconds. {@code bench.sh chat} runs it.
 */
public final class ChatBench {
    private static final Pattern LINE = Pattern.compile("\"v\":\"bench (\\d+) ");
    private static final int SPEAKERS = 110;
    private static final int DEAF = 5;

    private final int viewers;
    private final int perSecond;
    private final int total;
    private final AtomicLongArray sentAt;
    private final AtomicLongArray heard;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong twice = new AtomicLong();
    private final AtomicLong joined = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();
    private final Map<String, AtomicLong> refused = new ConcurrentHashMap<>();
    private final AtomicLong stored = new AtomicLong();
    private final long[] latencies;

    private ChatBench(int viewers, int perSecond, int seconds) {
        this.viewers = viewers;
        this.perSecond = perSecond;
        this.total = perSecond * seconds;
        this.sentAt = new AtomicLongArray(total);
        this.heard = new AtomicLongArray(total);
        this.latencies = new long[viewers * total];
    }

    public static void main(String[] arguments) throws Exception {
        int viewers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        int perSecond = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 30;
        new ChatBench(viewers, perSecond, seconds).run();
    }

    private void run() throws Exception {
        try (BenchSite site = new BenchSite("700m");
                HttpClient client = HttpClient.newBuilder()
                        .executor(Executors.newFixedThreadPool(2))
                        .build()) {
            site.signUp(0, "room");
            List<String> sessions = new ArrayList<>();
            for (int i = 0; i < SPEAKERS; i++) {
                sessions.add(site.signUp(i + 1, "speaker" + letters(i)));
            }
            URI address = URI.create("ws://localhost:" + site.port + "/api/v1/socket");
            List<WebSocket> speakers = new ArrayList<>();
            for (String session : sessions) {
                speakers.add(open(client, address, session, new Speaker()).get());
            }
            Thread.sleep(2_000);
            long before = site.resident();
            Semaphore atOnce = new Semaphore(50);
            List<CompletableFuture<WebSocket>> opening = new ArrayList<>();
            for (int i = 0; i < viewers; i++) {
                atOnce.acquire();
                opening.add(open(client, address, null, new Viewer()).whenComplete((_, _) -> atOnce.release()));
            }
            for (int i = 0; i < DEAF; i++) {
                // Joins and never reads: no request for a message is ever made.
                opening.add(open(client, address, null, new WebSocket.Listener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        // deaf
                    }
                }));
            }
            CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new)).get();
            while (joined.get() < viewers) {
                Thread.sleep(50);
            }
            Thread.sleep(3_000);
            long after = site.resident();
            Duration cpuBefore = site.cpu();
            long start = System.nanoTime();
            for (int i = 0; i < total; i++) {
                long due = start + i * 1_000_000_000L / perSecond;
                LockSupport.parkNanos(due - System.nanoTime());
                WebSocket speaker = speakers.get(i % SPEAKERS);
                sentAt.set(i, System.nanoTime());
                speaker.sendText(
                        "{\"type\":\"say\",\"topic\":\"chat:room\",\"id\":\"" + UUID.randomUUID()
                                + "\",\"text\":\"bench " + i + " says something of the usual length\"}",
                        true);
            }
            long sending = System.nanoTime() - start;
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (delivered.get() < (long) viewers * total && System.nanoTime() < deadline) {
                Thread.sleep(100);
            }
            Duration cpu = site.cpu().minus(cpuBefore);
            report(before, after, sending, cpu, site.resident());
            client.shutdownNow();
        }
        System.exit(0);
    }

    private void report(long before, long after, long sending, Duration cpu, long end) {
        long wanted = (long) viewers * total;
        long[] sorted = Arrays.copyOf(latencies, (int) Math.min(delivered.get(), wanted));
        Arrays.sort(sorted);
        long late = 0;
        for (int i = 0; i < total; i++) {
            late += viewers - heard.get(i);
        }
        System.out.printf(
                "%d viewers, %d lines in %.1f s (%.1f a second), %d stored, refused %s%n",
                viewers, total, sending / 1e9, total / (sending / 1e9), stored.get(), refused);
        System.out.printf(
                "deliveries: %d of %d, missing %d, twice %d; frames to a viewer %.1f a second%n",
                delivered.get(), wanted, late, twice.get(), frames.get() / (double) viewers / (sending / 1e9));
        System.out.println("delivery: " + BenchSite.percentiles(sorted));
        System.out.printf(
                "site: %.2f cores; resident %.0f MiB before, %.0f MiB with all connected (%.1f KiB a connection), %.0f MiB at the end%n",
                cpu.toNanos() / (double) sending,
                before / 1048576.0,
                after / 1048576.0,
                (after - before) / 1024.0 / viewers,
                end / 1048576.0);
    }

    /** A number as letters: names that differ in digits alone can look alike. */
    private static String letters(int number) {
        return "" + (char) ('a' + number / 20) + "abcdefghjkmnpqstuxyz".charAt(number % 20);
    }

    private static CompletableFuture<WebSocket> open(
            HttpClient client, URI address, @Nullable String session, WebSocket.Listener listener) {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        // Thousands of one address would be too many.
        int number = ThreadLocalRandom.current().nextInt(1 << 16);
        builder.header("X-Forwarded-For", "198.18." + (number >> 8) + "." + (number & 0xff));
        if (session != null) {
            builder.header("Cookie", session);
        }
        return builder.buildAsync(address, listener)
                .thenCompose(socket -> socket.sendText("{\"type\":\"join\",\"topics\":[\"chat:room\"]}", true));
    }

    /** Hears its answers. */
    private final class Speaker implements WebSocket.Listener {
        private final StringBuilder part = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                if (part.indexOf("\"type\":\"said\"") >= 0) {
                    stored.incrementAndGet();
                }
                Matcher reason = Pattern.compile("\"reason\":\"([a-z-]+)\"").matcher(part);
                if (reason.find()) {
                    refused.computeIfAbsent(reason.group(1), _ -> new AtomicLong())
                            .incrementAndGet();
                }
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    /** Hears every line, and notes when. */
    private final class Viewer implements WebSocket.Listener {
        private final StringBuilder part = new StringBuilder();
        private final java.util.BitSet lines = new java.util.BitSet(total);

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                long now = System.nanoTime();
                if (part.indexOf("\"type\":\"messages\"") >= 0) {
                    frames.incrementAndGet();
                } else if (part.indexOf("\"type\":\"history\"") >= 0) {
                    joined.incrementAndGet();
                }
                Matcher line = LINE.matcher(part);
                while (line.find()) {
                    int number = Integer.parseInt(line.group(1));
                    if (lines.get(number)) {
                        twice.incrementAndGet();
                    } else {
                        lines.set(number);
                        heard.incrementAndGet(number);
                        latencies[(int) delivered.getAndIncrement()] = now - sentAt.get(number);
                    }
                }
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
