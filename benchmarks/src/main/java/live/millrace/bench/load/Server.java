// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A server process, pinned to the first core, and what it costs. */
final class Server implements AutoCloseable {
    static final int RTMP = 26_935;
    static final int HTTP = 26_081;
    static final int RTSP = 26_554;
    static final int SRT = 26_890;
    static final int WEBRTC = 26_189;

    /** Settings of an engine that speaks neither RTSP, SRT nor WebRTC. */
    static final String ALONE = "rtsp:\n  port: 0\nsrt:\n  port: 0\nwebrtc:\n  port: 0\n";

    /** Settings of one that speaks all. */
    static final String ALL =
            "rtsp:\n  port: " + RTSP + "\nsrt:\n  port: " + SRT + "\nwebrtc:\n  port: " + WEBRTC + "\n";

    static final String SEGMENT = "/live/segment.m4s";

    private static final double TICKS_PER_SECOND = 100;
    private static final long START_SECONDS = 30;

    private final String name;
    private final Process process;

    private Server(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    String name() {
        return name;
    }

    /** The engine alone; without options, it chooses its own. */
    static Server engine(Path jar, String flush, List<String> javaOptions) throws IOException {
        return engine(jar, flush, javaOptions, ALONE);
    }

    /**
     * The same with settings of its own.
     *
     * @param settings YAML, as {@code engine.yml} has it
     */
    static Server engine(Path jar, String flush, List<String> javaOptions, String settings) throws IOException {
        Path data = Files.createTempDirectory("bench-engine");
        Path file = Files.writeString(data.resolve("engine.yml"), settings);
        List<String> command = new ArrayList<>(List.of("taskset", "-c", "0", java()));
        command.addAll(javaOptions);
        command.addAll(List.of(
                "-jar",
                jar.toString(),
                "--config",
                file.toString(),
                "--allow-anonymous",
                "--rtmp-port",
                Integer.toString(RTMP),
                "--http-port",
                Integer.toString(HTTP),
                "--data-dir",
                data.toString(),
                "--flush",
                flush));
        return started("millrace " + flush, command, data);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** nginx with one worker, and a file of the size of a segment to send. */
    static Server nginx(byte[] segment) throws IOException {
        Path folder = Files.createTempDirectory("bench-nginx");
        Files.createDirectories(folder.resolve("www/live"));
        Files.write(folder.resolve("www" + SEGMENT), segment);
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, """
                load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
                daemon off;
                user root;
                worker_processes 1;
                worker_rlimit_nofile 20000;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events { worker_connections 8192; }
                rtmp { server { listen %2$d; chunk_size 4096; application live { live on; } } }
                http {
                  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
                  client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
                  server { listen %3$d; root %1$s/www; }
                }
                """.formatted(folder, RTMP, HTTP), StandardCharsets.UTF_8);
        return started(
                "nginx",
                List.of("taskset", "-c", "0", "nginx", "-c", config.toString(), "-p", folder.toString()),
                folder);
    }

    private static Server started(String name, List<String> command, Path folder) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!listening(RTMP) || !listening(HTTP)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException(name + " did not start: " + Files.readString(folder.resolve("output.log")));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        return new Server(name, process);
    }

    private static boolean listening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** Processor seconds of all its processes since their start. */
    double cpuSeconds() {
        return processes()
                .map(each -> read("/proc/" + each.pid() + "/stat"))
                .flatMap(Optional::stream)
                .mapToDouble(stat -> {
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
                })
                .sum();
    }

    /** Resident memory of all its processes, in MiB. */
    long residentMebibytes() {
        return processes()
                .map(each -> read("/proc/" + each.pid() + "/status"))
                .flatMap(Optional::stream)
                .flatMap(String::lines)
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                .sum();
    }

    /** Calls that wrote something, to sockets and to files, since they began. */
    long writes() {
        return processes()
                .map(each -> read("/proc/" + each.pid() + "/io"))
                .flatMap(Optional::stream)
                .flatMap(String::lines)
                .filter(line -> line.startsWith("syscw:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Files and sockets that are open. */
    long descriptors() {
        return processes()
                .map(each -> Path.of("/proc/" + each.pid() + "/fd").toFile().list())
                .filter(Objects::nonNull)
                .mapToLong(names -> names.length)
                .sum();
    }

    private static Optional<String> read(String path) {
        try {
            return Optional.of(Files.readString(Path.of(path)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = processes().toList();
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
