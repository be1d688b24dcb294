// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads session descriptions (RFC 8866). Lines of a kind that we do not know, or that say nonsense, are passed over: cameras write much that
 * no grammar has, and what is left mostly plays.
 */
public final class SdpParser {
    /** Characters of a description. */
    public static final int MAX_LENGTH = 64 << 10;

    /** Characters of a line: parameter sets of H.265 have some hundred. */
    private static final int MAX_LINE = 4 << 10;

    private static final int MAX_MEDIA = 32;
    private static final int MAX_FORMATS = 64;

    /** Of a medium, or of the session. */
    private static final int MAX_ATTRIBUTES = 256;

    private static final int MAX_CLOCK_RATE = 1_000_000;
    private static final int MAX_CHANNELS = 64;
    private static final Set<String> DIRECTIONS = Set.of("sendrecv", "recvonly", "sendonly", "inactive");

    private String name = "";
    private List<SdpAttribute> sessionAttributes = List.of();
    private final List<MediaDescription> media = new ArrayList<>();

    // of the medium that is being read
    private List<SdpAttribute> attributes = new ArrayList<>();
    private @Nullable String mediaLine;

    private SdpParser() {}

    /**
     * Reads a description.
     *
     * @throws MalformedSdpException if it is none, or larger than we take
     */
    public static SessionDescription parse(String text) {
        return new SdpParser().read(text);
    }

    private SessionDescription read(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new MalformedSdpException("a session description of " + text.length() + " characters");
        }
        boolean first = true;
        for (String line : text.split("\\r?\\n|\\r", -1)) {
            if (line.length() > MAX_LINE) {
                throw new MalformedSdpException("a line of " + line.length() + " characters");
            }
            if (line.length() < 2 || line.charAt(1) != '=') {
                continue;
            }
            if (first && line.charAt(0) != 'v') {
                break;
            }
            first = false;
            line(line.charAt(0), line.substring(2).strip());
        }
        if (first) {
            throw new MalformedSdpException("a session description starts with v=");
        }
        endOfMedium();
        return new SessionDescription(name, without(sessionAttributes, DIRECTIONS), media);
    }

    private void line(char kind, String value) {
        switch (kind) {
            case 's' -> name = mediaLine == null ? value : name;
            case 'm' -> {
                endOfMedium();
                if (media.size() == MAX_MEDIA) {
                    throw new MalformedSdpException("more than " + MAX_MEDIA + " media");
                }
                mediaLine = value;
            }
            case 'a' -> {
                if (attributes.size() == MAX_ATTRIBUTES) {
                    throw new MalformedSdpException("more than " + MAX_ATTRIBUTES + " attributes");
                }
                int colon = value.indexOf(':');
                attributes.add(
                        colon < 0
                                ? new SdpAttribute(value, "")
                                : new SdpAttribute(
                                        value.substring(0, colon).strip(),
                                        value.substring(colon + 1).strip()));
            }
            default -> {
                // origin, times, addresses, bandwidths: RTSP says them in its own words
            }
        }
    }

    private void endOfMedium() {
        String line = mediaLine;
        if (line == null) {
            sessionAttributes = attributes;
        } else {
            media.add(medium(line));
        }
        attributes = new ArrayList<>();
    }

    /** §5.14: kind, port, protocol, payload types. */
    private MediaDescription medium(String line) {
        String[] words = line.split("\\s+", -1);
        if (words.length < 3) {
            throw new MalformedSdpException("a medium without a protocol");
        }
        if (words.length - 3 > MAX_FORMATS) {
            throw new MalformedSdpException("more than " + MAX_FORMATS + " formats");
        }
        int slash = words[1].indexOf('/');
        Map<Integer, String> maps = byPayloadType("rtpmap");
        Map<Integer, String> parameters = byPayloadType("fmtp");
        List<PayloadFormat> formats = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (int i = 3; i < words.length; i++) {
            int payloadType = number(words[i], 127);
            if (!seen.add(payloadType)) {
                continue; // said already, and read
            }
            format(payloadType, maps.get(payloadType), parameters.getOrDefault(payloadType, ""))
                    .ifPresent(formats::add);
        }
        SdpDirection direction = SdpDirection.find(attributes)
                .or(() -> SdpDirection.find(sessionAttributes))
                .orElse(SdpDirection.SENDRECV);
        return new MediaDescription(
                words[0],
                Math.max(0, number(slash < 0 ? words[1] : words[1].substring(0, slash), 65_535)),
                words[2],
                formats,
                direction,
                without(without(attributes, DIRECTIONS), Set.of("rtpmap", "fmtp")));
    }

    private static List<SdpAttribute> without(List<SdpAttribute> attributes, Set<String> names) {
        return attributes.stream().filter(each -> !names.contains(each.name())).toList();
    }

    private Map<Integer, String> byPayloadType(String attribute) {
        Map<Integer, String> values = new HashMap<>();
        for (SdpAttribute each : attributes) {
            if (each.name().equals(attribute)) {
                String[] words = each.value().split("\\s+", 2);
                values.put(number(words[0], 127), words.length < 2 ? "" : words[1]);
            }
        }
        return values;
    }

    private static Optional<PayloadFormat> format(int payloadType, @Nullable String map, String parameters) {
        if (payloadType < 0) {
            return Optional.empty();
        }
        if (map != null) {
            String[] parts = map.strip().split("/", -1);
            int clockRate = parts.length < 2 ? -1 : number(parts[1].strip(), MAX_CLOCK_RATE);
            if (clockRate > 0 && !parts[0].isBlank()) {
                int channels = parts.length < 3 ? 1 : Math.max(1, number(parts[2].strip(), MAX_CHANNELS));
                return Optional.of(new PayloadFormat(
                        payloadType, parts[0].strip(), clockRate, channels, PayloadFormat.parameters(parameters)));
            }
        }
        return PayloadFormat.ofStaticType(payloadType);
    }

    /** A number from 0 to a largest one; −1 when it is none. */
    private static int number(String text, int largest) {
        try {
            int number = Integer.parseInt(text);
            return number < 0 || number > largest ? -1 : number;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
