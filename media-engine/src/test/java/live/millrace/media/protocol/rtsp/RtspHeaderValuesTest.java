// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transport, Session, RTP-Info and addresses (RFC 2326 §12.39, §12.37, §12.33, appendix C.1.1). */
class RtspHeaderValuesTest {
    /** FFmpeg, GStreamer, a player by UDP, a camera's answer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RTP/AVP/TCP;unicast;interleaved=0-1;mode=record        | RTP/AVP/TCP;unicast;interleaved=0-1;mode=record",
                "RTP/AVP/TCP;unicast;interleaved=2-3;mode=\"RECORD\"     | RTP/AVP/TCP;unicast;interleaved=2-3;mode=record",
                "RTP/AVP/TCP;unicast;interleaved=4;mode=play            | RTP/AVP/TCP;unicast;interleaved=4-5",
                "RTP/AVP/TCP;unicast                                    | RTP/AVP/TCP;unicast",
                "RTP/AVP/UDP;unicast;client_port=4588-4589              | RTP/AVP;unicast;client_port=4588-4589",
                "RTP/AVP;multicast;ttl=127;destination=239.0.0.1        | RTP/AVP;multicast",
                "rtp/avp; unicast; CLIENT_PORT=1-2; source=10.0.0.2; server_port=3-4; ssrc=D2F4; x=y"
                        + " | RTP/AVP;unicast;client_port=1-2;server_port=3-4;source=10.0.0.2;ssrc=0000D2F4",
                "RTP/AVP;unicast;client_port=1-2;ssrc=nonsense          | RTP/AVP;unicast;client_port=1-2",
            })
    void readsAndWritesTransports(String header, String written) {
        List<TransportHeader> found = TransportHeader.parse(header.strip());
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().write()).isEqualTo(written.strip());
        assertThat(TransportHeader.parse(found.getFirst().write())).isEqualTo(found);
    }

    @Test
    void readsAlternativesInTheirOrder() {
        assertThat(TransportHeader.parse("RAW/RAW/UDP;unicast,RTP/AVP;unicast;client_port=1-2,RTP/AVP/TCP;unicast"))
                .containsExactly(
                        TransportHeader.udp(new TransportHeader.Pair(1, 2), false),
                        TransportHeader.parse("RTP/AVP/TCP;unicast").getFirst());
        assertThat(TransportHeader.parse("RTP/AVP,".repeat(100))).hasSize(8);
        assertThat(TransportHeader.tcp(new TransportHeader.Pair(0, 1), true).write())
                .isEqualTo("RTP/AVP/TCP;unicast;interleaved=0-1;mode=record");
        assertThat(TransportHeader.udp(new TransportHeader.Pair(1, 2), false)
                        .servedFrom(new TransportHeader.Pair(3, 4))
                        .write())
                .isEqualTo("RTP/AVP;unicast;client_port=1-2;server_port=3-4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RTP/AVP/TCP;interleaved=255",
                "RTP/AVP/TCP;interleaved=-1-0",
                "RTP/AVP/TCP;interleaved=",
                "RTP/AVP;client_port=65536-65537",
                "RTP/AVP;client_port=1-x",
            })
    void refusesNumbersThatAreNone(String header) {
        assertThatThrownBy(() -> TransportHeader.parse(header)).isInstanceOf(RtspProtocolException.class);
    }

    /** Siqura and FLIR end sessions after 20 s (mediamtx #449): what SETUP answers counts, and a margin. */
    @ParameterizedTest
    @CsvSource({
        "12345678,               12345678, 60,   30",
        "1a;timeout=20,          1a,       20,   15",
        "'1a ; Timeout = 20',    1a,       60,   30",
        "'1a; TIMEOUT=3',        1a,       3,    1",
        "1a;timeout=0,           1a,       60,   30",
        "1a;timeout=x,           1a,       60,   30",
        "1a;timeout=99999999999, 1a,       3600, 30",
    })
    void keepsSessionsAlive(String header, String id, long timeout, long keepAlive) {
        SessionHeader session = SessionHeader.parse(header);
        assertThat(session).isEqualTo(new SessionHeader(id, Duration.ofSeconds(timeout)));
        assertThat(session.keepAlive()).isEqualTo(Duration.ofSeconds(keepAlive));
        assertThat(session.write()).isEqualTo(id + ";timeout=" + timeout);
    }

    @Test
    void aSessionHasAName() {
        assertThatThrownBy(() -> SessionHeader.parse(";timeout=5")).isInstanceOf(RtspProtocolException.class);
        assertThatThrownBy(() -> SessionHeader.parse("x".repeat(257))).isInstanceOf(RtspProtocolException.class);
    }

    @Test
    void readsAndWritesWhereTracksBegin() {
        String header = "url=rtsp://h/x/trackID=1;seq=45102;rtptime=4294967295,url=trackID=2;seq=5";
        List<RtpInfo> tracks = RtpInfo.parse(header);
        assertThat(tracks)
                .containsExactly(
                        new RtpInfo("rtsp://h/x/trackID=1", OptionalInt.of(45_102), OptionalLong.of(0xFFFF_FFFFL)),
                        new RtpInfo("trackID=2", OptionalInt.of(5), OptionalLong.empty()));
        assertThat(RtpInfo.write(tracks)).isEqualTo(header);
        assertThat(RtpInfo.parse("url=a;seq=70000;rtptime=-5;;x"))
                .containsExactly(new RtpInfo("a", OptionalInt.empty(), OptionalLong.empty()));
        assertThat(RtpInfo.parse("url=a,".repeat(100))).hasSize(32);
    }

    @ParameterizedTest
    @CsvSource({
        "rtsp://h/x,                               trackID=1,             rtsp://h/x/trackID=1",
        "rtsp://h/x/,                              trackID=1,             rtsp://h/x/trackID=1",
        "rtsp://h/x/,                              /trackID=1,            rtsp://h/x/trackID=1",
        "rtsp://h/x,                               rtsp://10.0.0.2/y/1,   rtsp://10.0.0.2/y/1",
        "rtsp://h/x,                               *,                     rtsp://h/x",
        "rtsp://h/x,                               '',                    rtsp://h/x",
        "rtsp://h/cam/realmonitor?channel=1&subtype=0, trackID=0, rtsp://h/cam/realmonitor?channel=1&subtype=0/trackID=0",
        "rtsp://h/x,                               ?ctype=video,          rtsp://h/x?ctype=video",
    })
    void findsTracksAsCamerasMeanThem(String base, String control, String url) {
        assertThat(RtspAddresses.track(base, control)).isEqualTo(url);
    }

    @Test
    void theBaseIsWhatTheAnswerSays() {
        RtspHeaders both =
                RtspHeaders.NONE.with("content-location", "rtsp://h/b/").with("Content-Base", "rtsp://h/a/");
        assertThat(RtspAddresses.base("rtsp://h/x", both)).isEqualTo("rtsp://h/a/");
        assertThat(RtspAddresses.base("rtsp://h/x", RtspHeaders.NONE.with("Content-Location", "RTSP://h/b")))
                .isEqualTo("RTSP://h/b");
        assertThat(RtspAddresses.base("rtsp://h/x", RtspHeaders.NONE.with("Content-Base", "/")))
                .isEqualTo("rtsp://h/x");
        assertThat(RtspAddresses.base("rtsp://h/x", RtspHeaders.NONE)).isEqualTo("rtsp://h/x");
    }

    @ParameterizedTest
    @CsvSource({
        "rtsp://h/live/k/streamid=1,       streamid=1",
        "rtsp://h/live/k/streamid=0/,      streamid=0",
        "rtsp://h/live/k?key=a/streamid=1, streamid=1",
        "rtsp://h/live/k/streamid=1?key=a, streamid=1",
        "rtsp://h/live/k,                  ''",
        "rtsp://h/live/kstreamid=1,        ''",
    })
    void findsOurTracksInWhatClientsWrite(String uri, String control) {
        assertThat(RtspAddresses.control(uri, List.of("streamid=0", "streamid=1"))
                        .orElse(""))
                .isEqualTo(control);
    }
}
