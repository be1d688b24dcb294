// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;

/**
 * The home page under load: so many channels, some of them live, so many views a second, each timed from when it was due.
 *
 * <p>Arguments: channels, live ones, views a second, seconds. {@code bench.sh home} runs it.
 */
public final class HomeBench {
    private HomeBench() {}

    public static void main(String[] arguments) throws Exception {
        int channels = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        int live = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 24;
        int perSecond = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200;
        int seconds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 20;
        try (BenchSite site = new BenchSite("700m")) {
            List<String> sessions = signUp(site, channels);
            List<RtmpScript> encoders = new ArrayList<>();
            for (int i = 0; i < live; i++) {
                RtmpScript encoder = new RtmpScript(site.rtmpPort).handshake().connect("live");
                encoder.publish(site.streamKey(sessions.get(i)));
                encoders.add(encoder);
            }
            Thread keepLive = Thread.ofVirtual().start(() -> broadcast(encoders));
            Thread.sleep(8_000);
            try (HttpClient client = HttpClient.newHttpClient()) {
                run(client, site, perSecond, 5);
                Duration before = site.cpu();
                long start = System.nanoTime();
                run(client, site, perSecond, seconds);
                System.out.printf(
                        "site: %.2f cores, %.0f MiB resident; %d channels, %d live%n",
                        site.cpu().minus(before).toNanos() / (double) (System.nanoTime() - start),
                        site.resident() / 1048576.0,
                        channels,
                        live);
            }
            keepLive.interrupt();
            keepLive.join();
        }
        System.exit(0);
    }

    private static List<String> signUp(BenchSite site, int channels) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> sessions = new ArrayList<>();
            for (int i = 0; i < channels; i++) {
                int number = i;
                sessions.add(threads.submit(() -> site.signUp(number, name(number))));
            }
            List<String> done = new ArrayList<>();
            for (Future<String> session : sessions) {
                done.add(session.get());
            }
            return done;
        }
    }

    private static String name(int number) {
        String letters = "abcdefghjkmnpqstuxyz";
        return "chan" + letters.charAt(number / 400) + letters.charAt(number / 20 % 20) + letters.charAt(number % 20);
    }

    private static void broadcast(List<RtmpScript> encoders) {
        try {
            List<MediaScript> media = new ArrayList<>();
            for (RtmpScript encoder : encoders) {
                media.add(new MediaScript(encoder).headers());
            }
            while (!Thread.currentThread().isInterrupted()) {
                for (MediaScript script : media) {
                    script.both(1);
                }
                Thread.sleep(1_000);
            }
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(HttpClient client, BenchSite site, int perSecond, int seconds) {
        int total = perSecond * seconds;
        long[] times = new long[total];
        AtomicInteger bad = new AtomicInteger();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        HttpRequest request = HttpRequest.newBuilder(URI.create(site.url("/")))
                .header("Accept", "text/html")
                .build();
        AtomicInteger size = new AtomicInteger();
        long start = System.nanoTime();
        for (int i = 0; i < total; i++) {
            int number = i;
            long due = start + i * 1_000_000_000L / perSecond;
            LockSupport.parkNanos(due - System.nanoTime());
            asked.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                    .handle((answer, failure) -> {
                        times[number] = System.nanoTime() - due;
                        if (failure != null || answer.statusCode() != 200) {
                            bad.incrementAndGet();
                        } else {
                            size.set(answer.body().length);
                        }
                        return null;
                    }));
        }
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).join();
        double took = (System.nanoTime() - start) / 1e9;
        Arrays.sort(times);
        System.out.printf(
                "%d views in %.1f s (%.0f a second), %d failed, %d KiB each: %s%n",
                total, took, total / took, bad.get(), size.get() >> 10, BenchSite.percentiles(times));
    }
}
