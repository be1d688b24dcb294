// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import live.millrace.platform.camera.FakeDiscovery;
import live.millrace.platform.camera.FakeDiscovery.Answer;
import live.millrace.platform.camera.FakeStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who answers a search, and what of it is believed. */
class DeviceSearchTest {
    private static final String ID = "0d4c9b3e-6f0e-4a53-9b7a-0c1d2e3f4a5b";

    private final FakeDiscovery network = new FakeDiscovery();
    private final FakeStreams guard = new FakeStreams();
    private final DeviceSearch search = new DeviceSearch(network, guard);

    private static Answer at(String sender, String id, String addresses) {
        return Answer.of(sender, FakeDevice.match(id, addresses, ""));
    }

    private List<String> found(Answer... answers) throws InterruptedException {
        network.answers(_ -> List.of(answers));
        return search.search().stream().map(FoundDevice::shown).toList();
    }

    @Test
    void namesThoseThatAnswer() throws InterruptedException {
        network.answers(id -> List.of(
                Answer.of(
                        "192.168.1.20",
                        FakeDevice.match(
                                id.toUpperCase(Locale.ROOT),
                                "https://192.168.1.20/onvif http://[fe80::1]/onvif http://192.168.1.20:8000/onvif/device_service",
                                "onvif://www.onvif.org/type/ptz onvif://www.onvif.org/name/Hinten%20%C3%BCber+100% \n"
                                        + "onvif://www.onvif.org/name/other onvif://www.onvif.org/hardware/DS-2CD%E2%80%AE")),
                at("192.168.1.3", id, "http://192.168.1.3/"),
                at("192.168.1.3", id, "http://192.168.1.3/")));
        List<FoundDevice> found = search.search();
        assertThat(found).extracting(FoundDevice::shown).containsExactly("192.168.1.3", "192.168.1.20:8000");
        assertThat(found.get(1).service()).hasToString("http://192.168.1.20:8000/onvif/device_service");
        assertThat(found.get(1).name()).isEqualTo("Hinten%20%C3%BCber+100%");
        assertThat(found.get(1).hardware()).isEqualTo("DS-2CD");
        assertThat(found.get(0).name()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://192.168.1.21/",
                "http://127.0.0.1/",
                "http://localhost/",
                "http://192.168.1.20.example.org/",
                "http://192.168.1.20@192.168.1.1/",
                "http://admin@192.168.1.20/",
                "http://192.168.001.20/",
                "http://3232235796/",
                "http://0xc0a80114/",
                "http://[::ffff:192.168.1.20]/",
                "http://192.168.1.20:0/",
                "http://192.168.1.20:65536/",
                "http://192.168.1.20:80:80/",
                "ftp://192.168.1.20/",
                "file:///etc/passwd",
                "//192.168.1.20/",
                "192.168.1.20",
                "http:192.168.1.20",
                "http://192.168.1.20\\@192.168.1.1/"
            })
    void isToldNothingAboutOthers(String addresses) throws InterruptedException {
        network.answers(id -> List.of(at("192.168.1.20", id, addresses)));
        assertThat(search.search()).isEmpty();
    }

    @Test
    void asksTheGuard() throws InterruptedException {
        guard.neighbours(address -> address.getPort() != 8080);
        network.answers(id -> List.of(at("192.168.1.20", id, "http://192.168.1.20:8080/ http://192.168.1.20:8081/")));
        assertThat(search.search()).extracting(FoundDevice::shown).containsExactly("192.168.1.20:8081");
        guard.neighbours(_ -> false);
        assertThat(search.search()).isEmpty();
    }

    @Test
    void hearsNoAnswerToSomebodyElse() throws InterruptedException {
        assertThat(found(
                        at("192.168.1.20", ID, "http://192.168.1.20/"),
                        Answer.of("192.168.1.21", "no document"),
                        Answer.of("192.168.1.22", "<a/>")))
                .isEmpty();
    }

    @Test
    void oneAloneDoesNotFillTheList() throws InterruptedException {
        network.answers(id -> IntStream.range(0, 100)
                .mapToObj(i -> at("192.168.1.20", id, "http://192.168.1.20:" + (8_000 + i) + "/"))
                .toList());
        assertThat(search.search()).hasSize(DeviceSearch.MOST_AT_ONE);
    }

    @Test
    void tenThousandAreTooMany() throws InterruptedException {
        AtomicInteger heard = new AtomicInteger();
        Discovery crowd = (question, taker) -> {
            String id = new String(question, StandardCharsets.UTF_8).replaceAll("(?s).*uuid:([0-9a-f-]{36}).*", "$1");
            for (int i = 0; i < 10_000; i++) {
                String sender = "10.0." + (i >> 8) + "." + (i & 0xff);
                heard.incrementAndGet();
                Answer answer = at(sender, id, "http://" + sender + "/");
                if (!taker.take(answer.sender(), answer.content())) {
                    return;
                }
            }
        };
        assertThat(new DeviceSearch(crowd, guard).search()).hasSize(DeviceSearch.MOST_DEVICES);
        assertThat(heard).hasValue(DeviceSearch.MOST_DEVICES);
    }

    @FuzzTest
    void nothingBreaksIt(byte[] content) {
        search.read(ID, InetAddress.ofLiteral("192.168.1.20"), content).ifPresent(device -> {
            assertThat(device.service().getHost()).isEqualTo("192.168.1.20");
            assertThat(device.service().getScheme()).isIn("http", "https");
            assertThat(device.service().getRawUserInfo()).isNull();
            assertThat(device.name().codePointCount(0, device.name().length())).isLessThanOrEqualTo(Said.MOST);
        });
    }
}
