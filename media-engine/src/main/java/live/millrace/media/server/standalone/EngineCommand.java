// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import live.millrace.media.endpoint.rtsp.RtspEndpoint;
import live.millrace.media.socket.PortInUseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code java -jar millrace-media-engine.jar}: starts an engine from a settings file and flags, and runs until a signal comes. */
@Command(
        name = "millrace-media-engine",
        mixinStandardHelpOptions = true,
        versionProvider = EngineCommand.Version.class,
        description =
                "RTMP in; RTMP, HTTP-FLV, MPEG-TS, MP4, HLS and DASH out. SIGTERM drains and stops, SIGHUP reads the settings again.",
        sortOptions = false)
final class EngineCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(EngineCommand.class);
    private static final Duration LONGEST_END = Duration.ofSeconds(34);
    private static final Path DEFAULT_FILE = Path.of("engine.yml");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the settings file (default: engine.yml, if there is one)")
    private @Nullable Path config;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "the address to listen on for media (0.0.0.0)")
    private @Nullable String bind;

    @Option(names = "--rtmp-port", paramLabel = "PORT", description = "for RTMP (1935)")
    private @Nullable Integer rtmpPort;

    @Option(names = "--http-port", paramLabel = "PORT", description = "for media over HTTP (8081)")
    private @Nullable Integer httpPort;

    @Option(names = "--data-dir", paramLabel = "FOLDER", description = "where the engine may write (data)")
    private @Nullable Path dataDirectory;

    @Option(
            names = "--flush",
            paramLabel = "realtime|adaptive",
            description = "each frame to viewers at once, or gathered for longer the more viewers there are (adaptive)")
    private EngineFile.@Nullable Flush flush;

    @Option(names = "--allow-anonymous", description = "whoever connects may publish under the name in the address")
    private boolean allowAnonymous;

    /** What the jar says of itself. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Millrace media engine " + version()};
        }
    }

    static String version() {
        return Objects.requireNonNullElse(EngineCommand.class.getPackage().getImplementationVersion(), "development");
    }

    static void run(String[] args) {
        int code = new CommandLine(new EngineCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
        if (code != CommandLine.ExitCode.OK) {
            System.exit(code);
        }
    }

    private EngineFile settings() {
        Path file = config != null ? config : Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : null;
        EngineFile read = file == null ? EngineFile.EMPTY : EngineFile.read(file);
        return read.with(bind, rtmpPort, httpPort, dataDirectory, flush, allowAnonymous);
    }

    @Override
    public Integer call() throws InterruptedException {
        StandaloneEngine engine;
        try {
            engine = new StandaloneEngine(this::settings);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (PortInUseException e) {
            return failed(taken(e));
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    close(engine);
                    stopped.countDown();
                }));
        onHangup(() -> {
            try {
                engine.reloadNow();
            } catch (RuntimeException e) {
                LOG.warn("The settings stay as they are: {}", e.getMessage());
            }
        });
        stopped.await();
        return CommandLine.ExitCode.OK;
    }

    /** A port cannot be had: what to do about it. */
    static String taken(PortInUseException e) {
        boolean datagrams = e.listener().equals(RtspEndpoint.DATAGRAM_SCHEME);
        return "Port " + e.port() + " for " + (datagrams ? "media of RTSP over UDP" : e.listener())
                + " cannot be had: it is taken, or not allowed. Stop what uses it, or choose another"
                + (datagrams
                        ? " rtsp.port (UDP has that number, or the next even one, and the one behind it), or set"
                                + " rtsp.udp to false."
                        : ".");
    }

    /** Each step of the end has its own limit; this is the limit of all of them. */
    private static void close(StandaloneEngine engine) {
        Thread closing = Thread.ofPlatform().name("closing").daemon().start(engine::close);
        try {
            if (!closing.join(LONGEST_END)) {
                LOG.warn("Stopped after {} s with work left", LONGEST_END.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int failed(String line) {
        System.err.println("millrace-media-engine: " + line);
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** By reflection, because the compiler knows {@code sun.misc.Signal} only as somebody's internals; Windows has no SIGHUP. */
    private static void onHangup(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    EngineCommand.class.getClassLoader(),
                    new Class<?>[] {handler},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            Thread.ofPlatform().name("reload").daemon().start(action);
                            yield null;
                        }
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                        default -> "reload on SIGHUP";
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
        } catch (ReflectiveOperationException e) {
            LOG.info("SIGHUP cannot be had here; reload through the API");
        }
    }
}
