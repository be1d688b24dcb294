// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.TestPrograms;
import live.millrace.media.testing.TestPublisher;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a stream's sound is made anew, on a loop and with a clock that the test holds. */
class SharedSoundTest {
    private static final Track OPUS = new Track(Track.AUDIO, new Opus.Format(OpusHead.STEREO));

    @TempDir
    Path directory;

    private final EmbeddedChannel owner = new EmbeddedChannel();
    private final Publisher publisher = TestPublisher.on(owner.eventLoop(), "webrtc");
    private final List<MediaFrame> made = new ArrayList<>();
    private Converters converters = Converters.none();
    private int sent;

    @AfterEach
    void end() {
        publisher.end();
        passes(61);
        converters.close();
    }

    private void passes(int seconds) {
        owner.advanceTimeBy(seconds, TimeUnit.SECONDS);
        owner.runScheduledPendingTasks();
        owner.runPendingTasks();
    }

    /** A program that says that it was started, takes everything and makes nothing. */
    private void goesLive(int most) throws IOException {
        Path program =
                TestPrograms.shell(directory.resolve("converter"), "echo >> " + starts() + "\ncat >/dev/null\nexit 0");
        converters = new Converters(Optional.of(program), most, Duration.ofMinutes(1), Duration.ofSeconds(30));
        publisher.track(SampleTracks.VIDEO);
        publisher.track(OPUS);
        picture();
        sound();
    }

    private Path starts() {
        return directory.resolve("starts");
    }

    /** It is there before anything stands in it. */
    private boolean isStarted() {
        return starts().toFile().length() > 0;
    }

    private void picture() {
        ByteBuf payload = Unpooled.wrappedBuffer(new byte[100]);
        publisher.frame(new MediaFrame(SampleTracks.VIDEO, sent * 1_800L, 0, true, payload));
        payload.release();
    }

    private void sound() {
        ByteBuf payload = Unpooled.wrappedBuffer(new byte[100]);
        publisher.frame(new MediaFrame(OPUS, sent++ * 960L, 0, true, payload));
        payload.release();
        owner.runPendingTasks();
    }

    private void comes(Listening who) {
        who.begin();
        sound();
    }

    private Listening listening() {
        return converters.listening(publisher.stream(), Recipe.AAC, made::add);
    }

    @Test
    void whoComesBackFindsItMade() throws Exception {
        goesLive(4);
        Listening first = listening();
        assertThat(first.takes(OPUS.format())).isTrue();
        comes(first);
        Wait.until("it runs", () -> converters.running() == 1 && isStarted());
        first.end();
        passes(29);
        sound();
        assertThat(converters.running()).isEqualTo(1);
        Listening again = listening();
        comes(again);
        passes(10);
        assertThat(converters.running()).as("the timer of before means nothing").isEqualTo(1);
        again.end();
        again.end();
        passes(31);
        Wait.until("it is gone", () -> converters.running() == 0);
        assertThat(Files.readAllLines(starts())).hasSize(1);
    }

    @Test
    void twoShareOneAndTheLastLeaves() throws Exception {
        goesLive(4);
        Listening first = listening();
        Listening second = listening();
        comes(first);
        comes(second);
        Wait.until("it runs", () -> converters.running() == 1 && isStarted());
        first.end();
        passes(60);
        assertThat(converters.running()).as("one is there").isEqualTo(1);
        second.end();
        passes(31);
        Wait.until("it is gone", () -> converters.running() == 0);
        assertThat(Files.readAllLines(starts())).hasSize(1);
    }

    @Test
    void thePublisherLeavesAndNobodyWaitsForSound() throws Exception {
        goesLive(4);
        Listening first = listening();
        comes(first);
        Wait.until("it runs", () -> converters.running() == 1);
        publisher.end();
        passes(0);
        Wait.until("it is gone", () -> converters.running() == 0);
        first.end();
    }

    @Test
    void whoeverFailsHearsNoMoreAndTheOthersGoOn() throws Exception {
        goesLive(4);
        SharedSound sound = new SharedSound(converters, publisher.stream(), Recipe.AAC);
        List<MediaFrame> failed = new ArrayList<>();
        sound.enter(converters.listening(publisher.stream(), Recipe.AAC, frame -> {
            failed.add(frame);
            throw new IllegalStateException("on purpose");
        }));
        sound.enter(listening());
        MediaFrame frame = new MediaFrame(Recipe.AAC.track(), 0, 0, true, Unpooled.wrappedBuffer(new byte[10]));
        sound.made(frame);
        sound.made(frame);
        assertThat(failed).hasSize(1);
        assertThat(made).hasSize(2);
    }

    @Test
    void whatIsNotMadeIsHandedOnAsItComes() throws Exception {
        goesLive(0);
        Heard heard = new Heard();
        CommonSound way = new CommonSound(converters, publisher.stream(), heard);
        publisher.stream().subscribe(way);
        sound();
        assertThat(heard.tracks).containsExactly(SampleTracks.VIDEO, OPUS);
        assertThat(heard.frames).contains(Track.AUDIO, Track.VIDEO);
        way.leave();
    }

    @Test
    void picturesWaitForNothing() throws Exception {
        goesLive(1);
        Heard heard = new Heard();
        CommonSound way = new CommonSound(converters, publisher.stream(), heard);
        publisher.stream().subscribe(way);
        assertThat(heard.tracks).containsExactly(SampleTracks.VIDEO, Recipe.AAC.track());
        int before = heard.frames.size();
        for (int i = 0; i < 2_000; i++) { // more than pipe and queue hold
            picture();
            sound();
        }
        assertThat(heard.frames.subList(before, heard.frames.size()))
                .hasSize(2_000)
                .containsOnly(Track.VIDEO);
        way.leave();
        passes(31);
        Wait.until("it is gone", () -> converters.running() == 0);
    }

    private static final class Heard implements Subscriber {
        private final List<Integer> frames = new ArrayList<>();
        private List<Track> tracks = List.of();

        @Override
        public void tracks(List<Track> all) {
            tracks = all;
        }

        @Override
        public void frame(MediaFrame frame) {
            frames.add(frame.track().id());
        }

        @Override
        public void paused() {}

        @Override
        public void ended() {}
    }
}
