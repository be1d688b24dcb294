// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import live.millrace.platform.shared.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineStarterTest {
    @ParameterizedTest
    @CsvSource({
        "rtmp, RTMP, millrace.rtmp.port",
        "rtmps, RTMPS, millrace.tls.rtmp-port",
        "webrtc, media of WebRTC, millrace.webrtc.port",
        "http, media over HTTP, millrace.http.port",
        "https, media over HTTPS, millrace.tls.http-port"
    })
    void aTakenPortIsToldInTheWordsOfTheSettings(String scheme, String purpose, String setting) {
        StartupException told = EngineStarter.taken(scheme, 4_711, new IllegalStateException("in use"));
        assertThat(told).hasMessage("Port 4711 for " + purpose + " cannot be had: it is taken, or not allowed.");
        assertThat(told.action()).isEqualTo("Stop what uses it, or set " + setting + " to another.");
    }

    /** The number that is taken stands in no setting. */
    @Test
    void theUdpPortsOfRtspAreToldWithTheSettingThatTheyComeFrom() {
        StartupException told = EngineStarter.taken("rtsp-udp", 8_890, new IllegalStateException("in use"));
        assertThat(told).hasMessage("Port 8890 for media of RTSP over UDP cannot be had: it is taken, or not allowed.");
        assertThat(told.action())
                .contains("set millrace.rtsp.port to another")
                .contains("or the next even one, and the one behind it")
                .contains("millrace.rtsp.udp to false");
    }
}
