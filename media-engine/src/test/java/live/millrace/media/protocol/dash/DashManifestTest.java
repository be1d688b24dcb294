// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DashManifestTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00.250Z");

    private static DashManifest manifest(boolean ended, Optional<String> connected) {
        return new DashManifest(
                START,
                START.plusMillis(66_123_456_789L / 1_000_000),
                Duration.ofSeconds(2),
                Duration.ofSeconds(6),
                ended,
                List.of(new DashManifest.Period(
                        "p60000",
                        Duration.ofMinutes(1),
                        List.of(
                                new DashManifest.AdaptationSet(
                                        true,
                                        connected,
                                        List.of(new DashManifest.Representation(
                                                "v0",
                                                "avc1.42C01E",
                                                900_000,
                                                Optional.of(new int[] {640, 360}),
                                                0,
                                                0,
                                                "anna/b/v0/init7-0.mp4",
                                                "anna/b/v0/$Number$.m4s",
                                                90_000,
                                                5_400_000,
                                                31,
                                                List.of(
                                                        new DashManifest.Segment(5_400_000, 180_000),
                                                        new DashManifest.Segment(5_580_000, 90_000))))),
                                new DashManifest.AdaptationSet(
                                        false,
                                        connected,
                                        List.of(new DashManifest.Representation(
                                                "a0",
                                                "mp4a.40.2",
                                                128_000,
                                                Optional.empty(),
                                                44_100,
                                                2,
                                                "anna/b/a0/init7-1.mp4",
                                                "anna/b/a0/$Number$.m4s",
                                                44_100,
                                                2_646_000,
                                                31,
                                                List.of(new DashManifest.Segment(2_646_000, 88_064)))))))));
    }

    @Test
    void aLiveManifestSaysWhereEverythingIsAndWhenToAskAgain() {
        assertThat(manifest(false, Optional.empty()).text()).isEqualTo("""
                <?xml version="1.0" encoding="UTF-8"?>
                <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="dynamic" \
                availabilityStartTime="2026-11-21T12:00:00.250Z" publishTime="2026-11-21T12:01:06.373Z" minimumUpdatePeriod="PT1S" \
                minBufferTime="PT2S" maxSegmentDuration="PT2.5S" timeShiftBufferDepth="PT6S" suggestedPresentationDelay="PT4S">
                  <Period id="p60000" start="PT1M">
                    <AdaptationSet id="0" contentType="video" mimeType="video/mp4" segmentAlignment="true">
                      <Representation id="v0" codecs="avc1.42C01E" bandwidth="900000" width="640" height="360">
                        <SegmentTemplate timescale="90000" presentationTimeOffset="5400000" initialization="anna/b/v0/init7-0.mp4" \
                media="anna/b/v0/$Number$.m4s" startNumber="31">
                          <SegmentTimeline>
                            <S t="5400000" d="180000"/>
                            <S t="5580000" d="90000"/>
                          </SegmentTimeline>
                        </SegmentTemplate>
                      </Representation>
                    </AdaptationSet>
                    <AdaptationSet id="1" contentType="audio" mimeType="audio/mp4" segmentAlignment="true" startWithSAP="1">
                      <Representation id="a0" codecs="mp4a.40.2" bandwidth="128000" audioSamplingRate="44100">
                        <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>
                        <SegmentTemplate timescale="44100" presentationTimeOffset="2646000" initialization="anna/b/a0/init7-1.mp4" \
                media="anna/b/a0/$Number$.m4s" startNumber="31">
                          <SegmentTimeline>
                            <S t="2646000" d="88064"/>
                          </SegmentTimeline>
                        </SegmentTemplate>
                      </Representation>
                    </AdaptationSet>
                  </Period>
                  <UTCTiming schemeIdUri="urn:mpeg:dash:utc:direct:2014" value="2026-11-21T12:01:06.373Z"/>
                </MPD>
                """);
    }

    @Test
    void anEndedOneSaysHowLongItWasAndThatNothingComes() {
        assertThat(manifest(true, Optional.empty()).text())
                .contains("mediaPresentationDuration=\"PT1M3S\"")
                .doesNotContain("minimumUpdatePeriod");
    }

    @Test
    void aPeriodThatGoesOnSaysWithWhat() {
        assertThat(manifest(false, Optional.of("p50000")).text())
                .contains(
                        "<SupplementalProperty schemeIdUri=\"urn:mpeg:dash:period-connectivity:2015\" value=\"p50000\"/>");
    }
}
