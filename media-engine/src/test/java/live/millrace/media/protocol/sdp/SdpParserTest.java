// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Session descriptions (RFC 8866), as encoders and cameras write them. */
class SdpParserTest {
    private static final String FFMPEG = """
            v=0
            o=- 0 0 IN IP4 127.0.0.1
            s=No Name
            c=IN IP4 127.0.0.1
            t=0 0
            a=tool:libavformat 59.27.100
            m=video 0 RTP/AVP 96
            b=AS:200
            a=rtpmap:96 H264/90000
            a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0LADdkBQfsBEAAAAwAQAAADAyDxQqSA,aMuMsg==; profile-level-id=42C00D
            a=control:streamid=0
            m=audio 0 RTP/AVP 97
            a=rtpmap:97 MPEG4-GENERIC/44100/1
            a=fmtp:97 profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3; config=1208
            a=control:streamid=1
            """;

    private static final String HIKVISION = """
            v=0
            o=- 1109162014219182 1109162014219192 IN IP4 0.0.0.0
            s=Media Presentation
            e=NONE
            b=AS:5100
            t=0 0
            a=control:rtsp://10.0.0.2:554/Streaming/Channels/101/
            m=video 0 RTP/AVP 96
            b=AS:5000
            a=recvonly
            a=x-dimensions:1920,1080
            a=control:rtsp://10.0.0.2:554/Streaming/Channels/101/trackID=1
            a=rtpmap:96 H264/90000
            a=fmtp:96 profile-level-id=4D0014; packetization-mode=0; sprop-parameter-sets=
            m=audio 0 RTP/AVP 8
            a=recvonly
            a=control:rtsp://10.0.0.2:554/Streaming/Channels/101/trackID=2
            m=audio 0 RTP/AVP 0
            a=sendonly
            a=control:rtsp://10.0.0.2:554/Streaming/Channels/101/trackID=3
            m=application 0 RTP/AVP 107
            a=rtpmap:107 vnd.onvif.metadata/90000
            a=Media_header:MEDIAINFO=494D4B48010200000400000100000000
            """;

    @Test
    void readsWhatFfmpegAnnounces() {
        SessionDescription session = SdpParser.parse(FFMPEG.replace("\n", "\r\n"));
        assertThat(session.name()).isEqualTo("No Name");
        assertThat(session.control()).isEmpty();
        assertThat(session.media()).hasSize(2);
        MediaDescription video = session.media().getFirst();
        assertThat(video.kind()).isEqualTo("video");
        assertThat(video.control()).contains("streamid=0");
        assertThat(video.formats().getFirst().parameter("sprop-parameter-sets"))
                .contains("Z0LADdkBQfsBEAAAAwAQAAADAyDxQqSA,aMuMsg==");
        assertThat(session.media().getLast().formats())
                .containsExactly(new PayloadFormat(
                        97,
                        "MPEG4-GENERIC",
                        44_100,
                        1,
                        Map.of(
                                "profile-level-id", "1",
                                "mode", "AAC-hbr",
                                "sizelength", "13",
                                "indexlength", "3",
                                "indexdeltalength", "3",
                                "config", "1208")));
    }

    @Test
    void readsWhatCamerasDescribe() {
        SessionDescription session = SdpParser.parse(HIKVISION);
        assertThat(session.control()).contains("rtsp://10.0.0.2:554/Streaming/Channels/101/");
        PayloadFormat video = session.media().getFirst().formats().getFirst();
        assertThat(video.parameter("sprop-parameter-sets")).isEmpty();
        assertThat(video.number("packetization-mode", 1)).isZero();
        assertThat(session.media().get(1).formats()).containsExactly(new PayloadFormat(8, "PCMA", 8_000, 1, Map.of()));
    }

    /** Another client took the way back to the camera's loudspeaker for its sound (go2rtc #830). */
    @Test
    void theWayBackIsNoSound() {
        assertThat(SdpParser.parse(HIKVISION).received())
                .extracting(
                        medium -> medium.kind() + medium.control().orElse("").replaceAll(".*=", " "))
                .containsExactly("video 1", "audio 2", "application");
        SessionDescription all = SdpParser.parse(
                HIKVISION.replace("recvonly", "sendonly").replace("a=rtpmap:107", "a=sendonly\na=rtpmap:107"));
        assertThat(all.received()).hasSize(4);
        SessionDescription session =
                SdpParser.parse("v=0\na=sendonly\nm=video 0 RTP/AVP 96\nm=audio 0 RTP/AVP 0\na=sendrecv\n");
        assertThat(session.received()).extracting(MediaDescription::kind).containsExactly("audio");
    }

    @Test
    void passesOverNonsense() {
        SessionDescription session = SdpParser.parse("""
                v=0
                hello
                q=
                =x
                a=
                a=:
                a=rtpmap
                m=audio x RTP/AVP 97 0 99 x 300
                a=rtpmap:97 /8000
                a=rtpmap:99 L16/-1/2
                a=rtpmap:98
                a=fmtp:
                a=fmtp:0 ; =; x;Y= z ;a=b=c
                """);
        assertThat(session.media().getFirst().port()).isZero();
        assertThat(session.media().getFirst().formats())
                .containsExactly(new PayloadFormat(0, "PCMU", 8_000, 1, Map.of()));
        assertThat(PayloadFormat.parameters(" ; =; x;Y= z ;a=b=c")).isEqualTo(Map.of("x", "", "y", "z", "a", "b=c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m=video 0 RTP/AVP 96", "hello", "v=0\nm=video\n", "{\"v\":0}"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> SdpParser.parse(text)).isInstanceOf(MalformedSdpException.class);
    }

    @Test
    void isBounded() {
        for (String text : List.of(
                "v=0\n" + "m=video 0 RTP/AVP 96\n".repeat(33),
                "v=0\nm=video 0 RTP/AVP" + " 96".repeat(65),
                "v=0\ns=" + "x".repeat(4_100),
                "v=0\n" + "a=x\n".repeat(300),
                "v=0\n" + "s=x\n".repeat(20_000))) {
            assertThatThrownBy(() -> SdpParser.parse(text)).isInstanceOf(MalformedSdpException.class);
        }
        assertThat(SdpParser.parse("v=0\n" + "m=video 0 RTP/AVP 96\n".repeat(32))
                        .media())
                .hasSize(32);
    }

    @Test
    void writesWhatItReads() {
        for (String text : List.of(FFMPEG, HIKVISION)) {
            SessionDescription session = SdpParser.parse(text);
            assertThat(SdpParser.parse(session.write(7))).isEqualTo(session);
        }
        assertThat(new SessionDescription(
                                "a\r\nm=evil",
                                List.of(new SdpAttribute("control", "*")),
                                List.of(new MediaDescription(
                                        "audio",
                                        0,
                                        "RTP/AVP",
                                        List.of(new PayloadFormat(97, "opus", 48_000, 2, Map.of("sprop-stereo", "1"))),
                                        SdpDirection.SENDRECV,
                                        List.of(new SdpAttribute("control", "trackID=0")))))
                        .write(7))
                .isEqualTo("""
                        v=0\r
                        o=- 7 1 IN IP4 127.0.0.1\r
                        s=a  m=evil\r
                        c=IN IP4 0.0.0.0\r
                        t=0 0\r
                        a=control:*\r
                        m=audio 0 RTP/AVP 97\r
                        a=rtpmap:97 opus/48000/2\r
                        a=fmtp:97 sprop-stereo=1\r
                        a=control:trackID=0\r
                        """);
    }

    @FuzzTest(maxDuration = "60s")
    void anyTextIsReadOrFailsCleanly(byte[] bytes) {
        try {
            SessionDescription session = SdpParser.parse(new String(bytes, StandardCharsets.UTF_8));
            assertThat(SdpParser.parse(session.write(1)).media()).hasSameSizeAs(session.media());
        } catch (MalformedSdpException expected) {
            // what a peer's mistake may cost
        }
    }

    /** What is said of a type is read once, however often the type stands there, and not without end. */
    @Test
    void repetitionsCostNothing() {
        SessionDescription read = SdpParser.parse(
                "v=0\r\nm=video 9 RTP/AVP" + " 96".repeat(60) + "\r\na=rtpmap:96 H264/90000\r\n" + "a=fmtp:96 "
                        + IntStream.range(0, 400).mapToObj(i -> "a" + i).collect(Collectors.joining(";")) + "\r\n");
        assertThat(read.media().getFirst().formats()).hasSize(1);
        assertThat(read.media().getFirst().formats().getFirst().parameters()).hasSize(64);
    }
}
