// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;

/**
 * Keeps an engine of another process busy for a while, and tells how its memory, descriptors and threads went: five publishers in
 * real time that come and go, each with time stamps that cross 2^24 ms after a minute; a viewer for each, who notes broken rules of
 * the playlist; hostile cases, one for about a hundred messages of a publisher; and a crowd of viewers of every kind.
 *
 * <p>Arguments: RTMP port, HTTP port, address of the metrics, file of the token, minutes, viewers of each kind.
 */
public final class Soak {
    private static final int PUBLISHERS = 5;
    private static final long BORDER = 0xFFFFFF;
    private static final Duration SAMPLE = Duration.ofSeconds(10);
    private static final Duration HOSTILE = Duration.ofMillis(1_500);
    private static final Map<String, String> METERS = new LinkedHashMap<>();

    static {
        METERS.put("heap", "jvm_memory_used_bytes{area=\"heap\"");
        METERS.put("direct", "millrace_memory_direct_bytes");
        METERS.put("descriptors", "process_files_open_files");
        METERS.put("threads", "jvm_threads_live_threads");
    }

    private final int rtmpPort;
    private final int httpPort;
    private final String metrics;
    private final String token;
    private final long end;
    private final int viewers;
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final LongAdder sessions = new LongAdder();
    private final LongAdder segments = new LongAdder();
    private final LongAdder hostile = new LongAdder();

    private Soak(String[] arguments) throws IOException {
        rtmpPort = Integer.parseInt(arguments[0]);
        httpPort = Integer.parseInt(arguments[1]);
        metrics = arguments[2];
        token = Files.readString(Path.of(arguments[3])).strip();
        end = System.nanoTime()
                + Duration.ofMinutes(Long.parseLong(arguments[4])).toNanos();
        viewers = Integer.parseInt(arguments[5]);
    }

    public static void main(String[] arguments) throws Exception {
        new Soak(arguments).run();
    }

    private boolean goesOn() {
        return System.nanoTime() < end;
    }

    private void run() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            String channel = Scene.KEY + "soak" + i;
            Random random = new Random(i);
            threads.add(Thread.ofPlatform().start(() -> publish(channel, random)));
            threads.add(Thread.ofPlatform().start(() -> watch(channel)));
        }
        threads.add(Thread.ofPlatform().start(this::attack));
        Crowd crowd = new Crowd(rtmpPort, httpPort, Scene.KEY + "crowd", this::goesOn, faults);
        crowd.start(viewers);
        sample();
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                Locale.ROOT,
                "%d publish sessions, %d segments watched, %d hostile cases, %d faults%n",
                sessions.sum(),
                segments.sum(),
                hostile.sum(),
                faults.size());
        crowd.received()
                .forEach((kind, bytes) ->
                        System.out.printf(Locale.ROOT, "%s: %d viewers, %.1f MB%n", kind, viewers, bytes.sum() / 1e6));
        faults.stream().distinct().limit(20).forEach(System.out::println);
    }

    private void publish(String channel, Random random) {
        while (goesOn()) {
            try (RtmpScript script = new RtmpScript(rtmpPort).handshake().connect("live")) {
                script.publish(channel);
                sessions.increment();
                MediaScript media = new MediaScript(script)
                        .clock(at -> BORDER - 60_000 + at)
                        .repeatExtended(random.nextBoolean())
                        .headers();
                long start = System.nanoTime();
                int ticks = (70 + random.nextInt(120)) * 25;
                for (int i = 0; i < ticks && goesOn(); i++) {
                    media.run(40, true, true);
                    LockSupport.parkNanos(start + i * 40_000_000L - System.nanoTime());
                }
                if (random.nextBoolean()) {
                    script.command(0, "FCUnpublish", 6, AmfValue.NULL, AmfValue.of(channel));
                    script.command(0, "deleteStream", 7, AmfValue.NULL, AmfValue.of(1));
                }
            } catch (IOException e) {
                faults.add(channel + " was cut off: " + e);
            }
            LockSupport.parkNanos(random.nextInt(random.nextInt(4) == 0 ? 80 : 10) * 1_000_000_000L);
        }
    }

    private void watch(String channel) {
        try (HlsReader viewer = new HlsReader(httpPort)) {
            long last = -1;
            while (goesOn()) {
                LockSupport.parkNanos(1_000_000_000L);
                HlsReader.Playlist playlist = viewer.playlist(channel);
                if (!playlist.isLive()) {
                    continue;
                }
                long target = playlist.number("TARGETDURATION");
                if (playlist.durations().stream().anyMatch(length -> Math.round(length) > target)) {
                    faults.add("a segment longer than its target");
                }
                long first = playlist.number("MEDIA-SEQUENCE");
                for (int i = 0; i < playlist.segments().size(); i++) {
                    long number = first + i;
                    if (number <= last) {
                        continue;
                    }
                    int status =
                            viewer.get("/live/" + playlist.segments().get(i)).statusCode();
                    if (status != 200) {
                        faults.add("a listed segment answered " + status);
                    }
                    last = number;
                    segments.increment();
                }
                if (playlist.next() - 1 < last) {
                    faults.add("media sequence numbers stepped back");
                }
            }
        } catch (Exception e) {
            faults.add("a viewer failed: " + e);
        }
    }

    private void attack() {
        List<SurvivalCase> cases = new ArrayList<>();
        ProtocolCases.all().stream()
                // Without keys, /etc/passwd is the channel "passwd".
                .filter(each -> each.remote() || each.name().contains(".."))
                .forEach(cases::add);
        HttpCases.all().stream().filter(each -> each.name().startsWith("GET ")).forEach(cases::add);
        Random random = new Random(99);
        try (Scene scene = new Scene(rtmpPort, httpPort)) {
            while (goesOn()) {
                SurvivalCase next = cases.get(random.nextInt(cases.size()));
                try {
                    next.attack().run(scene);
                    hostile.increment();
                } catch (Exception | AssertionError e) {
                    faults.add(next.name() + ": " + e);
                }
                LockSupport.parkNanos(HOSTILE.toNanos());
            }
        }
    }

    /** Prints a line for each sample, and slopes by least squares over the last three quarters. */
    private void sample() throws Exception {
        Map<String, List<Double>> series = new LinkedHashMap<>();
        List<Double> minutes = new ArrayList<>();
        long start = System.nanoTime();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (goesOn()) {
                String text = client.send(
                                HttpRequest.newBuilder(URI.create(metrics))
                                        .header("Authorization", "Bearer " + token)
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
                minutes.add((System.nanoTime() - start) / 60e9);
                METERS.forEach((name, meter) ->
                        series.computeIfAbsent(name, _ -> new ArrayList<>()).add(sum(text, meter)));
                System.out.printf(Locale.ROOT, "%.1f min", minutes.getLast());
                series.forEach((name, values) -> System.out.printf(Locale.ROOT, "  %s %.0f", name, values.getLast()));
                System.out.println();
                LockSupport.parkNanos(SAMPLE.toNanos());
            }
        }
        series.forEach((name, values) -> System.out.printf(
                Locale.ROOT,
                "%s: min %.0f, max %.0f, slope %.1f a minute%n",
                name,
                values.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                values.stream().mapToDouble(Double::doubleValue).max().orElse(0),
                slope(minutes, values)));
    }

    private static double sum(String text, String meter) {
        Matcher matcher = Pattern.compile("^" + Pattern.quote(meter) + ".* (\\S+)$", Pattern.MULTILINE)
                .matcher(text);
        double sum = 0;
        while (matcher.find()) {
            sum += Double.parseDouble(matcher.group(1));
        }
        return sum;
    }

    private static double slope(List<Double> x, List<Double> y) {
        int from = x.size() / 4;
        double meanX =
                x.subList(from, x.size()).stream().mapToDouble(d -> d).average().orElse(0);
        double meanY =
                y.subList(from, y.size()).stream().mapToDouble(d -> d).average().orElse(0);
        double over = 0;
        double under = 0;
        for (int i = from; i < x.size(); i++) {
            over += (x.get(i) - meanX) * (y.get(i) - meanY);
            under += (x.get(i) - meanX) * (x.get(i) - meanX);
        }
        return under == 0 ? 0 : over / under;
    }
}
