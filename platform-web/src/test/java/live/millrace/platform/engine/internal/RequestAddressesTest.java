// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.engine.MediaAddresses.Other;
import live.millrace.platform.engine.MediaAddresses.Whip;
import live.millrace.platform.engine.ServedCertificate;
import live.millrace.platform.shared.StartupException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.web.MockHttpServletRequest;

/** What encoders and players of other protocols are told. */
class RequestAddressesTest {
    private static final String KEY = "mr_abcdefghijklmnop";

    private final MockHttpServletRequest request = new MockHttpServletRequest();

    private static final class Served implements ServedCertificate {
        private boolean trusted;

        @Override
        public X509ExtendedKeyManager keys() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long version() {
            return 0;
        }

        @Override
        public List<String> proofs() {
            return List.of();
        }

        @Override
        public boolean trusted() {
            return trusted;
        }

        @Override
        public void onChange(Runnable changed) {}
    }

    private final Served served = new Served();

    private RequestAddresses with(Map<String, String> settings) {
        return new RequestAddresses(
                new Binder(new MapConfigurationPropertySource(settings.entrySet().stream()
                                .collect(Collectors.toMap(entry -> "millrace." + entry.getKey(), Map.Entry::getValue))))
                        .bindOrCreate("millrace", EngineSettings.class),
                served);
    }

    private static Stream<String> addresses(List<Other> others) {
        return others.stream().map(Other::address);
    }

    @Test
    void encodersAreToldTheRequestsHostAndThePorts() {
        request.setServerName("live.example.org");
        assertThat(with(Map.of()).encoders(request, KEY, null))
                .containsExactly(
                        new Other("SRT", "srt://live.example.org:8890?streamid=publish:live/" + KEY, false),
                        new Other("RTSP", "rtsp://live.example.org:8554/live/" + KEY, false),
                        new Other("HTTP PUT", "http://live.example.org:8081/live/" + KEY + ".ts", false))
                .asString()
                .as("for logs")
                .doesNotContain(KEY);
    }

    @Test
    void playersAreToldATicketWhereTheyNeedOne() {
        request.setServerName("::1");
        assertThat(addresses(with(Map.of()).players(request, "anna", null)))
                .containsExactly("rtsp://[::1]:8554/live/anna", "srt://[::1]:8890?streamid=read:live/anna");
        assertThat(addresses(with(Map.of()).players(request, "anna", "TICKET")))
                .containsExactly(
                        "rtsp://[::1]:8554/live/anna?t=TICKET", "srt://[::1]:8890?streamid=read:live/anna:t=TICKET");
    }

    @Test
    void whatIsNotSpokenIsNotTold() {
        RequestAddresses neither = with(Map.of(
                "rtsp.port", "0", "srt.port", "0", "rtsp.public-url", "rtsp://a.example", "srt.public-url", "srt://a"));
        assertThat(neither.encoders(request, KEY, null).stream().map(Other::protocol))
                .containsExactly("HTTP PUT");
        assertThat(neither.players(request, "anna", null)).isEmpty();
    }

    @Test
    void theSettingsSayHowTheWorldReachesIt() {
        assertThat(addresses(with(Map.of(
                                "rtsp.public-url", "rtsps://live.example.org:8322/",
                                "srt.public-url", "srt://srt.example.org:9000",
                                "media.public-url", "https://live.example.org"))
                        .encoders(request, KEY, null)))
                .containsExactly(
                        "srt://srt.example.org:9000?streamid=publish:live/" + KEY,
                        "rtsps://live.example.org:8322/live/" + KEY,
                        "https://live.example.org/live/" + KEY + ".ts");
        assertThat(addresses(
                        with(Map.of("rtsp.public-url", "rtsp://a.example/tv")).players(request, "anna", null)))
                .contains("rtsp://a.example/tv/anna");
    }

    @Test
    void encodersOfWhipAreToldWhereMediaIsAskedForAndWhereItGoes() {
        request.setServerName("live.example.org");
        assertThat(with(Map.of()).whip(request)).contains(new Whip("http://live.example.org:8081/whip", 8_189));
        assertThat(with(Map.of("media.public-url", "https://media.example.org/", "webrtc.port", "9000"))
                        .whip(request))
                .contains(new Whip("https://media.example.org/whip", 9_000));
        request.setSecure(true);
        assertThat(with(Map.of("https.port", "443")).whip(request))
                .contains(new Whip("https://live.example.org/whip", 8_189));
        assertThat(with(Map.of("webrtc.port", "0")).whip(request)).isEmpty();
    }

    @Test
    void aPassphraseIsHintedAtAndNeverTold() {
        List<Other> told = with(Map.of("srt.passphrase", "three quiet herons")).encoders(request, KEY, null);
        assertThat(told.stream().filter(Other::passphrase).map(Other::protocol)).containsExactly("SRT");
        assertThat(addresses(told)).noneMatch(address -> address.contains("heron"));
    }

    @Test
    void aKeysOwnPassphraseStandsInItsAddressInPlaceOfTheServers() {
        List<Other> told = with(Map.of("srt.passphrase", "three quiet herons")).encoders(request, KEY, "fourwetotters");
        assertThat(addresses(told).findFirst().orElseThrow())
                .endsWith("?streamid=publish:live/" + KEY + "&passphrase=fourwetotters");
        assertThat(told).noneMatch(Other::passphrase).asString().doesNotContain("otters");
    }

    @Test
    void whatIsNoAddressEndsTheStart() {
        for (String setting : List.of("rtsp.public-url", "srt.public-url")) {
            assertThatThrownBy(() -> with(Map.of(setting, "http://example.org")))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("millrace." + setting);
        }
    }

    @Test
    void encodersAreToldOfEncryptionOnceSomebodyVouchesForIt() {
        RequestAddresses addresses = with(Map.of("https.port", "443"));
        assertThat(addresses(addresses.encoders(request, KEY, null))).noneMatch(each -> each.startsWith("rtmps"));
        served.trusted = true;
        assertThat(addresses(addresses.encoders(request, KEY, null)))
                .contains("rtmps://localhost:1936/live/" + KEY, "rtsps://localhost:8322/live/" + KEY);
    }
}
