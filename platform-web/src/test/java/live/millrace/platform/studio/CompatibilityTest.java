// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityTest {
    private static final LiveView.Video PICTURE = new LiveView.Video("H.264", 1_280, 720, 8, "4:2:0", false, true);
    private static final LiveView.Audio SOUND = new LiveView.Audio("AAC", 48_000, 2, true);

    private static LiveView view(LiveView.Video video, LiveView.Audio audio, LiveView.LeftOut... leftOut) {
        return new LiveView(
                "anna",
                UUID.randomUUID(),
                LiveState.LIVE,
                Instant.EPOCH,
                Instant.EPOCH,
                video,
                audio,
                null,
                null,
                0,
                0,
                0,
                0,
                null,
                0,
                List.of(leftOut),
                Map.of(),
                null);
    }

    @ParameterizedTest
    @CsvSource({
        "H.264, 1280,  720,  8,  4:2:0, false, ''",
        "H.264, 1280,  720,  8,  4:4:4, false, PICTURE_CHROMA",
        "H.264, 1280,  720,  10, 4:2:2, true,  PICTURE_CHROMA PICTURE_DEPTH PICTURE_INTERLACED",
        "H.264, 1280,  720,  10, 4:2:0, false, PICTURE_DEPTH",
        "VP9,   1280,  720,  10, 4:2:0, false, PICTURE_DEPTH",
        "VP8,   1280,  720,  8,  4:2:0, false, PICTURE_UNSEEN",
        "H.265, 1280,  720,  10, 4:2:0, false, ''",
        "H.265, 1280,  720,  12, 4:2:0, false, PICTURE_DEPTH",
        "AV1,   1280,  720,  10, 4:2:0, false, ''",
        "H.264, 3840,  2160, 8,  4:2:0, false, ''",
        "H.264, 2160,  3840, 8,  4:2:0, false, ''",
        "H.265, 7680,  4320, 8,  4:2:0, false, PICTURE_LARGE",
        "H.264, 1280,  720,  8,  4:0:0, false, ''",
    })
    void picturesThatPhonesDoNotPlayAreHinted(
            String codec, int width, int height, int bitDepth, String chroma, boolean interlaced, String hints) {
        LiveView.Video video =
                new LiveView.Video(codec, width, height, bitDepth, chroma, interlaced, !codec.equals("VP8"));
        assertThat(String.join(" ", Compatibility.hints(view(video, SOUND)))).isEqualTo(hints);
    }

    @ParameterizedTest
    @CsvSource({
        "AAC,    2, ''",
        "AAC,    6, SOUND_SURROUND",
        "MP3,    2, SOUND_MP3",
        "AC-3,   6, SOUND_DOLBY SOUND_SURROUND",
        "E-AC-3, 2, SOUND_DOLBY",
        "Opus,   2, ''",
    })
    void soundThatPhonesDoNotPlayIsHinted(String codec, int channels, String hints) {
        LiveView.Audio audio = new LiveView.Audio(codec, 48_000, channels, true);
        assertThat(String.join(" ", Compatibility.hints(view(PICTURE, audio)))).isEqualTo(hints);
    }

    @ParameterizedTest
    @CsvSource({
        // A picture, whether browsers show it; a sound, whether they play it: unseen, unheard, and what is to blame
        // where nothing plays.
        "H.264, true,  AAC,   true,  -,   -,     ''",
        "VP8,   false, Opus,  true,  VP8, -,     ''",
        "VP8,   false, -,     false, VP8, -,     VP8",
        "VP8,   false, G.711, false, VP8, G.711, VP8 G.711",
        "H.264, true,  G.711, false, -,   G.711, ''",
        "-,     false, G.711, false, -,   G.711, G.711",
        "-,     false, AAC,   true,  -,   -,     ''",
        "-,     false, -,     false, -,   -,     ''",
    })
    void pagesHearWhatNoBrowserPlays(
            String picture,
            boolean shown,
            String sound,
            boolean played,
            String unseen,
            String unheard,
            String unplayable) {
        LiveView view = view(
                picture.equals("-") ? null : new LiveView.Video(picture, 1_280, 720, 8, "4:2:0", false, shown),
                sound.equals("-") ? null : new LiveView.Audio(sound, 48_000, 2, played));
        assertThat(view.unseen()).isEqualTo(unseen.equals("-") ? null : unseen);
        assertThat(view.unheard()).isEqualTo(unheard.equals("-") ? null : unheard);
        assertThat(String.join(" ", view.unplayable())).isEqualTo(unplayable);
    }

    @Test
    void theStudioHearsWhatIsLeftOut() {
        EncoderEvent message = EncoderEvent.of(
                view(
                        PICTURE,
                        null,
                        new LiveView.LeftOut(false, "Speex", false),
                        new LiveView.LeftOut(true, "a picture of 0 x 0", true)),
                0,
                Optional.empty());
        assertThat(message.leftOut())
                .containsExactly(
                        new EncoderEvent.LeftOut("AUDIO_UNSUPPORTED", "Speex"),
                        new EncoderEvent.LeftOut("VIDEO_BROKEN", "a picture of 0 x 0"));
    }
}
