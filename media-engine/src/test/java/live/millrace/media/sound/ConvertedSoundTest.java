// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.TestPrograms;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that do not do what they should: they cost sound, and nothing else. */
class ConvertedSoundTest {
    private static final Track AAC = new Track(
            Track.AUDIO,
            new Aac.Format(AudioSpecificConfig.parse(
                    Unpooled.wrappedBuffer(HexFormat.of().parseHex("1190")))));

    /** Takes everything and makes nothing, with its output open: one that closes it is over. */
    private static final String DEVOURS = "cat >/dev/null\nexit 0\n";

    @TempDir
    Path directory;

    private final List<MediaFrame> made = new CopyOnWriteArrayList<>();
    private Converters converters = new Converters(Optional.empty());

    @AfterEach
    void close() {
        converters.close();
    }

    private ConvertedSound by(String script) throws IOException {
        return by(script, 4, Duration.ofMinutes(1));
    }

    private ConvertedSound by(String script, int most, Duration patience) throws IOException {
        Path program = TestPrograms.shell(directory.resolve("converter"), script);
        converters = new Converters(Optional.of(program), most, patience, Duration.ofMinutes(1));
        ConvertedSound sound = sound();
        sound.follow(AAC);
        return sound;
    }

    private ConvertedSound sound() {
        return new ConvertedSound(converters, Recipe.OPUS, Runnable::run, made::add);
    }

    private static void hand(ConvertedSound sound, int from, int count) {
        for (int i = from; i < from + count; i++) {
            MediaFrame frame = new MediaFrame(AAC, i * 1_024L, 0, true, Unpooled.wrappedBuffer(new byte[200]));
            sound.frame(frame);
        }
    }

    @Test
    void withoutAProgramNothingIsTaken() throws Exception {
        assertThat(converters.take(Recipe.OPUS, AAC.format())).isFalse();
        assertThat(converters.start(Recipe.OPUS)).isEmpty();
    }

    @Test
    void whatEverybodyPlaysIsNotMadeAnew() throws Exception {
        by("exit 0\n").close();
        assertThat(converters.take(Recipe.OPUS, AAC.format())).isTrue();
        Opus.Format opus = new Opus.Format(OpusHead.STEREO);
        assertThat(converters.take(Recipe.OPUS, opus)).isFalse();
        assertThat(converters.take(Recipe.AAC, opus)).isTrue();
        assertThat(converters.take(Recipe.AAC, AAC.format())).isFalse();
    }

    @Test
    void oneThatStandsStillIsGivenUp() throws Exception {
        ConvertedSound sound = by("exec sleep 1000\n");
        hand(sound, 0, 1);
        Wait.until("it runs", () -> converters.running() == 1);
        hand(sound, 1, 2_000); // more than pipe and queue hold
        Wait.until("it is killed", () -> converters.running() == 0);
        hand(sound, 2_001, 10);
        assertThat(converters.running()).as("the next one has to wait").isZero();
        assertThat(made).isEmpty();
    }

    @Test
    void oneThatEndsAtOnceIsNotStartedForEachFrame() throws Exception {
        Path starts = directory.resolve("starts");
        ConvertedSound sound = by("echo >> " + starts + "\nexit 1\n");
        hand(sound, 0, 1);
        Wait.until("it was started", () -> Files.exists(starts) && converters.running() == 0);
        for (int i = 1; i < 200; i++) {
            hand(sound, i, 1);
        }
        assertThat(Files.readAllLines(starts)).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void oneThatWritesRubbishIsHeardAsNothing() throws Exception {
        ConvertedSound sound = by("cat /dev/urandom\n");
        hand(sound, 0, 50);
        Wait.until("it runs", () -> converters.running() == 1);
        sound.close();
        Wait.until("it is gone", () -> converters.running() == 0);
        assertThat(made).isEmpty();
    }

    @Test
    void oneThatTakesAllAndMakesNothingIsGivenUp() throws Exception {
        ConvertedSound sound = by(DEVOURS, 4, Duration.ofMillis(100));
        hand(sound, 0, 1);
        Wait.until("it runs", () -> converters.running() == 1);
        AtomicInteger next = new AtomicInteger(1);
        Wait.until("it is killed", () -> {
            hand(sound, next.getAndIncrement(), 1);
            return converters.running() == 0;
        });
    }

    @Test
    void thePlacesAreCounted() throws Exception {
        ConvertedSound sound = by(DEVOURS, 1, Duration.ofMinutes(1));
        assertThat(converters.hasPlace()).isTrue();
        hand(sound, 0, 1);
        Wait.until("it runs", () -> converters.running() == 1);
        assertThat(converters.hasPlace()).isFalse();
        assertThat(sound.isMade()).isTrue();
        ConvertedSound another = sound();
        another.follow(AAC);
        hand(another, 0, 1);
        Wait.until("it has none", () -> !another.isMade());
        assertThat(converters.running()).isEqualTo(1);
        sound.close();
        Wait.until("the place is free", converters::hasPlace);
    }

    @Test
    void whatNobodyHearsGivesWay() throws Exception {
        ConvertedSound sound = by(DEVOURS, 1, Duration.ofMinutes(1));
        hand(sound, 0, 1);
        Wait.until("it runs", () -> converters.running() == 1);
        sound.wanted(false);
        assertThat(converters.hasPlace()).isTrue();
        ConvertedSound another = sound();
        another.follow(AAC);
        hand(another, 0, 1);
        Wait.until("it has given way", () -> !sound.isMade());
        Wait.until("the other has its place", () -> converters.running() == 1);
        assertThat(another.isMade()).isTrue();
        hand(sound, 1, 10);
        assertThat(sound.isMade()).as("nobody hears it").isFalse();
        assertThat(converters.hasPlace()).isFalse();
    }

    @Test
    void whatIsHeardAgainGivesWayNoMore() throws Exception {
        ConvertedSound sound = by(DEVOURS, 1, Duration.ofMinutes(1));
        hand(sound, 0, 1);
        Wait.until("it runs", () -> converters.running() == 1);
        sound.wanted(false);
        sound.wanted(true);
        assertThat(converters.hasPlace()).isFalse();
        assertThat(sound.isMade()).isTrue();
    }

    @Test
    void theEngineTakesThemAlong() throws Exception {
        ConvertedSound sound = by("exec sleep 1000\n");
        hand(sound, 0, 1);
        Wait.until("it runs", () -> converters.running() == 1);
        converters.close();
        Wait.until("it is gone", () -> converters.running() == 0);
        assertThat(converters.start(Recipe.OPUS)).isEmpty();
    }
}
