// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the engine beside nginx with its RTMP module, row by row, and prints a table for docs/performance.md. The servers run one
 * after the other on the first core; this process is meant to be pinned to another. A row in which either server drops a client, or a
 * player misses one message of twenty, is void.
 *
 * <pre>LoadBench ENGINE_JAR SECONDS [ROW...]</pre>
 */
public final class LoadBench {
    private static final int SLOW = 208_000;
    private static final int FAST = 1_140_000;
    private static final int SEGMENT_BYTES = 280_000;

    /** So long code is compiled and buffers find their size before anything counts. */
    private static final int WARM_UP_SECONDS = 12;

    /** One measurement of one server. */
    private record Figure(double cpu, double p50, double p99, long resident, double received, int lost) {
        boolean isVoid() {
            return lost > 0 || received < 0.95;
        }
    }

    /** What a row does with a server that runs. */
    @FunctionalInterface
    private interface Work {
        void start(Load load, Watched watched) throws InterruptedException;
    }

    private record Row(
            String name,
            String title,
            String flush,
            int publishers,
            int players,
            Work engine,
            Work nginx,
            double first,
            double then) {}

    private final Path jar;
    private final int seconds;

    private LoadBench(Path jar, int seconds) {
        this.jar = jar;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        LoadBench bench = new LoadBench(Path.of(args[0]).toAbsolutePath(), Integer.parseInt(args[1]));
        List<String> wanted = List.of(args).subList(2, args.length);
        System.out.println(
                "| work | engine, percent of a core | nginx, percent of a core | ratio | reach (then) | p50 / p99 ms, engine | p50 / p99 ms, nginx | resident MB, engine / nginx |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (Row row : rows()) {
            if (wanted.isEmpty() || wanted.contains(row.name())) {
                bench.run(row);
            }
        }
        if (wanted.isEmpty() || wanted.contains("segment")) {
            bench.segment();
        }
    }

    /** None, as everybody starts it; for a profile, what ENGINE_OPTIONS says. */
    private static List<String> options() {
        String wanted = System.getenv("ENGINE_OPTIONS");
        return wanted == null || wanted.isBlank() ? List.of() : List.of(wanted.split(" ", -1));
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        Work publish = (load, _) -> load.publish(1_000, SLOW);
        rows.add(new Row("publish", "1,000 publishers at 208 kb/s", "adaptive", 1_000, 0, publish, publish, 1.5, 1));
        Work fan = (load, watched) -> {
            load.publish(1, SLOW);
            load.play(1_000, 1, watched);
        };
        rows.add(new Row("fan-realtime", "1 → 1,000 RTMP players, realtime", "realtime", 1, 1_000, fan, fan, 1.5, 1));
        rows.add(new Row("fan", "1 → 1,000 RTMP players, adaptive flush", "adaptive", 1, 1_000, fan, fan, 0.45, 0.3));
        Work pairs = (load, watched) -> {
            load.publish(1_000, SLOW);
            load.play(1_000, 1_000, watched);
        };
        rows.add(new Row("pairs", "1,000 → 1,000, one to one", "adaptive", 1_000, 1_000, pairs, pairs, 1.5, 1));
        rows.add(new Row(
                "flv",
                "1 → 500 HTTP-FLV viewers at 1.14 Mb/s, beside 500 RTMP players",
                "adaptive",
                1,
                500,
                (load, watched) -> {
                    load.publish(1, FAST);
                    load.flv(500, watched);
                },
                (load, watched) -> {
                    load.publish(1, FAST);
                    load.play(500, 1, watched);
                },
                0.6,
                0.4));
        Work few = (load, watched) -> {
            load.publish(1, FAST);
            load.play(10, 1, watched);
        };
        rows.add(new Row("latency", "added latency, 10 RTMP players", "adaptive", 1, 10, few, few, 0, 0));
        return rows;
    }

    private void run(Row row) throws IOException, InterruptedException {
        Figure engine;
        try (Server server = Server.engine(jar, row.flush(), options())) {
            engine = measure(server, row, row.engine());
        }
        Figure nginx;
        try (Server server = Server.nginx(new byte[SEGMENT_BYTES])) {
            nginx = measure(server, row, row.nginx());
        }
        String reach = row.first() == 0 ? "–" : String.format(Locale.ROOT, "%.2f (%.2f)", row.first(), row.then());
        String ratio = engine.isVoid() || nginx.isVoid()
                ? "void: lost " + engine.lost() + " / " + nginx.lost() + ", received "
                        + Math.round(engine.received() * 100) + " % / " + Math.round(nginx.received() * 100) + " %"
                : String.format(Locale.ROOT, "%.2f", engine.cpu() / nginx.cpu());
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %s | %s | %s | %s | %d / %d |%n",
                row.title(),
                engine.cpu(),
                nginx.cpu(),
                ratio,
                reach,
                latency(engine),
                latency(nginx),
                engine.resident(),
                nginx.resident());
    }

    private static String latency(Figure figure) {
        return figure.p99() == 0 ? "–" : String.format(Locale.ROOT, "%.2f / %.2f", figure.p50(), figure.p99());
    }

    private Figure measure(Server server, Row row, Work work) throws InterruptedException {
        Watched watched = new Watched();
        try (Load load = new Load()) {
            work.start(load, watched);
            Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS));
            watched.measure(true);
            long sentBefore = load.sent();
            double cpuBefore = server.cpuSeconds();
            long before = System.nanoTime();
            Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
            double wall = (System.nanoTime() - before) / 1e9;
            double cpu = (server.cpuSeconds() - cpuBefore) / wall * 100;
            double received = watched.messages.get();
            double sent = load.sent() - sentBefore;
            watched.measure(false);
            double expected = row.players() == 0 ? 0 : sent * row.players() / row.publishers();
            double sentShare = sent / (row.publishers() * (25 + 43.066) * wall);
            return new Figure(
                    cpu,
                    watched.latency.millis(0.5),
                    watched.latency.millis(0.99),
                    server.residentMebibytes(),
                    Math.min(sentShare, expected == 0 ? 1 : received / expected),
                    load.lost());
        }
    }

    /** A segment of 280 kB to 50 connections: bytes for each processor second. */
    private void segment() throws IOException, InterruptedException {
        double engine;
        try (Server server = Server.engine(jar, "adaptive", options());
                Load load = new Load()) {
            load.publish(1, FAST);
            String path = SegmentAddress.of("http://127.0.0.1:" + Server.HTTP, "bench0", seconds);
            engine = perCpuSecond(server, path);
        }
        double nginx;
        try (Server server = Server.nginx(new byte[SEGMENT_BYTES])) {
            nginx = perCpuSecond(server, "http://127.0.0.1:" + Server.HTTP + Server.SEGMENT);
        }
        System.out.printf(
                Locale.ROOT,
                "| HLS segment of 280 kB, wrk -c50 | %.2f GB per CPU s | %.2f GB per CPU s | %.2f | ≥ 0.60 (1.00) | – | – | – |%n",
                engine,
                nginx,
                engine / nginx);
    }

    private double perCpuSecond(Server server, String address) throws IOException, InterruptedException {
        wrk(address, 5);
        double before = server.cpuSeconds();
        double bytes = wrk(address, seconds);
        return bytes / 1e9 / (server.cpuSeconds() - before);
    }

    private static final Pattern READ = Pattern.compile("requests in .*?, ([\\d.]+)(KB|MB|GB) read");

    /** Bytes that were read. */
    private static double wrk(String address, int seconds) throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder("taskset", "-c", "1", "wrk", "-t1", "-c50", "-d" + seconds + "s", address)
                .redirectErrorStream(true)
                .start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(wrk.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> output.append(line).append('\n'));
        }
        wrk.waitFor();
        Matcher read = READ.matcher(output);
        if (!read.find() || output.indexOf("Non-2xx") >= 0) {
            throw new IOException("wrk says: " + output);
        }
        double unit = switch (read.group(2)) {
            case "KB" -> 1 << 10;
            case "MB" -> 1 << 20;
            default -> 1 << 30;
        };
        return Double.parseDouble(read.group(1)) * unit;
    }
}
