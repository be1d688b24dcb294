// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.endpoint.srt.SrtConfig;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import live.millrace.media.socket.PortInUseException;
import live.millrace.media.testing.OpenEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RTSP takes two ports of UDP beside the one that is set. */
class UdpPortsTest {
    @TempDir
    private Path directory;

    private static EngineConfig config(Path directory, int rtsp, boolean datagrams, int srt) {
        RtspConfig usual = RtspConfig.defaults();
        return OpenEngine.config(directory)
                .with(new RtspConfig("127.0.0.1", rtsp, datagrams, usual.refusal()))
                .with(SrtConfig.defaults().at("127.0.0.1", srt));
    }

    @ParameterizedTest
    @CsvSource({"8889, 8890", "8890, 8890", "8890, 8891", "8889, 8891"})
    void whatClashesWithSrtIsToldBySettings(int rtsp, int srt) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(directory, rtsp, true, srt))
                .withMessageContaining("rtsp.port " + rtsp)
                .withMessageContaining("8890 and 8891 of UDP")
                .withMessageContaining("srt.port")
                .withMessageContaining("rtsp.udp");
    }

    @ParameterizedTest
    @CsvSource({"8889, false, 8890", "8889, true, 8889", "8888, true, 8890", "0, true, 0"})
    void whatDoesNotIsTaken(int rtsp, boolean datagrams, int srt) {
        assertThat(config(directory, rtsp, datagrams, srt).rtsp()).isPresent();
    }

    @Test
    void twoCannotHaveOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(directory, 0, true, 8890)
                        .with(WebrtcConfig.defaults().at("127.0.0.1", 8890)))
                .withMessageContaining("srt.port is 8890")
                .withMessageContaining("webrtc.port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(directory, 8188, true, 0).with(WebrtcConfig.defaults()))
                .withMessageContaining("rtsp.port 8188")
                .withMessageContaining("webrtc.port");
    }

    @Test
    void theLastPortHasNoneBehindIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(directory, 65_535, true, 0))
                .withMessageContaining("65535");
        assertThat(config(directory, 65_534, true, 0).rtsp().orElseThrow().mediaPort())
                .isEqualTo(65_534);
    }

    @Test
    void oneThatSomebodyElseHasIsNamedForWhatItIs() throws Exception {
        List<DatagramSocket> others = new ArrayList<>();
        try {
            PortInUseException failed = null;
            // A port that is taken for connections as well, by whoever runs beside this test, is no case.
            while (failed == null || failed.listener().equals("rtsp")) {
                DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                others.add(other);
                int taken = other.getLocalPort();
                failed = catchThrowableOfType(
                        PortInUseException.class, () -> OpenEngine.start(config(directory, taken & ~1, true, 0)));
                assertThat(failed).isNotNull();
            }
            assertThat(failed.listener()).isEqualTo("rtsp-udp");
            assertThat(failed.port()).isEqualTo(others.getLast().getLocalPort());
        } finally {
            others.forEach(DatagramSocket::close);
        }
    }
}
