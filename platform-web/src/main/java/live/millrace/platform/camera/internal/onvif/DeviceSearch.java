// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import live.millrace.platform.engine.FetchedStreams;
import org.springframework.stereotype.Component;

/** Finds devices. What they say of themselves is believed as far as it is about themselves. Thread-safe. */
@Component
public class DeviceSearch {
    static final int MOST_DEVICES = 64;

    /** Devices at one address, each with its own port: nobody fills the list alone. */
    static final int MOST_AT_ONE = 4;

    /** Addresses that one says it has. */
    private static final int MOST_ADDRESSES = 8;

    /** Words that one says of itself. */
    private static final int MOST_SCOPES = 64;

    private static final String SCOPE = "onvif://www.onvif.org/";

    private final Discovery discovery;
    private final FetchedStreams guard;

    DeviceSearch(Discovery discovery, FetchedStreams guard) {
        this.discovery = discovery;
        this.guard = guard;
    }

    /** Asks who is there; those that answered, by their addresses. Blocks for some seconds. */
    public List<FoundDevice> search() throws InterruptedException {
        String id = UUID.randomUUID().toString();
        Map<URI, FoundDevice> found = new LinkedHashMap<>();
        Map<InetAddress, Integer> senders = new HashMap<>();
        discovery.ask(Envelopes.probe(id), (sender, content) -> {
            if (senders.getOrDefault(sender, 0) < MOST_AT_ONE) {
                read(id, sender, content)
                        .filter(device -> found.putIfAbsent(device.service(), device) == null)
                        .ifPresent(_ -> senders.put(sender, senders.getOrDefault(sender, 0) + 1));
            }
            return found.size() < MOST_DEVICES;
        });
        return found.values().stream()
                .sorted(Comparator.comparing(FoundDevice::service, DeviceSearch::compare))
                .toList();
    }

    private static int compare(URI one, URI other) {
        int hosts = Arrays.compareUnsigned(
                InetAddress.ofLiteral(one.getHost()).getAddress(),
                InetAddress.ofLiteral(other.getHost()).getAddress());
        return hosts == 0 ? one.compareTo(other) : hosts;
    }

    /** What somebody answered; empty where that is no device, elsewhere, or an answer to somebody else. */
    Optional<FoundDevice> read(String id, InetAddress sender, byte[] content) {
        Element answer;
        try {
            answer = Answers.read(content);
        } catch (OnvifException malformed) {
            return Optional.empty();
        }
        if (!answer.at("RelatesTo").toLowerCase(Locale.ROOT).endsWith(id)) {
            return Optional.empty();
        }
        return answer.all("ProbeMatch")
                .limit(MOST_AT_ONE)
                .flatMap(match -> device(sender, match).stream())
                .findFirst();
    }

    private Optional<FoundDevice> device(InetAddress sender, Element match) {
        // Certificates of cameras are their own, so that without encryption they are reached more often.
        return words(match.at("XAddrs"), MOST_ADDRESSES)
                .flatMap(said -> DeviceAddresses.service(said, sender.getHostAddress()).stream())
                .filter(service -> guard.neighbour(DeviceAddresses.socket(service)))
                .min(Comparator.comparing(URI::getScheme))
                .map(service -> new FoundDevice(service, scope(match, "name/"), scope(match, "hardware/")));
    }

    private static Stream<String> words(String said, int most) {
        return Arrays.stream(said.split("\\s+", most + 1)).limit(most).filter(word -> !word.isEmpty());
    }

    /** ONVIF Core 7.3.2.2. */
    private static String scope(Element match, String kind) {
        return words(match.at("Scopes"), MOST_SCOPES)
                .filter(word -> word.startsWith(SCOPE + kind))
                .map(word -> Said.clean(decoded(word.substring(SCOPE.length() + kind.length()))))
                .filter(word -> !word.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String decoded(String word) {
        try {
            return URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unencoded) {
            return word;
        }
    }
}
