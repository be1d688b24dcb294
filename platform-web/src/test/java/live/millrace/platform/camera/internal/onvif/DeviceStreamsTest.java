// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import live.millrace.platform.camera.CameraSearch.Failure;
import live.millrace.platform.camera.FakeStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device is asked what it sends, and may answer anything. */
class DeviceStreamsTest {
    private final FakeStreams guard = new FakeStreams();
    private final DeviceStreams streams = new DeviceStreams(new DeviceCalls(guard), Clock.systemUTC());
    private final DeviceStreams hasty =
            new DeviceStreams(new DeviceCalls(guard, Duration.ofSeconds(2)), Clock.systemUTC());
    private FakeDevice device;

    @BeforeEach
    void device() throws Exception {
        device = new FakeDevice();
    }

    @AfterEach
    void close() {
        device.close();
    }

    private List<DeviceStreams.Stream> asked(DeviceStreams by) throws OnvifException, InterruptedException {
        return by.of(device.uri("/onvif/device_service"), FakeDevice.USER, FakeDevice.PASSWORD);
    }

    private void fails(DeviceStreams by, Failure why) {
        assertThatThrownBy(() -> asked(by))
                .isInstanceOfSatisfying(
                        OnvifException.class,
                        failed -> assertThat(failed.failure()).isEqualTo(why));
    }

    @Test
    void saysWhatItSendsAndWhere() throws Exception {
        assertThat(asked(streams))
                .containsExactly(
                        new DeviceStreams.Stream(
                                "mainStream", "1920 × 1080", "H.264", "rtsp://127.0.0.1:8554/stream1?a=b"),
                        new DeviceStreams.Stream("sub&1", "640 × 360", "H.265", "rtsp://127.0.0.1:8554/stream1?a=b"));
        assertThat(device.asked())
                .containsExactly(
                        "GetSystemDateAndTime", "GetCapabilities", "GetProfiles", "GetStreamUri", "GetStreamUri");
    }

    @ParameterizedTest
    @ValueSource(longs = {-20_000, -1, 3, 400_000})
    void speaksInTheTimeOfTheDevice(long hours) throws Exception {
        device.ahead(Duration.ofHours(hours));
        assertThat(asked(streams)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<UTCDateTime/>",
                "<UTCDateTime><Time><Hour>25</Hour><Minute>0</Minute><Second>0</Second></Time><Date><Year>2026</Year><Month>1</Month>"
                        + "<Day>1</Day></Date></UTCDateTime>",
                "<UTCDateTime><Time><Hour>1</Hour><Minute>0</Minute><Second>0</Second></Time><Date><Year>999999999</Year><Month>1</Month>"
                        + "<Day>1</Day></Date></UTCDateTime>"
            })
    void takesOurTimeWhereItHasNone(String time) throws Exception {
        device.says("GetSystemDateAndTime", time);
        assertThat(asked(streams)).hasSize(2);
    }

    @Test
    void aWrongLoginIsTriedOnce() {
        assertThatThrownBy(() -> streams.of(device.uri("/"), FakeDevice.USER, "wrong"))
                .isInstanceOfSatisfying(
                        OnvifException.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Failure.WRONG_LOGIN));
        assertThat(device.asked()).containsExactly("GetSystemDateAndTime", "GetCapabilities");
        assertThatThrownBy(() -> streams.of(device.uri("/"), "", ""))
                .isInstanceOfSatisfying(
                        OnvifException.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Failure.WRONG_LOGIN));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void soIsOneThatIsRefusedByHttp(int status) {
        device.answers("GetProfiles", exchange -> FakeDevice.send(exchange, status, ""));
        fails(streams, Failure.WRONG_LOGIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.168.1.1/onvif/media",
                "http://localhost:1/media",
                "file:///etc/passwd",
                "http://127.0.0.1.example.org/",
                ""
            })
    void isNotSentToAnother(String media) throws Exception {
        device.says("GetCapabilities", "<Media><XAddr>" + media + "</XAddr></Media>");
        assertThat(asked(streams)).hasSize(2);
    }

    @Test
    void asksTheGuardEachTime() {
        guard.neighbours(address -> address.getPort() != 9);
        device.says(
                "GetCapabilities", "<Capabilities><Media><XAddr>http://127.0.0.1:9/</XAddr></Media></Capabilities>");
        fails(streams, Failure.UNREACHABLE);
        guard.neighbours(_ -> false);
        fails(streams, Failure.UNREACHABLE);
        assertThat(device.asked()).containsExactly("GetSystemDateAndTime", "GetCapabilities");
    }

    @ParameterizedTest
    @CsvSource({
        "rtsp://127.0.0.1/1, rtsp://127.0.0.1/1",
        "RTSPS://camera:322/1, rtsps://127.0.0.1:322/1",
        "rtsp://admin:secret@10.0.0.1/1, rtsp://127.0.0.1/1",
        "rtsp://10.0.0.1?x@evil.example/1, rtsp://127.0.0.1/?x@evil.example/1",
        "rtsp://10.0.0.1, rtsp://127.0.0.1/",
        "rtsp://[fe80::1]:554/a b, rtsp://127.0.0.1:554/a%20b",
        "rtsp://0.0.0.0:554/live/ch0#x, rtsp://127.0.0.1:554/live/ch0",
    })
    void theStreamIsAtTheDeviceWhateverItSays(String said, String address) throws Exception {
        device.says("GetStreamUri", "<MediaUri><Uri>" + said + "</Uri></MediaUri>");
        assertThat(asked(streams)).extracting(DeviceStreams.Stream::address).containsExactly(address, address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://127.0.0.1/1",
                "file:///etc/passwd",
                "rtsp:///1",
                "rtsp://127.0.0.1:99999/",
                "rtsp://a b/"
            })
    void whatIsNoStreamIsNone(String said) {
        device.says("GetStreamUri", "<MediaUri><Uri>" + said + "</Uri></MediaUri>");
        fails(streams, Failure.NO_PROFILE);
    }

    @Test
    void hasNoProfile() {
        device.says("GetProfiles", "");
        fails(streams, Failure.NO_PROFILE);
        device.says("GetProfiles", FakeDevice.profile("x".repeat(200), "long", "H264", 1, 1));
        fails(streams, Failure.NO_PROFILE);
    }

    @Test
    void asksForNoMoreProfilesThanPeopleRead() throws Exception {
        device.says(
                "GetProfiles",
                IntStream.range(0, 200)
                        .mapToObj(i -> FakeDevice.profile("t" + i, "n" + i, "H264", 640, 360))
                        .collect(Collectors.joining()));
        assertThat(asked(streams)).hasSize(DeviceStreams.MOST_PROFILES);
    }

    @Test
    void oneProfileThatFailsIsLeftOut() throws Exception {
        device.answers(
                "GetStreamUri",
                exchange -> FakeDevice.send(
                        exchange,
                        device.asked().size() > 4 ? 200 : 500,
                        device.asked().size() > 4
                                ? "<MediaUri><Uri>rtsp://127.0.0.1/2</Uri></MediaUri>"
                                : "<e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code></e:Fault>"));
        assertThat(asked(streams)).extracting(DeviceStreams.Stream::name).containsExactly("sub&1");
    }

    @Test
    void anAnswerIsBounded() {
        device.answers("GetProfiles", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = " ".repeat(64 << 10).getBytes(StandardCharsets.UTF_8);
            OutputStream body = exchange.getResponseBody();
            for (int i = 0; i < 1_000; i++) {
                body.write(spaces);
            }
        });
        fails(streams, Failure.UNREACHABLE);
    }

    @Test
    void whoDripsIsLeft() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        device.answers("GetCapabilities", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            try {
                while (!never.await(20, TimeUnit.MILLISECONDS)) {
                    body.write(' ');
                    body.flush();
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            } finally {
                left.countDown();
            }
        });
        fails(hasty, Failure.UNREACHABLE);
        assertThat(left.await(30, TimeUnit.SECONDS)).as("the connection ends").isTrue();
    }

    @Test
    void nobodyIsFollowedElsewhere() {
        device.answers("GetProfiles", exchange -> {
            exchange.getResponseHeaders().add("Location", device.uri("/else").toString());
            FakeDevice.send(exchange, 307, "");
        });
        fails(streams, Failure.PROTOCOL);
        assertThat(device.asked()).hasSize(3);
    }

    @Test
    void whoIsGoneIsUnreachable() {
        URI at = device.uri("/");
        device.close();
        assertThatThrownBy(() -> streams.of(at, "", ""))
                .isInstanceOfSatisfying(
                        OnvifException.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Failure.UNREACHABLE));
    }

    @Test
    void whoSaysSomethingElseIsNoDevice() {
        device.answers("GetProfiles", exchange -> {
            byte[] page = "<!DOCTYPE html><p>Router".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        });
        fails(streams, Failure.PROTOCOL);
    }
}
