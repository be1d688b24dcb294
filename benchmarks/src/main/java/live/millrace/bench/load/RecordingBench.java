// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What recording costs those who watch: the engine alone with twenty streams and five players of each, without segments, with segments for
 * HLS, and with segments that are kept; one after the other. Prints a table for docs/performance.md.
 *
 * <pre>RecordingBench ENGINE_JAR SECONDS</pre>
 */
public final class RecordingBench {
    private static final int STREAMS = 20;
    private static final int PLAYERS = 5 * STREAMS;
    private static final int BITRATE = 2_000_000;
    private static final int WARM_UP_SECONDS = 20;

    private record Row(String title, String settings) {}

    private static final List<Row> ROWS = List.of(
            new Row("nothing is cut", Server.ALONE),
            new Row("cut for HLS", Server.ALONE + "hls:\n  always: true\n"),
            new Row("cut and kept", Server.ALONE + "recording:\n  record: \"true\"\n"));

    private RecordingBench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path jar = Path.of(args[0]).toAbsolutePath();
        int seconds = Integer.parseInt(args[1]);
        System.out.println(
                "| 20 streams of 2 Mb/s, 100 RTMP players | percent of a core | p50 / p99 / p99.9 ms | write calls a second | descriptors | resident MB | received |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (Row row : ROWS) {
            try (Server server = Server.engine(jar, "realtime", List.of(), row.settings());
                    Load load = new Load()) {
                Watched watched = new Watched();
                load.publish(STREAMS, BITRATE);
                load.play(PLAYERS, STREAMS, watched);
                Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS));
                watched.measure(true);
                long sent = load.sent();
                double cpu = server.cpuSeconds();
                long writes = server.writes();
                long before = System.nanoTime();
                Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
                double wall = (System.nanoTime() - before) / 1e9;
                watched.measure(false);
                double expected = (load.sent() - sent) * (double) PLAYERS / STREAMS;
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.1f | %.2f / %.2f / %.2f | %.0f | %d | %d | %.1f %%%s |%n",
                        row.title(),
                        (server.cpuSeconds() - cpu) / wall * 100,
                        watched.latency.millis(0.5),
                        watched.latency.millis(0.99),
                        watched.latency.millis(0.999),
                        (server.writes() - writes) / wall,
                        server.descriptors(),
                        server.residentMebibytes(),
                        watched.messages.get() / expected * 100,
                        load.lost() > 0 ? ", " + load.lost() + " lost" : "");
            }
        }
    }
}
