// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import live.millrace.media.child.ChildException;
import live.millrace.media.child.Children;
import live.millrace.media.control.api.NoPictureException;
import live.millrace.media.control.api.PictureWish;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pictures of streams as JPEG, for programs: the newest key frame, decoded by FFmpeg as a child. One at a time is made of a stream, and who
 * asks meanwhile, or a moment later, gets the same. Thread-safe; nothing here blocks but threads of its own.
 */
final class Snapshots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    /** Of a machine that is there for viewers. */
    private static final int MOST_CHILDREN = 2;

    /** Who comes while so many wait is sent away. */
    private static final int MOST_WAITING = 32;

    /** Pictures that are kept: what is older gives way. */
    private static final int MOST_KEPT = 64;

    private static final int LARGEST_PICTURE = 4 << 20;
    private static final Duration DECODING = Duration.ofSeconds(10);
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /** One key frame of an MP4 on its input to one picture on its output; no file, no address, one thread. */
    private static final List<String> ARGUMENTS =
            List.of(("-nostdin -v error -threads 1 -protocol_whitelist pipe -f mp4 -i pipe:0 -an -frames:v 1 -q:v 4"
                            + " -f mjpeg pipe:1")
                    .split(" ", -1));

    private static final class Kept {
        final byte[] picture;
        final long nanos;

        Kept(byte[] picture, long nanos) {
            this.picture = picture;
            this.nanos = nanos;
        }
    }

    private final MediaEngine engine;
    private final Optional<Path> program;
    private final Children children = new Children(MOST_CHILDREN);
    private final ThreadPoolExecutor decoding = new ThreadPoolExecutor(
            MOST_CHILDREN,
            MOST_CHILDREN,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("snapshots-", 0).daemon().factory());

    /** By the path of a stream here, or the address of another. */
    private final Map<Object, CompletableFuture<byte[]>> underWay = new ConcurrentHashMap<>();

    private final Map<Object, Kept> kept = new ConcurrentHashMap<>();

    /** @param program FFmpeg; empty where there is none */
    Snapshots(MediaEngine engine, Optional<Path> program) {
        this.engine = engine;
        this.program = program;
        decoding.allowCoreThreadTimeOut(true);
        LOG.info(
                "Pictures of streams: {}",
                program.map(found -> "made by " + found).orElse("none, because there is no FFmpeg"));
    }

    /** A picture of what an address names: a stream of this engine, or one that is fetched for it. Fails with {@link NoPictureException}. */
    CompletionStage<byte[]> of(PictureWish wish) {
        if (program.isEmpty()) {
            return failed("This engine makes no pictures: it has no decoder, and there is no FFmpeg beside it");
        }
        Optional<StreamPath> here;
        SourceAddress address;
        try {
            address = SourceAddress.of(wish.url(), false, SourceAddress.Reach.PRIVATE, wish.patience());
            here = here(address.uri(), wish.host());
        } catch (IllegalArgumentException e) {
            return failed(String.valueOf(e.getMessage()));
        }
        if (here.isPresent()) {
            StreamPath path = here.get();
            return of(path, wish, () -> engine.keyFrame(path, wish.patience()));
        }
        if (!engine.sources().speaks(address)) {
            return failed("nothing here speaks the scheme of this address");
        }
        return of(
                address,
                wish,
                () -> engine.sources().probe(address).thenApply(probe -> {
                    if (probe.failure()
                            .filter(SourceFailure.FORBIDDEN_ADDRESS::equals)
                            .isPresent()) {
                        throw new CompletionException(
                                new NoPictureException("This address may not be asked from here"));
                    }
                    return probe.picture();
                }));
    }

    private static CompletionStage<byte[]> failed(String why) {
        return CompletableFuture.failedStage(new NoPictureException(why));
    }

    // ---- what is meant ------------------------------------------------------------------------------------------

    /**
     * The stream that an address names, if it is this machine's: by a name of its own or the one that the request came by, and a port of the
     * engine or none.
     */
    private Optional<StreamPath> here(URI uri, String host) {
        String named = uri.getHost();
        boolean ours = named != null && (THIS_MACHINE.contains(named) || named.equalsIgnoreCase(host));
        if (!ours || (uri.getPort() >= 0 && !engine.ports().containsValue(uri.getPort()))) {
            return Optional.empty();
        }
        String[] parts = String.valueOf(uri.getPath()).split("/", -1);
        if (parts.length == 3) {
            int dot = parts[2].indexOf('.'); // .live.mp4, .flv
            Optional<StreamPath> exact = StreamPath.of(parts[1], parts[2]);
            Optional<StreamPath> shorter =
                    dot < 0 ? Optional.empty() : StreamPath.of(parts[1], parts[2].substring(0, dot));
            Optional<StreamPath> meant =
                    exact.filter(this::isKnown).or(() -> shorter).or(() -> exact);
            if (meant.isPresent()) {
                return meant;
            }
        }
        throw new IllegalArgumentException("the address of a stream here looks like rtsp://127.0.0.1/live/name");
    }

    private boolean isKnown(StreamPath path) {
        return engine.control().stream(path).isPresent()
                || engine.sources().status(path).isPresent();
    }

    // ---- pictures -----------------------------------------------------------------------------------------------

    private CompletionStage<byte[]> of(
            Object what, PictureWish wish, Supplier<CompletionStage<Optional<byte[]>>> keyFrame) {
        Kept before = kept.get(what);
        if (before != null && System.nanoTime() - before.nanos < wish.age().toNanos()) {
            return CompletableFuture.completedStage(before.picture);
        }
        CompletableFuture<byte[]> fresh = new CompletableFuture<>();
        CompletableFuture<byte[]> running = underWay.putIfAbsent(what, fresh);
        if (running != null) {
            return inTime(running, wish);
        }
        // Those that are waited for elsewhere take nothing from what is here.
        boolean here = what instanceof StreamPath;
        if (underWay.keySet().stream()
                        .filter(each -> (each instanceof StreamPath) == here)
                        .count()
                > MOST_WAITING) {
            underWay.remove(what, fresh);
            fresh.completeExceptionally(busy());
            return fresh;
        }
        var _ = fresh.whenComplete((picture, _) -> {
            if (picture != null) {
                keep(what, picture);
            }
            underWay.remove(what, fresh);
        });
        try {
            var _ = keyFrame.get().whenComplete((found, failed) -> {
                Throwable why = failed instanceof CompletionException wrapped ? wrapped.getCause() : failed;
                if (why instanceof NoPictureException) {
                    fresh.completeExceptionally(why);
                } else {
                    decode(what, fresh, found == null ? Optional.empty() : found);
                }
            });
        } catch (RuntimeException e) {
            fresh.completeExceptionally(e); // nobody waits for ever for what failed before it began
        }
        return inTime(fresh, wish);
    }

    /** Each waits as long as he likes, and what is made goes on for the others. */
    private static CompletionStage<byte[]> inTime(CompletableFuture<byte[]> made, PictureWish wish) {
        return made.copy().orTimeout(wish.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static NoPictureException busy() {
        return new NoPictureException("Too many pictures are asked for at the same time");
    }

    private void decode(Object what, CompletableFuture<byte[]> fresh, Optional<byte[]> found) {
        if (found.isEmpty()) {
            fresh.completeExceptionally(new NoPictureException("There was no picture within the time"));
            return;
        }
        try {
            decoding.execute(() -> decodeNow(what, fresh, found.get()));
        } catch (RejectedExecutionException full) {
            fresh.completeExceptionally(busy());
        }
    }

    private void decodeNow(Object what, CompletableFuture<byte[]> fresh, byte[] keyFrame) {
        List<String> command = new ArrayList<>(List.of(program.orElseThrow().toString()));
        command.addAll(ARGUMENTS);
        try {
            byte[] picture = children.run(command, keyFrame, LARGEST_PICTURE, DECODING);
            if (picture.length == 0) {
                fresh.completeExceptionally(new NoPictureException("FFmpeg does not decode this stream"));
            } else {
                fresh.complete(picture);
            }
        } catch (ChildException e) {
            LOG.warn("There is no picture of {}: FFmpeg: {}", what, e.getMessage());
            fresh.completeExceptionally(new NoPictureException("FFmpeg made no picture: " + e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("There is no picture of {}", what, e);
            fresh.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fresh.completeExceptionally(new NoPictureException("The engine is going down"));
        }
    }

    private void keep(Object what, byte[] picture) {
        kept.put(what, new Kept(picture, System.nanoTime()));
        while (kept.size() > MOST_KEPT) {
            long now = System.nanoTime();
            kept.entrySet().stream()
                    .max(Comparator.comparingLong(each -> now - each.getValue().nanos))
                    .ifPresent(oldest -> kept.remove(oldest.getKey(), oldest.getValue()));
        }
    }

    /** How many children there are now. */
    int children() {
        return children.running();
    }

    /** Kills what is decoded. */
    @Override
    public void close() {
        children.close();
        decoding.shutdownNow();
    }
}
