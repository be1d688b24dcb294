// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.protocol.hls.MediaPlaylist;
import org.junit.jupiter.api.Test;

/** Requests that wait for what is not there yet (rfc8216bis §6.2.5.2). */
class BlockingReloadTest {
    private final AtomicInteger held = new AtomicInteger();
    private final BlockingReload reload = new BlockingReload(held, () -> 2, 300);

    /** A version whose last whole segment is 10, of eight parts, with so many parts of 11. */
    private static PlaylistVersion version(int openParts, boolean ended) {
        return version(8, openParts, ended);
    }

    private static PlaylistVersion version(int parts, int openParts, boolean ended) {
        List<MediaPlaylist.Entry> entries = new ArrayList<>();
        entries.add(entry("10.m4s", parts));
        if (openParts > 0) {
            entries.add(entry("", openParts));
        }
        MediaPlaylist playlist = new MediaPlaylist(2, 10, 0, false, entries, ended, Optional.empty());
        return new PlaylistVersion(playlist, 10, openParts > 0 ? 11 : -1, openParts);
    }

    private static MediaPlaylist.Entry entry(String uri, int parts) {
        List<MediaPlaylist.Part> list = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            list.add(new MediaPlaylist.Part(i + ".m4s", 27_000, i == 0));
        }
        return new MediaPlaylist.Entry(uri, 180_000, Instant.EPOCH, false, Optional.empty(), false, list);
    }

    private CompletableFuture<PlaylistVersion> await(long segment, int part) {
        return reload.await(segment, part).toCompletableFuture();
    }

    @Test
    void whatIsThereIsAnsweredAtOnce() {
        reload.publish(version(2, false));
        assertThat(await(10, -1)).isCompleted();
        assertThat(await(11, 0)).isCompleted();
        assertThat(await(11, 1)).isCompleted();
        assertThat(held).hasValue(0);
    }

    @Test
    void theNextPartIsWaitedForAndAllWakeTogether() {
        reload.publish(version(2, false));
        CompletableFuture<PlaylistVersion> one = await(11, 2);
        CompletableFuture<PlaylistVersion> other = await(11, 2);
        assertThat(one).isNotDone();
        assertThat(held).hasValue(2);
        reload.publish(version(3, false));
        assertThat(one).isCompleted();
        assertThat(other).isCompleted();
        assertThat(held).hasValue(0);
    }

    @Test
    void aWholeSegmentIsWaitedForWithoutAPart() {
        reload.publish(version(2, false));
        CompletableFuture<PlaylistVersion> waiting = await(11, -1);
        reload.publish(version(3, false));
        assertThat(waiting).isNotDone();
    }

    @Test
    void aPartBeyondTheLastOfItsSegmentIsTheFirstOfTheNext() {
        reload.publish(version(0, false));
        CompletableFuture<PlaylistVersion> waiting = await(10, 8);
        assertThat(waiting).isNotDone();
        reload.publish(version(1, false));
        assertThat(waiting).isCompleted();
    }

    /** Eight seconds between key frames make 28 parts: the one behind the last is the next, not one too far. */
    @Test
    void aLongSegmentsEndIsNotTooFarAhead() {
        reload.publish(version(28, 0, false));
        CompletableFuture<PlaylistVersion> waiting = await(10, 28);
        assertThat(waiting).isNotDone();
        reload.publish(version(28, 1, false));
        assertThat(waiting).isCompleted();
    }

    @Test
    void whatIsTooFarAheadIsRefusedAtOnce() {
        reload.publish(version(2, false));
        assertThat(await(13, -1)).isCompletedExceptionally();
        assertThat(await(11, 2 + 10 + 1)).isCompletedExceptionally();
        assertThat(await(12, -1)).isNotDone();
    }

    @Test
    void anEndedPlaylistNeverBlocks() {
        reload.publish(version(0, true));
        assertThat(await(99, 5)).isCompleted();
    }
}
