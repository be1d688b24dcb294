// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What the ways in and out beside RTMP cost, each beside RTMP with the same media in the same run. The engine runs on the first core; this
 * process is meant to be pinned to another. Prints a table for docs/performance.md.
 *
 * <pre>ContributionBench ENGINE_JAR SECONDS [ROW...]</pre>
 */
public final class ContributionBench {
    private static final int SLOW = 208_000;
    private static final int FAST = 1_140_000;
    private static final int WARM_UP_SECONDS = 12;
    private static final double FRAMES_PER_SECOND = 25 + 43.066;

    @FunctionalInterface
    private interface Work {
        void start(Load load, Watched watched) throws InterruptedException;
    }

    private record Row(String name, String title, int publishers, int players, Work work) {}

    private static final List<Row> ROWS = List.of(
            new Row("rtmp-200", "200 RTMP publishers at 208 kb/s", 200, 0, (load, _) -> load.publish(200, SLOW)),
            new Row("rtsp-200", "200 RTSP publishers, over TCP", 200, 0, (load, _) -> load.publishRtsp(200, SLOW)),
            new Row("rtmp-100", "100 RTMP publishers at 1.14 Mb/s", 100, 0, (load, _) -> load.publish(100, FAST)),
            new Row("srt-100", "100 SRT publishers", 100, 0, (load, _) -> load.publishSrt(100, FAST)),
            new Row("whip-100", "100 WHIP publishers", 100, 0, (load, _) -> load.publishWhip(100, FAST)),
            new Row("rtmp-200-players", "1 → 200 RTMP players at 1.14 Mb/s", 1, 200, (load, watched) -> {
                load.publish(1, FAST);
                load.play(200, 1, watched);
            }),
            new Row("whep-200", "1 → 200 WHEP viewers", 1, 200, (load, watched) -> {
                load.publishWhip(1, FAST);
                load.playWhep(200, watched);
            }),
            new Row("rtmp-500", "1 → 500 RTMP players at 1.14 Mb/s", 1, 500, (load, watched) -> {
                load.publish(1, FAST);
                load.play(500, 1, watched);
            }),
            new Row("rtsp-500", "1 → 500 RTSP players, over TCP", 1, 500, (load, watched) -> {
                load.publish(1, FAST);
                load.playRtsp(500, watched);
            }));

    private ContributionBench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path jar = Path.of(args[0]).toAbsolutePath();
        int seconds = Integer.parseInt(args[1]);
        List<String> wanted = List.of(args).subList(2, args.length);
        System.out.println("| work | percent of a core | resident MB | sent | received |");
        System.out.println("|---|---|---|---|---|");
        for (Row row : ROWS) {
            if (wanted.isEmpty() || wanted.contains(row.name())) {
                run(jar, seconds, row);
            }
        }
    }

    private static void run(Path jar, int seconds, Row row) throws IOException, InterruptedException {
        try (Server server = Server.engine(jar, "adaptive", List.of(), Server.ALL);
                Load load = new Load()) {
            Watched watched = new Watched();
            row.work().start(load, watched);
            Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS));
            watched.measure(true);
            long sentBefore = load.sent();
            double cpuBefore = server.cpuSeconds();
            long before = System.nanoTime();
            Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
            double wall = (System.nanoTime() - before) / 1e9;
            double cpu = (server.cpuSeconds() - cpuBefore) / wall * 100;
            double sent = load.sent() - sentBefore;
            double received = watched.messages.get();
            watched.measure(false);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f | %d | %.0f %% | %s |%n",
                    row.title() + (load.lost() > 0 ? ", " + load.lost() + " lost" : ""),
                    cpu,
                    server.residentMebibytes(),
                    sent / (row.publishers() * FRAMES_PER_SECOND * wall) * 100,
                    row.players() == 0
                            ? "–"
                            : String.format(
                                    Locale.ROOT,
                                    "%.0f %%",
                                    received / (sent * row.players() / row.publishers()) * 100));
        }
    }
}
