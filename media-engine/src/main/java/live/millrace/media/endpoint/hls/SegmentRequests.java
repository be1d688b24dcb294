// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.segment.StoredBytes;
import live.millrace.media.segment.StoredSegment;

/** Requests for segments, their parts and their initialization sections. They make nothing: who was told of a segment finds it. */
final class SegmentRequests implements AutoCloseable {
    /** One request reads one segment, and there are no more requests than sockets: a few threads keep any disk busy. */
    private static final int READERS = 8;

    private static final long READER_IDLE_SECONDS = 5;

    private static final String MP4 = "video/mp4";

    private final StreamAddresses addresses;
    private final Function<UUID, Optional<HlsStream>> find;
    private final ExecutorService readers = readers();

    /** @param find looks for a broadcast that is on, or ended a moment ago */
    SegmentRequests(StreamAddresses addresses, Function<UUID, Optional<HlsStream>> find) {
        this.addresses = addresses;
        this.find = find;
    }

    /** Threads that wait for the disk, where the kernel does not send a file by itself. What waits for one costs a small object. */
    private static ExecutorService readers() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                READERS,
                READERS,
                READER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("hls-readers-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private Optional<HlsStream> broadcast(HttpRequest query) {
        try {
            Optional<HlsStream> found = find.apply(UUID.fromString(query.name("broadcast")))
                    .filter(stream -> addresses.names(query, stream.live().path()));
            found.ifPresent(HlsStream::asked);
            return found;
        } catch (IllegalArgumentException noUuid) {
            return Optional.empty();
        }
    }

    /** Public pieces pass the gate without a look at their name. */
    private HttpAnswer missing(HttpRequest query) {
        return addresses.path(query).isEmpty() ? StreamAddresses.badName() : HttpAnswer.notFound();
    }

    CompletionStage<HttpAnswer> segment(HttpRequest query) {
        Optional<TrackPlaylist> playlist =
                broadcast(query).flatMap(stream -> stream.renditions().named(query.name("track")));
        Optional<Long> number = ReloadRequests.number(query.name("number"));
        if (playlist.isEmpty() || number.isEmpty()) {
            return CompletableFuture.completedStage(missing(query));
        }
        if (playlist.get().isLeadingGap(number.get())) {
            return CompletableFuture.completedStage(Answers.gap(MP4));
        }
        return playlist.get()
                .segment(number.get())
                .thenApply(found -> found.map(stored -> Answers.immutable(content(stored), MP4))
                        .orElseGet(() -> missing(query)));
    }

    CompletionStage<HttpAnswer> part(HttpRequest query) {
        Optional<TrackPlaylist> playlist =
                broadcast(query).flatMap(stream -> stream.renditions().named(query.name("track")));
        Optional<Long> number = ReloadRequests.number(query.name("number"));
        Optional<Long> index = ReloadRequests.number(query.name("part")).filter(part -> part < Integer.MAX_VALUE);
        if (playlist.isEmpty() || number.isEmpty() || index.isEmpty()) {
            return CompletableFuture.completedStage(missing(query));
        }
        return playlist.get()
                .content(number.get(), index.get().intValue(), readers)
                .thenApply(found ->
                        found.map(content -> Answers.immutable(content, MP4)).orElseGet(() -> missing(query)))
                .exceptionally(_ -> missing(query));
    }

    CompletionStage<HttpAnswer> initialization(HttpRequest query) {
        return CompletableFuture.completedStage(broadcast(query)
                .flatMap(stream -> stream.renditions().named(query.name("track")))
                .flatMap(playlist -> playlist.initialization(query.name("init")))
                .map(section -> Answers.immutable(section.duplicate(), MP4))
                .orElseGet(() -> missing(query)));
    }

    CompletionStage<HttpAnswer> transport(HttpRequest query, boolean soundAlone) {
        return CompletableFuture.completedStage(broadcast(query)
                .flatMap(stream -> ReloadRequests.number(query.name("number"))
                        .flatMap(number -> stream.transports().find(soundAlone, number)))
                .map(stored -> Answers.immutable(content(stored), "video/mp2t"))
                .orElseGet(() -> missing(query)));
    }

    /** The bytes, in memory or in the file; what holds them is owned by the caller. */
    private HttpAnswer.Content content(StoredSegment segment) {
        return segment.unlessStored()
                .<HttpAnswer.Content>map(HttpAnswer.Content.Memory::new)
                .orElseGet(() -> file(segment));
    }

    private HttpAnswer.Content file(StoredSegment segment) {
        StoredBytes there = segment.inStore();
        return new HttpAnswer.Content.File(
                there.file().orElseThrow(),
                there.offset(),
                there.length(),
                (from, length) -> segment.bytes(Math.toIntExact(from), length, readers));
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
