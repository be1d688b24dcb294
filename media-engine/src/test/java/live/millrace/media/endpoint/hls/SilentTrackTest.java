// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.dash.DashManifest;
import live.millrace.media.protocol.hls.MultivariantPlaylist;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sound that stops while the encoder still announces it, in a codec without a known silence: no output waits for it. */
class SilentTrackTest {
    private static final Track PICTURE = SampleTracks.VIDEO;
    private static final Track SOUND = new Track(Track.AUDIO, new Opus.Format(OpusHead.STEREO));

    @TempDir
    private Path directory;

    private HandFed broadcast;

    @BeforeEach
    void begin() throws Exception {
        broadcast = new HandFed(directory);
        broadcast.tracks(PICTURE, SOUND);
        broadcast.play(14.2, PICTURE, SOUND);
    }

    @AfterEach
    void close() throws Exception {
        broadcast.close();
    }

    @Test
    void aTransportStreamOfTheSoundAloneEndsAndAnotherOneComesWithTheSound() throws Exception {
        TransportPlaylist sound = broadcast.transport(true);
        assertThat(HandFed.read(sound.reload()).ended()).isFalse();
        broadcast.play(24, PICTURE);
        assertThat(HandFed.read(sound.reload()).ended()).isTrue();
        assertThat(broadcast.transport(true)).as("while there is no sound").isSameAs(sound);
        broadcast.play(8, PICTURE, SOUND);
        TransportPlaylist again = broadcast.transport(true);
        assertThat(again).isNotSameAs(sound);
        ParsedPlaylist playlist = HandFed.read(again.reload());
        assertThat(playlist.ended()).isFalse();
        assertThat(playlist.mediaSequence())
                .isGreaterThan(HandFed.read(sound.reload()).entries().getLast().number());
    }

    @Test
    void whoeverAsksForSoundAloneWhileThereIsNoneIsNotHeld() throws Exception {
        broadcast.play(24, PICTURE);
        assertThat(broadcast.stream().transports().playlist(true)).isEmpty();
    }

    @Test
    void theTransportStreamOfEverythingDoesNotLag() throws Exception {
        TransportPlaylist whole = broadcast.transport(false);
        broadcast.play(24, PICTURE);
        assertThat(last(HandFed.read(whole.reload()))).isEqualTo(last(broadcast.track("v0")));
        broadcast.play(8, PICTURE, SOUND);
        ParsedPlaylist playlist = HandFed.read(whole.reload());
        assertThat(playlist.ended()).isFalse();
        assertThat(last(playlist)).isEqualTo(last(broadcast.track("v0")));
        assertNumbersMatch(playlist);
    }

    private static long last(ParsedPlaylist playlist) {
        return playlist.segments().getLast().number();
    }

    /** A segment's media sequence number is its place in the list (RFC 8216 §3), and its name as well. */
    private static void assertNumbersMatch(ParsedPlaylist playlist) {
        for (ParsedPlaylist.Entry entry : playlist.segments()) {
            assertThat(entry.uri()).contains("/" + entry.number() + ".");
        }
        ParsedPlaylist.Entry last = playlist.entries().getLast();
        if (last.open()) {
            assertThat(last.parts().getFirst().uri()).contains("/" + last.number() + ".0.");
        }
    }

    @Test
    void silenceThatIsShorterThanAWindowIsAGapInTheSoundAlone() throws Exception {
        TransportPlaylist sound = broadcast.transport(true);
        broadcast.play(6, PICTURE);
        broadcast.play(8, PICTURE, SOUND);
        ParsedPlaylist playlist = HandFed.read(sound.reload());
        assertThat(playlist.ended()).isFalse();
        assertThat(playlist.segments()).anyMatch(ParsedPlaylist.Entry::gap);
        assertNumbersMatch(playlist);
    }

    @Test
    void theFirstPartsBehindAGapStandWhereTheirSegmentWill() throws Exception {
        broadcast.play(6, PICTURE);
        for (int i = 0; i < 16; i++) {
            broadcast.play(0.5, PICTURE, SOUND);
            assertNumbersMatch(broadcast.track("a0"));
        }
        assertThat(broadcast.track("a0").ended()).isFalse();
    }

    /** RFC 8216 §6.2.4: players lay one rendition beside another by the tags that they count. */
    @Test
    void breaksThatItSleptThroughAreCountedAsInThePicture() throws Exception {
        broadcast.transport(true);
        broadcast.play(1.8, PICTURE);
        for (int i = 0; i < 2; i++) {
            broadcast.tracks(PICTURE, SOUND); // the clock jumped
            broadcast.play(2, PICTURE);
        }
        for (int i = 0; i < 8; i++) {
            broadcast.play(0.5, PICTURE, SOUND);
            ParsedPlaylist pictures = broadcast.track("v0");
            assertBreaksMatch(broadcast.track("a0"), pictures);
            assertBreaksMatch(HandFed.read(broadcast.transport(true).reload()), pictures);
        }
    }

    private static void assertBreaksMatch(ParsedPlaylist sound, ParsedPlaylist pictures) {
        for (ParsedPlaylist.Entry entry : sound.entries()) {
            pictures.entries().stream()
                    .filter(each -> each.number() == entry.number() && !entry.gap())
                    .forEach(each -> assertThat(sound.discontinuity(entry))
                            .as(entry.toString())
                            .isEqualTo(pictures.discontinuity(each)));
        }
    }

    @Test
    void tracksThatAreToldAgainBringNoEmptyPlaylist() throws Exception {
        broadcast.play(24, PICTURE);
        assertThat(broadcast.track("a0").ended()).isTrue();
        broadcast.tracks(PICTURE, SOUND); // the clock jumped
        broadcast.play(24, PICTURE);
        assertThat(broadcast.stream().renditions().named("a0-1")).isEmpty();
        broadcast.play(8, PICTURE, SOUND);
        assertThat(broadcast.track("a0-1").ended()).isFalse();
        assertThat(broadcast.stream().renditions().named("a0-2")).isEmpty();
    }

    @Test
    void aVariantNamesOnlyWhatItHas() throws Exception {
        broadcast.transport(false);
        broadcast.play(24, PICTURE);
        MultivariantPlaylist playlist = new Variants(broadcast.stream(), "", "").transport(false);
        assertThat(playlist.text()).contains("avc1").doesNotContain("opus");
    }

    // ---- DASH: ISO/IEC 23009-1 §5.3.2, §5.4 -------------------------------------------------------------------

    /** What each period has been seen to consist of, in the order of the manifests. */
    private final Map<String, List<Set<String>>> seen = new HashMap<>();

    private void watch(int halfSeconds, Track... heard) throws Exception {
        for (int i = 0; i < halfSeconds; i++) {
            broadcast.play(0.5, heard);
            for (DashManifest.Period period : broadcast.manifest().periods()) {
                Set<String> now = names(period);
                List<Set<String>> all = seen.computeIfAbsent(period.id(), _ -> new ArrayList<>());
                if (!all.isEmpty()) {
                    assertThat(all.getLast()).as(period.id()).containsAll(now);
                }
                all.add(now);
            }
        }
    }

    private static Set<String> names(DashManifest.Period period) {
        Set<String> names = new LinkedHashSet<>();
        period.sets()
                .forEach(set -> set.representations()
                        .forEach(representation ->
                                names.add(representation.id() + " " + representation.initialization())));
        return names;
    }

    private void assertNewest(String... names) throws Exception {
        DashManifest.Period newest = broadcast.manifest().periods().getLast();
        assertThat(newest.sets().stream()
                        .flatMap(set -> set.representations().stream())
                        .map(DashManifest.Representation::id))
                .containsExactly(names);
    }

    @Test
    void soundThatGoesAndComesBeginsPeriods() throws Exception {
        watch(8, PICTURE, SOUND);
        String before = broadcast.manifest().periods().getLast().id();
        watch(48, PICTURE);
        assertNewest("v0");
        String silent = broadcast.manifest().periods().getLast().id();
        assertThat(silent).isNotEqualTo(before);
        watch(24, PICTURE, SOUND);
        assertNewest("v0", "a0-1");
        assertThat(broadcast.manifest().periods().getLast().id()).isNotIn(before, silent);
    }

    @Test
    void soundThatComesBackToAStillPictureBeginsAPeriod() throws Exception {
        watch(8, PICTURE, SOUND);
        watch(48, PICTURE);
        watch(6);
        watch(24, SOUND);
        assertNewest("a0-1");
        watch(24, PICTURE, SOUND);
        assertNewest("v0", "a0-1");
    }

    /** §5.3.2.4: what is new in a period continues nothing. */
    @Test
    void onlyWhatWasThereIsConnected() throws Exception {
        broadcast.play(24, PICTURE);
        broadcast.play(4, PICTURE, SOUND);
        String text = broadcast.manifest().text();
        String newest = text.substring(text.lastIndexOf("<Period "));
        assertThat(newest).contains("a0-1");
        String sound = newest.substring(newest.indexOf("contentType=\"audio\""));
        assertThat(sound).doesNotContain("period-connectivity");
        assertThat(newest).contains("period-connectivity");
    }
}
