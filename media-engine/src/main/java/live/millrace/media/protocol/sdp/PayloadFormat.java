// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.sdp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a payload type stands for: {@code rtpmap} and {@code fmtp} (RFC 8866 §6.6, §6.15), or what RFC 3551 says of it.
 *
 * @param payloadType 0 to 127
 * @param encoding its registered name; compared without case
 * @param clockRate of the media clock in Hz, more than 0
 * @param channels of sound; 1 when nothing is said
 * @param parameters of {@code fmtp}, their names in small letters
 */
public record PayloadFormat(
        int payloadType, String encoding, int clockRate, int channels, Map<String, String> parameters) {
    /** Codecs have a dozen; of more, the rest is not read. */
    private static final int MAX_PARAMETERS = 64;

    public PayloadFormat {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** Whether it is the encoding of that name. */
    public boolean isCalled(String name) {
        return encoding.equalsIgnoreCase(name);
    }

    /** A parameter by its name in small letters; empty when it is not there, or holds nothing. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    /** A parameter that is a number; the usual value when it is not there, or none. */
    public int number(String name, int usual) {
        try {
            return parameter(name).map(Integer::parseInt).orElse(usual);
        } catch (NumberFormatException e) {
            return usual;
        }
    }

    /** A payload type that RFC 3551 gives a meaning without {@code rtpmap}. */
    static Optional<PayloadFormat> ofStaticType(int payloadType) {
        return switch (payloadType) {
            case 0 -> known(payloadType, "PCMU", 8_000, 1);
            case 3 -> known(payloadType, "GSM", 8_000, 1);
            case 8 -> known(payloadType, "PCMA", 8_000, 1);
            case 9 -> known(payloadType, "G722", 8_000, 1); // §4.5.2: the clock of a mistake that was kept
            case 10 -> known(payloadType, "L16", 44_100, 2);
            case 11 -> known(payloadType, "L16", 44_100, 1);
            case 14 -> known(payloadType, "MPA", 90_000, 1);
            case 26 -> known(payloadType, "JPEG", 90_000, 1);
            case 32 -> known(payloadType, "MPV", 90_000, 1);
            case 33 -> known(payloadType, "MP2T", 90_000, 1);
            default -> Optional.empty();
        };
    }

    private static Optional<PayloadFormat> known(int payloadType, String encoding, int clockRate, int channels) {
        return Optional.of(new PayloadFormat(payloadType, encoding, clockRate, channels, Map.of()));
    }

    /** Writes its lines {@code a=rtpmap} and {@code a=fmtp}. */
    public void write(StringBuilder out) {
        out.append("a=rtpmap:").append(payloadType).append(' ').append(encoding);
        out.append('/').append(clockRate);
        if (channels != 1) {
            out.append('/').append(channels);
        }
        out.append("\r\n");
        if (!parameters.isEmpty()) {
            out.append("a=fmtp:").append(payloadType);
            char separator = ' ';
            for (Map.Entry<String, String> parameter : parameters.entrySet()) {
                out.append(separator).append(parameter.getKey());
                if (!parameter.getValue().isEmpty()) {
                    out.append('=').append(parameter.getValue());
                }
                separator = ';';
            }
            out.append("\r\n");
        }
    }

    /** Parameters behind the payload type: {@code name=value} between semicolons; a value may hold more signs of equality. */
    static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String each : text.split(";", MAX_PARAMETERS + 1)) {
            if (parameters.size() == MAX_PARAMETERS) {
                break;
            }
            int equals = each.indexOf('=');
            String name =
                    (equals < 0 ? each : each.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty()) {
                parameters.put(
                        name, equals < 0 ? "" : each.substring(equals + 1).strip());
            }
        }
        return parameters;
    }
}
