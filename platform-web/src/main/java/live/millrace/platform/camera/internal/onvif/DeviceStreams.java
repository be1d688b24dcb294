// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.camera.CameraSearch.Failure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks a device what it sends: for its clock, its media service, its profiles, and the address of each. Thread-safe. */
@Component
public class DeviceStreams {
    /**
     * What a device sends.
     *
     * @param name as it calls it; never empty
     * @param resolution for people; empty where it does not say
     * @param codec for people; empty where it does not say
     * @param address at the device itself, without a login
     */
    public record Stream(String name, String resolution, String codec, String address) {}

    /** For all questions together: people wait. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Profiles that are asked for: two of each channel of a recorder with sixteen. */
    static final int MOST_PROFILES = 32;

    /** Characters of the name that a device has for a profile (ONVIF Core, ReferenceToken: 64). */
    private static final int MOST_TOKEN = 128;

    private static final int FIRST_YEAR = 1_970;
    private static final int LAST_YEAR = 9_999;

    private static final String TIME = """
            <GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>""";

    private static final String CAPABILITIES = """
            <GetCapabilities xmlns="http://www.onvif.org/ver10/device/wsdl"><Category>Media</Category></GetCapabilities>""";

    private static final String PROFILES = """
            <GetProfiles xmlns="http://www.onvif.org/ver10/media/wsdl"/>""";

    private final DeviceCalls calls;
    private final Clock clock;

    DeviceStreams(DeviceCalls calls, Clock clock) {
        this.calls = calls;
        this.clock = clock;
    }

    /** One device that is asked. */
    private final class Conversation {
        private final URI device;
        private final String user;
        private final String password;
        private final long end = System.nanoTime() + PATIENCE.toNanos();
        private Duration ahead = Duration.ZERO;

        Conversation(URI device, String user, String password) {
            this.device = device;
            this.user = user;
            this.password = password;
        }

        private Element ask(URI service, String body) throws OnvifException, InterruptedException {
            return calls.call(service, Envelopes.request(token(), body), end);
        }

        private @Nullable UsernameToken token() {
            return user.isEmpty()
                    ? null
                    : UsernameToken.of(user, password, clock.instant().plus(ahead));
        }

        /** Cameras without a network of time live in years of their own, and refuse who does not. Nobody needs to log in for it. */
        void learnClock() throws OnvifException, InterruptedException {
            try {
                Element answer = calls.call(device, Envelopes.request(null, TIME), end);
                ahead = time(answer)
                        .map(time -> Duration.between(clock.instant(), time))
                        .orElse(Duration.ZERO);
            } catch (OnvifException failed) {
                // Some want a login even for this: theirs may be right.
                if (failed.failure() == Failure.UNREACHABLE) {
                    throw failed;
                }
            }
        }

        /** Where media are asked for: the device's own service where it does not say, or says that it is elsewhere. */
        URI media() throws OnvifException, InterruptedException {
            try {
                return DeviceAddresses.service(
                                ask(device, CAPABILITIES).at("Capabilities", "Media", "XAddr"), device.getHost())
                        .orElse(device);
            } catch (OnvifException failed) {
                if (failed.failure() == Failure.PROTOCOL) {
                    return device;
                }
                throw failed;
            }
        }

        List<Stream> streams(URI media) throws OnvifException, InterruptedException {
            List<Element> profiles = ask(media, PROFILES)
                    .all("Profiles")
                    .filter(profile -> !profile.attribute("token").isEmpty()
                            && profile.attribute("token").length() <= MOST_TOKEN)
                    .limit(MOST_PROFILES)
                    .toList();
            List<Stream> streams = new ArrayList<>();
            Optional<OnvifException> last = Optional.empty();
            for (Element profile : profiles) {
                try {
                    stream(media, profile).ifPresent(streams::add);
                } catch (OnvifException failed) {
                    last = Optional.of(failed);
                    // Nobody waits for one after the other that does not come, and three wrong logins lock some
                    // cameras.
                    if (failed.failure() != Failure.PROTOCOL) {
                        break;
                    }
                }
            }
            if (streams.isEmpty()) {
                throw last.orElseGet(() -> new OnvifException(Failure.NO_PROFILE, "no profile"));
            }
            return streams;
        }

        private Optional<Stream> stream(URI media, Element profile) throws OnvifException, InterruptedException {
            String token = profile.attribute("token");
            String question = """
                    <GetStreamUri xmlns="http://www.onvif.org/ver10/media/wsdl" xmlns:t="http://www.onvif.org/ver10/schema"><StreamSetup>\
                    <t:Stream>RTP-Unicast</t:Stream><t:Transport><t:Protocol>RTSP</t:Protocol></t:Transport></StreamSetup>\
                    <ProfileToken>%s</ProfileToken></GetStreamUri>""".formatted(Envelopes.text(token));
            String said = ask(media, question).at("Uri");
            String called = Said.clean(profile.child("Name"));
            String name = called.isEmpty() ? Said.clean(token) : called;
            return DeviceAddresses.stream(said, device.getHost())
                    .map(address -> new Stream(
                            name.isEmpty() ? address : name,
                            Said.resolution(
                                    profile.at("VideoEncoderConfiguration", "Resolution", "Width"),
                                    profile.at("VideoEncoderConfiguration", "Resolution", "Height")),
                            Said.codec(profile.at("VideoEncoderConfiguration", "Encoding")),
                            address));
        }
    }

    /**
     * Asks a device. Blocks for some seconds.
     *
     * @param user empty for none
     * @return at least one
     */
    public List<Stream> of(URI device, String user, String password) throws OnvifException, InterruptedException {
        Conversation conversation = new Conversation(device, user, password);
        conversation.learnClock();
        return conversation.streams(conversation.media());
    }

    /** ONVIF Device Management, GetSystemDateAndTime: the time is of UTC. */
    private static Optional<Instant> time(Element answer) {
        try {
            int year = number(answer, "Date", "Year");
            return year < FIRST_YEAR || year > LAST_YEAR
                    ? Optional.empty()
                    : Optional.of(LocalDateTime.of(
                                    year,
                                    number(answer, "Date", "Month"),
                                    number(answer, "Date", "Day"),
                                    number(answer, "Time", "Hour"),
                                    number(answer, "Time", "Minute"),
                                    Math.min(59, number(answer, "Time", "Second")))
                            .toInstant(ZoneOffset.UTC));
        } catch (NumberFormatException | DateTimeException none) {
            return Optional.empty();
        }
    }

    private static int number(Element answer, String part, String unit) {
        return Integer.parseInt(answer.at("UTCDateTime", part, unit));
    }
}
