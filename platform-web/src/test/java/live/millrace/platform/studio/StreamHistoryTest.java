// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.studio.StreamHistory.Trouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** An encoder that is connected and sends nothing is told so, and only then. */
class StreamHistoryTest {
    private static final UUID BROADCAST = UUID.randomUUID();
    private static final LiveView.Video PICTURE = new LiveView.Video("H.264", 640, 360, 8, "4:2:0", false, true);

    private final StreamHistory history =
            new StreamHistory(new StaticListableBeanFactory().getBeanProvider(Engine.class));

    private static LiveView view(LiveState state, LiveView.@Nullable Video video, long bitrate) {
        return new LiveView(
                "anna",
                BROADCAST,
                state,
                Instant.EPOCH,
                null,
                video,
                null,
                new LiveView.Encoder("OBS", "192.0.2.1"),
                1L,
                bitrate,
                0,
                0,
                0,
                null,
                0,
                List.of(),
                Map.of(),
                null);
    }

    private Optional<Trouble> after(LiveView... samples) {
        for (LiveView sample : samples) {
            history.add(List.of(sample));
        }
        return history.trouble(samples[samples.length - 1]);
    }

    @Test
    void whatStandsStillOnAirIsSaidAfterTwoSamples() {
        LiveView still = view(LiveState.LIVE, PICTURE, 0);
        assertThat(after(view(LiveState.LIVE, PICTURE, 2_000_000), still)).isEmpty();
        assertThat(after(still)).contains(Trouble.MEDIA_STALLED);
        assertThat(EncoderEvent.of(Optional.of(still), history).warnings()).contains("MEDIA_STALLED");
        LiveView again = view(LiveState.LIVE, PICTURE, 1_000_000);
        assertThat(history.trouble(again)).isEmpty();
        assertThat(after(again, still)).isEmpty();
    }

    @Test
    void whoeverConnectsAndSendsNothingIsToldSo() {
        LiveView empty = view(LiveState.STARTING, null, 0);
        assertThat(after(empty)).isEmpty();
        assertThat(after(empty)).contains(Trouble.NO_MEDIA);
        assertThat(after(view(LiveState.STARTING, PICTURE, 0))).isEmpty();
    }

    @Test
    void aStreamThatWaitsForItsEncoderIsNotInTrouble() {
        LiveView away = view(LiveState.RECONNECTING, PICTURE, 0);
        assertThat(after(away, away, away, away)).isEmpty();
    }
}
