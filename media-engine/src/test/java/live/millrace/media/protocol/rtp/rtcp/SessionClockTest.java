// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import live.millrace.media.time.NtpTime;
import org.junit.jupiter.api.Test;

/** Two media clocks on one line. */
class SessionClockTest {
    private static final long MILLI = 1_000_000;
    private static final long START = 1_700_000_000_000L;

    private final SessionClock clock = new SessionClock(0);
    private final SessionClock.Track video = clock.track(90_000);
    private final SessionClock.Track audio = clock.track(48_000);

    private static RtcpPacket.SenderReport report(long epochMillis, long rtpTimestamp) {
        return new RtcpPacket.SenderReport(
                1, NtpTime.ofEpochMillis(epochMillis), rtpTimestamp & 0xFFFF_FFFFL, 0, 0, List.of());
    }

    @Test
    void theFirstPacketLiesWhereItArrived() {
        assertThat(video.time(5_000, 0)).isZero();
        assertThat(video.time(8_600, 70 * MILLI)).isEqualTo(3_600);
        assertThat(audio.time(77, 500 * MILLI)).isEqualTo(24_000);
    }

    @Test
    void stampsWrap() {
        assertThat(video.time(0xFFFF_FF00L, 0)).isZero();
        assertThat(video.time(0x100, 0)).isEqualTo(0x200);
    }

    @Test
    void theStartThatWasAnnouncedIsZero() {
        video.startsAt(1_000);
        assertThat(video.time(4_600, 900 * MILLI)).isEqualTo(3_600);
    }

    /** The sound arrived 200 ms late; the reports say that both were taken at once. */
    @Test
    void reportsPutTracksBesideEachOther() {
        video.time(0, 0);
        audio.time(0, 200 * MILLI);
        video.senderReport(report(START, 0));
        audio.senderReport(report(START, 0));
        assertThat(audio.time(48_000, 1_200 * MILLI)).isEqualTo(48_000);
        assertThat(video.time(90_000, 1_000 * MILLI)).isEqualTo(90_000);
    }

    @Test
    void laterReportsCorrectByAFewMilliseconds() {
        video.time(0, 0);
        audio.time(0, 0);
        video.senderReport(report(START, 0));
        audio.senderReport(report(START, 0));
        audio.time(48_000, 1_000 * MILLI);
        audio.senderReport(report(START + 1_100, 48_000));
        assertThat(audio.time(48_000, 1_000 * MILLI)).isEqualTo(48_000 + 5 * 48);
    }

    /** Reolink's main and sub streams lie 12 s apart (go2rtc #917). */
    @Test
    void aStepOfTheCamerasClockChangesNothing() {
        video.time(0, 0);
        audio.time(0, 0);
        video.senderReport(report(START, 0));
        audio.senderReport(report(START, 0));
        audio.time(480_000, 10_000 * MILLI);
        audio.senderReport(report(START + 22_000, 480_000));
        assertThat(audio.time(480_000, 10_000 * MILLI)).isEqualTo(480_000);
        audio.time(960_000, 20_000 * MILLI);
        audio.senderReport(report(START + 32_002, 960_000));
        assertThat(audio.time(960_000, 20_000 * MILLI)).isEqualTo(960_000 + 2 * 48);
    }

    @Test
    void anotherSourceContinuesTheLine() {
        video.time(1_000_000, 0);
        assertThat(video.time(1_090_000, 1_000 * MILLI)).isEqualTo(90_000);
        video.sourceChanged();
        assertThat(video.time(5, 1_040 * MILLI)).isEqualTo(93_600);
        assertThat(video.time(3_605, 1_080 * MILLI)).isEqualTo(97_200);
    }

    @Test
    void aStartThatCannotBeMeantIsNone() {
        video.startsAt(0);
        assertThat(video.time(3_000_000_000L, 100 * MILLI)).isEqualTo(9_000);
    }

    /** FFmpeg sends them before its first packets: the sound is put beside the picture at once. */
    @Test
    void reportsBeforeTheFirstPacketAreHeardWithIt() {
        video.senderReport(report(START, 500));
        audio.senderReport(report(START, 77));
        assertThat(video.time(500, 0)).isZero();
        assertThat(audio.time(77, 200 * MILLI)).isZero();
        assertThat(audio.time(48_077, 1_200 * MILLI)).isEqualTo(48_000);
    }
}
